package dev.redrive.onlyoffice;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;

/** Makes {@link OnlyOfficeClient}s from settings in text. */
public final class OnlyOfficeFactory extends ClientFactory<OnlyOfficeClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public OnlyOfficeFactory() {
    super(OnlyOfficeClient::builder, OnlyOfficeClient.Builder::build);
    takesNumber(
        ProviderSetting.optional(
            "batchSize", "Deliveries in one bulk retry at the most. Default: 500."),
        OnlyOfficeClient.Builder::batchSize);
    takes(
        ProviderSetting.optional(
            "withoutRateLimits",
            "Whether the portal limits no requests. Default: false.",
            "true",
            "false"),
        (builder, value) -> {
          if (Boolean.parseBoolean(value)) {
            builder.withoutRateLimits();
          }
        });
  }
}
