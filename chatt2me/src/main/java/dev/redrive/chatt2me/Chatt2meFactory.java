package dev.redrive.chatt2me;

import dev.redrive.http.ClientFactory;

/** Makes {@link Chatt2meClient}s from settings in text. */
public final class Chatt2meFactory extends ClientFactory<Chatt2meClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public Chatt2meFactory() {
    super(Chatt2meClient::builder, Chatt2meClient.Builder::build);
  }
}
