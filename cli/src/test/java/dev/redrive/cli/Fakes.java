package dev.redrive.cli;

import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;

/** The fake of each provider, as the tests of all commands need it. */
public final class Fakes {
  private Fakes() {}

  public static FakeProvider start(String provider) {
    return FakeProviderFactory.of(provider).start(builder -> builder.showsDelivered(true));
  }
}
