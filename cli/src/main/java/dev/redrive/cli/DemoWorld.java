package dev.redrive.cli;

import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fake providers on the loopback address after an outage of the receiver: it is up again, but for a
 * few events that it cannot take yet, and the providers still retry some by themselves.
 */
final class DemoWorld implements AutoCloseable {
  private static final String ACCOUNT = "demo";
  private static final int STILL_TRYING = 3;
  private static final int BAD_EVENT = 422;
  private static final int OK = 200;
  private static final Duration LATENCY = Duration.ofMillis(40);
  private static final Duration DELIVERY_TIME = Duration.ofMillis(300);

  private final List<Fake> fakes = new ArrayList<>();

  /** Starts them, each with so many failures that are to be recovered. */
  DemoWorld(Iterable<Provider> providers, int failures, long seed) {
    for (Provider provider : providers) {
      FakeProvider fake = start(provider, seed);
      List<String> refused = refuseSome(fake, fake.failures(failures));
      fake.stillTrying(STILL_TRYING);
      fakes.add(new Fake(provider, fake, refused));
    }
  }

  /** A client for each; the caller closes them. */
  List<WebhookRetryClient> connect() {
    return fakes.stream().map(Fake::connect).toList();
  }

  /** How many events the receiver cannot take yet. */
  long refused() {
    return fakes.stream().mapToLong(fake -> fake.refused().size()).sum();
  }

  /** Lets the receiver take every event. */
  void fixReceiver() {
    fakes.forEach(fake -> fake.refused().forEach(id -> fake.server().endpoint().answer(id, OK)));
  }

  /** Lets the providers make the retries that they make by themselves, and tells what arrived. */
  List<Account> accounts() {
    return fakes.stream().map(Fake::account).toList();
  }

  @Override
  public void close() {
    fakes.forEach(fake -> fake.server().close());
  }

  /**
   * One provider.
   *
   * @param refused the events that the receiver cannot take yet
   */
  private record Fake(Provider provider, FakeProvider server, List<String> refused) {
    WebhookRetryClient connect() {
      return provider.connect(
          new Provider.Connection(
              server.apiKey(),
              server.baseUrl(),
              ACCOUNT,
              null,
              null,
              Provider.Connection.USUAL_CONCURRENCY));
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
  private static FakeProvider start(Provider provider, long seed) {
    return switch (provider) {
      case CHATT2ME -> common(FakeChatt2me.builder(), seed, 95).start();
      case BAANX -> common(FakeBaanx.builder(), seed, 70).start();
      case ONLYOFFICE -> common(FakeOnlyOffice.builder(), seed, 80).start();
      // Otherwise a delivery shows by absence alone, a minute later.
      case VOISO -> common(FakeVoiso.builder(), seed, 50).showsDelivered(true).start();
    };
  }

  private static <B extends FakeProvider.Builder<B>> B common(B builder, long seed, int minutes) {
    return builder
        .seed(seed)
        .window(Duration.ofMinutes(minutes))
        .latency(LATENCY)
        .asyncDelay(DELIVERY_TIME);
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
  record Account(String provider, long requests, long resends, int twice, int never) {}
}
