package dev.redrive.onlyoffice;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;

/** Creates {@link OnlyOfficeClient}s from text settings. */
public final class OnlyOfficeFactory extends ClientFactory<OnlyOfficeClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public OnlyOfficeFactory() {
    super(OnlyOfficeClient::builder, OnlyOfficeClient.Builder::build);
    takesNumber(
        ProviderSetting.optional(
            "batchSize", "The most deliveries in one bulk retry. Default: 500."),
        OnlyOfficeClient.Builder::batchSize);
    takes(
        ProviderSetting.optional(
            "withoutRateLimits",
            "Whether the portal has no limits on requests. Default: false.",
            "true",
            "false"),
        (builder, value) -> {
          if (Boolean.parseBoolean(value)) {
            builder.withoutRateLimits();
          }
        });
  }
}
