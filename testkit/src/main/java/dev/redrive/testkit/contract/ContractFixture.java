package dev.redrive.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * Starts the fake of a test and the clients of it, and closes them. A test class extends it and
 * picks the parts of the contract that it is tested against; {@link WebhookRetryClientContract} has
 * them all.
 */
public abstract class ContractFixture implements ContractPart {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-15T12:00:00Z"));
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Our clock and the provider's never agree. */
  private ManualTime time = ManualTime.of(clock).ahead(Duration.ofHours(3));

  private @Nullable FakeProvider fake;
  private @Nullable WebhookRetryClient client;

  /** For subclasses. */
  protected ContractFixture() {}

  /** Starts a fake of the provider with these settings. */
  protected abstract FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings);

  /** Builds a client of the provider with these settings: base URL, key, time and more. */
  protected abstract WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings);

  @AfterEach
  final void closeAll() throws Exception {
    Thread.interrupted();
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(ContractFixture::isStray))
        .as("threads that would keep a JVM alive")
        .isEmpty();
  }

  private static boolean isStray(Thread thread) {
    return !thread.isDaemon() && thread.getName().startsWith("redrive");
  }

  @Override
  public final MutableClock clock() {
    return clock;
  }

  @Override
  public final ManualTime time() {
    return time;
  }

  @Override
  public final void ourClockIsAhead(Duration by) {
    time = ManualTime.of(clock).ahead(by);
  }

  @Override
  public final FakeProvider fake() {
    return fake == null ? fake(settings -> {}) : fake;
  }

  @Override
  public final FakeProvider fake(Consumer<FakeProvider.Builder<?>> more) {
    fake = otherFake(more);
    client = null;
    return fake;
  }

  @Override
  public final FakeProvider otherFake(Consumer<FakeProvider.Builder<?>> more) {
    return closing(
        startFake(
            settings -> {
              settings.clock(clock);
              more.accept(settings);
            }));
  }

  @Override
  public final WebhookRetryClient client() {
    if (client == null) {
      client = client(settings -> {});
    }
    return client;
  }

  @Override
  public final WebhookRetryClient client(Consumer<ClientBuilder<?>> more) {
    return closing(
        connect(
            settings -> {
              settings
                  .baseUrl(fake().baseUrl())
                  .apiKey(apiKey(fake()))
                  .timeSource(time)
                  .requestTimeout(Duration.ofSeconds(10))
                  .maxResponseBytes(Trouble.LIMIT)
                  .maxAttempts(TRIES);
              more.accept(settings);
            }));
  }

  @Override
  public final <C extends AutoCloseable> C closing(C closeable) {
    opened.push(closeable);
    return closeable;
  }
}
