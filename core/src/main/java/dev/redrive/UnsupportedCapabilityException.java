package dev.redrive;

/** The provider's API cannot do it; {@link ProviderTraits#capabilities()} tells beforehand. */
public final class UnsupportedCapabilityException extends RedriveException {
  private static final long serialVersionUID = 1L;

  private final Capability capability;

  public UnsupportedCapabilityException(String provider, Capability capability) {
    super(
        FailedCall.withoutAnswer(
            provider, capability.description(), "the API of this provider cannot do it"),
        "Look at traits().capabilities() first.",
        false,
        null);
    this.capability = capability;
  }

  public Capability capability() {
    return capability;
  }
}
