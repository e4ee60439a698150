package dev.redrive.baanx;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;
import java.util.List;

/** Makes {@link BaanxClient}s from settings in text. */
public final class BaanxFactory extends ClientFactory<BaanxClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public BaanxFactory() {
    super(BaanxClient::builder, BaanxClient.Builder::build);
    takes(
        new ProviderSetting(
            "clientKey",
            "The key of the partner's client, sent as x-client-key. Default: not sent.",
            false,
            true,
            List.of()),
        BaanxClient.Builder::clientKey);
    takes(
        ProviderSetting.optional(
            "usEnvironment",
            "Whether to talk to Baanx's US environment, sent as x-us-env. Default: not sent.",
            "true",
            "false"),
        (builder, value) -> builder.usEnvironment(Boolean.parseBoolean(value)));
  }
}
