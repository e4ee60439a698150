package dev.redrive.demo;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.Providers;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fake providers on the loopback address after an outage of the receiver: it is up again, but for a
 * few events that it cannot take yet; the providers still retry some by themselves; and some of
 * their answers to retry requests are lost on the way, after the work was done.
 */
final class World implements AutoCloseable {
  private static final String ACCOUNT = "demo";
  private static final int STILL_TRYING = 3;
  private static final int BAD_EVENT = 422;
  private static final int OK = 200;

  /** One of so many answers to retry requests is lost. */
  static final int LOST = 10;

  private static final Duration SHORTEST_OUTAGE = Duration.ofMinutes(50);
  private static final Duration LATENCY = Duration.ofMillis(10);
  private static final Duration DELIVERY_TIME = Duration.ofMillis(300);

  /** Of the others, a fake tells at once that a retry has failed again. */
  private static final Duration LONGEST_OUTCOME = Duration.ofMinutes(15);

  /** The fakes answer within milliseconds: what is not there after this will not come. */
  private static final String LONGEST_ANSWER = "3s";

  private final List<Fake> fakes = new ArrayList<>();

  /** Starts them, each with so many failures that are to be recovered. */
  World(List<ProviderFactory> providers, int failures, long seed) {
    for (ProviderFactory provider : providers) {
      FakeProviderFactory factory = FakeProviderFactory.of(provider.name());
      FakeProvider server = start(factory, seed, outage(providers.indexOf(provider)));
      List<String> refused = refuseSome(server, server.failures(failures));
      server.stillTrying(STILL_TRYING);
      server.faults().on(Operation.RETRY).every(LOST).inject(Fault.lostAnswer());
      fakes.add(new Fake(provider, server, settings(provider, factory.settings(server)), refused));
    }
  }

  /** Those that have a fake, and of which an outcome is known soon. */
  static List<ProviderFactory> providers() {
    return Providers.ALL.stream()
        .filter(
            provider ->
                FakeProviderFactory.all().stream()
                    .filter(fake -> fake.variant().isEmpty())
                    .filter(fake -> fake.provider().equals(provider.name()))
                    .anyMatch(fake -> isToldSoon(provider, fake)))
        .toList();
  }

  /** Where a provider repeats a failed retry by itself for long, the demo would last as long. */
  private static boolean isToldSoon(ProviderFactory provider, FakeProviderFactory factory) {
    try (FakeProvider server = factory.start(builder -> {});
        WebhookRetryClient client = provider.create(settings(provider, factory.settings(server)))) {
      return client.traits().mostOutcomeTime().compareTo(LONGEST_OUTCOME) <= 0;
    }
  }

  List<Fake> fakes() {
    return fakes;
  }

  /** A client for each; the caller closes them. */
  List<WebhookRetryClient> connect() {
    return fakes.stream().map(fake -> fake.provider().create(fake.settings())).toList();
  }

  /** Runs {@code hook} at each retry request. */
  void onRetry(Runnable hook) {
    fakes.forEach(fake -> fake.server().onRequest(Operation.RETRY, hook));
  }

  /** How many events the receiver cannot take yet. */
  int refused() {
    return fakes.stream().mapToInt(fake -> fake.refused().size()).sum();
  }

  /** Lets the receiver take every event. */
  void fixReceiver() {
    fakes.forEach(fake -> fake.refused().forEach(id -> fake.server().endpoint().answer(id, OK)));
  }

  /** Lets the providers make the retries that they make by themselves, and tells what arrived. */
  List<Arrivals> arrivals() {
    return fakes.stream().map(Fake::arrivals).toList();
  }

  /** The same over all providers. */
  Arrivals total() {
    return arrivals().stream().reduce(Arrivals.NONE, Arrivals::plus);
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
  record Fake(
      ProviderFactory provider,
      FakeProvider server,
      ProviderSettings settings,
      List<String> refused) {
    /** What the obvious loop calls; null if nobody wrote it for this provider. */
    @Nullable VendorApi vendorApi() {
      return VendorApi.of(provider.name(), settings).orElse(null);
    }

    private Arrivals arrivals() {
      server.settle();
      server.finishTrying();
      return new Arrivals(
          server.endpoint().deliveredMoreThanOnce().size(),
          server.endpoint().neverDelivered().size());
    }
  }

  /**
   * What a receiver saw, by its own record.
   *
   * @param twice events that it took more than once
   * @param never events that it never took
   */
  record Arrivals(int twice, int never) {
    static final Arrivals NONE = new Arrivals(0, 0);

    Arrivals plus(Arrivals other) {
      return new Arrivals(twice + other.twice, never + other.never);
    }

    boolean isExact() {
      return twice + never == 0;
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

  private static ProviderSettings settings(ProviderFactory provider, ProviderSettings fake) {
    ProviderSettings settings = fake.with(ProviderSetting.ACCOUNT, ACCOUNT);
    for (String limit : List.of("requestTimeout", "settleTime")) {
      settings = settings.with(limit, provider.takes(limit) ? LONGEST_ANSWER : null);
    }
    return settings;
  }

  /** Outages of different lengths, so that there is something to see. */
  private static Duration outage(int index) {
    return SHORTEST_OUTAGE.plusMinutes(15L * (index % 4));
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
}
