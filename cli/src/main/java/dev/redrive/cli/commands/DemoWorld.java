package dev.redrive.cli.commands;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.Providers;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fake providers on the loopback address after an outage of the receiver: it is up again, but for a
 * few events that it cannot take yet, and the providers still retry some by themselves.
 */
public final class DemoWorld implements AutoCloseable {
  private static final String ACCOUNT = "demo";
  private static final int STILL_TRYING = 3;
  private static final int BAD_EVENT = 422;
  private static final int OK = 200;
  private static final Duration SHORTEST_OUTAGE = Duration.ofMinutes(50);
  private static final Duration LATENCY = Duration.ofMillis(40);
  private static final Duration DELIVERY_TIME = Duration.ofMillis(300);

  private final List<Fake> fakes = new ArrayList<>();

  /** Starts them, each with so many failures that are to be recovered. */
  public DemoWorld(Iterable<ProviderFactory> providers, int failures, long seed) {
    for (ProviderFactory provider : providers) {
      FakeProviderFactory factory = FakeProviderFactory.of(provider.name());
      FakeProvider fake = start(factory, seed, outage(provider));
      List<String> refused = refuseSome(fake, fake.failures(failures));
      fake.stillTrying(STILL_TRYING);
      fakes.add(
          new Fake(
              provider,
              fake,
              factory.settings(fake).with(ProviderSetting.ACCOUNT, ACCOUNT),
              refused));
    }
  }

  /** Those that have a fake. */
  public static List<ProviderFactory> providers() {
    Set<String> faked =
        FakeProviderFactory.all().stream()
            .map(FakeProviderFactory::provider)
            .collect(Collectors.toSet());
    return Providers.ALL.stream().filter(provider -> faked.contains(provider.name())).toList();
  }

  /** A client for each; the caller closes them. */
  public List<WebhookRetryClient> connect() {
    return fakes.stream().map(Fake::connect).toList();
  }

  /** How many events the receiver cannot take yet. */
  public long refused() {
    return fakes.stream().mapToLong(fake -> fake.refused().size()).sum();
  }

  /** Lets the receiver take every event. */
  public void fixReceiver() {
    fakes.forEach(fake -> fake.refused().forEach(id -> fake.server().endpoint().answer(id, OK)));
  }

  /** Lets the providers make the retries that they make by themselves, and tells what arrived. */
  public List<Account> accounts() {
    return fakes.stream().map(Fake::account).toList();
  }

  @Override
  public void close() {
    fakes.forEach(fake -> fake.server().close());
  }

  /**
   * One provider.
   *
   * @param settings where and as whom to connect
   * @param refused the events that the receiver cannot take yet
   */
  private record Fake(
      ProviderFactory provider,
      FakeProvider server,
      ProviderSettings settings,
      List<String> refused) {
    WebhookRetryClient connect() {
      return provider.create(settings);
    }

    Account account() {
      server.finishTrying();
      return new Account(
          provider.displayName(),
          server.requestCount(Operation.RETRY),
          server.endpoint().resends(),
          server.endpoint().deliveredMoreThanOnce().size(),
          server.endpoint().neverDelivered().size());
    }
  }

  /** Spread over the outage, none among the oldest, which the canary takes. */
  private static List<String> refuseSome(FakeProvider fake, List<String> failures) {
    List<String> some = new ArrayList<>();
    for (int third = 1; third <= 2 && failures.size() >= 20; third++) {
      String id = failures.get(failures.size() * third / 3);
      fake.endpoint().answer(id, BAD_EVENT);
      some.add(id);
    }
    return some;
  }

  /** Outages of different lengths, so that there is something to see. */
  private static Duration outage(ProviderFactory provider) {
    return SHORTEST_OUTAGE.plusMinutes(15L * (Providers.ALL.indexOf(provider) % 4));
  }

  private static FakeProvider start(FakeProviderFactory factory, long seed, Duration outage) {
    return factory.start(
        builder ->
            builder
                .seed(seed)
                .window(outage)
                .latency(LATENCY)
                .asyncDelay(DELIVERY_TIME)
                // A delivery that shows by absence alone would take a minute more.
                .showsDelivered(true));
  }

  /**
   * What a receiver saw, by its own account.
   *
   * @param provider the provider's name for people
   * @param requests retry requests that reached the provider
   * @param resends deliveries that they caused
   * @param twice events that it took more than once
   * @param never events that it never took
   */
  public record Account(String provider, long requests, long resends, int twice, int never) {}
}
