package dev.redrive.chatt2me;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;

/** Makes {@link Chatt2meClient}s from settings in text. */
public final class Chatt2meFactory extends ClientFactory<Chatt2meClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public Chatt2meFactory() {
    super(Chatt2meClient::builder, Chatt2meClient.Builder::build);
    takes(
        ProviderSetting.optional(
            ProviderSetting.WEBHOOK_ID,
            "The UUID of the one webhook to list. Default: all of the application."),
        Chatt2meClient.Builder::webhookId);
  }
}
