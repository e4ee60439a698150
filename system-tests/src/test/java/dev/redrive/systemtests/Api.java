package dev.redrive.systemtests;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSettings;
import dev.redrive.ProviderTraits;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** An API that Redrive speaks: of whichever providers there are, with its fake and its client. */
final class Api {
  private static final List<Api> ALL = FakeProviderFactory.all().stream().map(Api::new).toList();

  private final FakeProviderFactory fakes;

  private Api(FakeProviderFactory fakes) {
    this.fakes = fakes;
  }

  static List<Api> all() {
    return ALL;
  }

  /** By {@link #name}. */
  static Api named(String name) {
    return ALL.stream().filter(api -> api.name().equals(name)).findFirst().orElseThrow();
  }

  /** The provider's name, and the variant's if it is one. */
  String name() {
    return fakes.variant().isEmpty() ? provider() : provider() + "-" + fakes.variant();
  }

  String provider() {
    return fakes.provider();
  }

  FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
    return fakes.start(settings);
  }

  /** Where a fake is, and what its client needs. */
  ProviderSettings settings(FakeProvider fake) {
    return fakes.settings(fake);
  }

  WebhookRetryClient connect(ProviderSettings settings) {
    return ProviderFactory.named(provider()).create(settings);
  }

  ProviderTraits traits() {
    try (FakeProvider fake = start(settings -> {});
        WebhookRetryClient client = connect(settings(fake))) {
      return client.traits();
    }
  }

  /** Settings as an argument of a process. */
  static String argument(ProviderSettings settings) {
    return settings.names().stream()
        .map(name -> name + "=" + settings.get(name))
        .collect(Collectors.joining(" "));
  }

  /** What {@link #argument} made. */
  static ProviderSettings settings(String argument) {
    return ProviderSettings.of(
        Arrays.stream(argument.split(" "))
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1])));
  }

  @Override
  public String toString() {
    return name();
  }
}
