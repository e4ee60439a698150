package dev.redrive.chatt2me;

import dev.redrive.http.ClientFactory;

/** Creates {@link Chatt2meClient}s from text settings. */
public final class Chatt2meFactory extends ClientFactory<Chatt2meClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public Chatt2meFactory() {
    super(Chatt2meClient::builder, Chatt2meClient.Builder::build);
  }
}
