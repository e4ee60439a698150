package dev.redrive.baanx;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;
import java.util.List;

/** Creates {@link BaanxClient}s from text settings. */
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
            "Whether to use Baanx's US environment, sent as x-us-env. Default: not sent.",
            "true",
            "false"),
        (builder, value) -> builder.usEnvironment(Boolean.parseBoolean(value)));
  }
}
