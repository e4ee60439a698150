package dev.redrive.cli;

import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;
import java.util.List;
import java.util.stream.Stream;

/** The fake of each provider, as the tests of all commands need it. */
public final class Fakes {
  private Fakes() {}

  public static FakeProvider start(String provider) {
    return FakeProviderFactory.of(provider).start(builder -> builder.showsDelivered(true));
  }

  /** The flags for what a client of the fake needs beside the base URL and the key. */
  public static List<String> flags(String provider, FakeProvider fake) {
    ProviderSettings settings = FakeProviderFactory.of(provider).settings(fake);
    return settings.names().stream()
        .filter(name -> !name.equals(ProviderSetting.BASE_URL))
        .filter(name -> !name.equals(ProviderSetting.API_KEY))
        .flatMap(name -> Stream.of("--setting", name + "=" + settings.get(name)))
        .toList();
  }
}
