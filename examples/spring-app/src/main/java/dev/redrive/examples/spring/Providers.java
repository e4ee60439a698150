package dev.redrive.examples.spring;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSettings;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The providers, which send events to the receiver all the time. They are fakes, over real HTTP.
 */
public class Providers implements AutoCloseable {
  /** Those whose clients are on the class path. */
  private static final Set<String> USED =
      ProviderFactory.all().stream().map(ProviderFactory::name).collect(Collectors.toSet());

  private final Map<String, FakeProvider> fakes = new TreeMap<>();
  private final Map<String, Object> properties = new TreeMap<>();

  private Providers() {}

  static Providers start() {
    var providers = new Providers();
    for (FakeProviderFactory factory : FakeProviderFactory.all()) {
      if (factory.variant().isEmpty() && USED.contains(factory.provider())) {
        providers.start(factory);
      }
    }
    return providers;
  }

  private void start(FakeProviderFactory factory) {
    FakeProvider fake = factory.start(settings -> {});
    fake.endpoint().up();
    fakes.put(factory.provider(), fake);
    ProviderSettings settings = factory.settings(fake);
    for (String name : settings.names()) {
      properties.put(
          "redrive." + factory.provider() + ".accounts.demo." + name, settings.get(name));
    }
  }

  /** Returns what an application would have in its configuration. */
  Map<String, Object> properties() {
    return properties;
  }

  /** Sends an event from each provider. */
  @Scheduled(fixedRate = 1000)
  public void send() {
    fakes.values().forEach(fake -> fake.traffic(1));
  }

  /** Makes the receiver answer, or refuse everything. */
  void receive(boolean isUp) {
    for (FakeProvider fake : fakes.values()) {
      if (isUp) {
        fake.endpoint().up();
      } else {
        fake.endpoint().down();
      }
    }
  }

  /**
   * The events of a provider.
   *
   * @param provider its id
   * @param delivered how many events arrived
   * @param missing how many did not arrive yet
   * @param twice how many arrived more than once
   */
  public record Events(String provider, long delivered, int missing, int twice) {}

  List<Events> events() {
    List<Events> events = new ArrayList<>();
    fakes.forEach(
        (provider, fake) ->
            events.add(
                new Events(
                    provider,
                    fake.endpoint().delivered(),
                    fake.endpoint().neverDelivered().size(),
                    fake.endpoint().deliveredMoreThanOnce().size())));
    return events;
  }

  @Override
  public void close() {
    fakes.values().forEach(FakeProvider::close);
  }
}
