package dev.redrive;

/**
 * The provider's API does not support the operation. Check {@link ProviderTraits#capabilities()}
 * first.
 */
public final class UnsupportedCapabilityException extends RedriveException {
  private static final long serialVersionUID = 1L;

  private final Capability capability;

  /** The provider, by its name as shown to people, lacks {@code capability}. */
  public UnsupportedCapabilityException(String provider, Capability capability) {
    super(
        FailedCall.withoutAnswer(
            provider, capability.description(), "the provider's API does not support it"),
        "Check traits().capabilities() first.",
        false,
        null);
    this.capability = capability;
  }

  /** Returns the missing capability. */
  public Capability capability() {
    return capability;
  }
}
