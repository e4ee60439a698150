package dev.redrive.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.TimeSource;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.CatchUps.Turn;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The gauges that read the ledger. */
class LedgerGaugesTest extends MetricsFixture {
  private static final Account OTHER = new Account("voiso", "gone", Account.Identity.AT_PROVIDER);

  private final AtomicInteger readings = new AtomicInteger();
  private final AtomicBoolean isDown = new AtomicBoolean();
  private final AtomicBoolean isForgotten = new AtomicBoolean();

  /** The ledger, whose readings are counted, and which can fail. */
  private RetryLedger watched() {
    LedgerAdmin admin =
        proxy(
            LedgerAdmin.class,
            ledger.admin(),
            () -> {
              readings.incrementAndGet();
              if (isDown.get()) {
                throw new LedgerException("The server is gone", null);
              }
            });
    return (RetryLedger)
        Proxy.newProxyInstance(
            RetryLedger.class.getClassLoader(),
            new Class<?>[] {RetryLedger.class},
            (proxy, method, arguments) ->
                method.getName().equals("admin") ? admin : method.invoke(ledger, arguments));
  }

  private static <T> T proxy(Class<T> type, T to, Runnable before) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              before.run();
              try {
                return method.invoke(to, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** Reads all gauges, as a scrape does. */
  private List<Double> scrape() {
    return registry.getMeters().stream()
        .filter(Gauge.class::isInstance)
        .map(gauge -> ((Gauge) gauge).value())
        .toList();
  }

  private Turn begin(Account account, String name, String run, Instant from) {
    return ledger
        .catchUps()
        .begin(account, name, run, from, LedgerRun.LONGEST_SILENCE)
        .orElseThrow();
  }

  private Account sales() {
    return Account.of(client);
  }

  private double age() {
    return gauge("redrive.catchup.age", "provider", "chatt2me", "account", "sales");
  }

  @Test
  void theBacklog_isWhatIsNotDelivered() {
    watch();
    fake.failures(20);
    fake.endpoint().flapping(0.3, 500);
    var report = recover();
    time.advance(Duration.ofMinutes(2));

    assertThat(gauge("redrive.backlog", "account", "sales", "state", "failed_again"))
        .isEqualTo(report.counts().failedAgain())
        .isPositive();
    assertThat(gauge("redrive.backlog", "account", "sales", "state", "found"))
        .isEqualTo(report.counts().notSent());
    assertThat(scrape()).doesNotContain((double) report.counts().delivered());
  }

  @Test
  void aScrape_readsTheLedgerOnce_andTheNextOnesNotAtAll() {
    metrics.watch(watched(), List.of(client));
    assertThat(readings).hasValue(0);

    assertThat(scrape()).hasSizeGreaterThan(6);
    assertThat(readings).hasValue(1);
    time.advance(Duration.ofSeconds(59));
    scrape();
    assertThat(readings).hasValue(1);
    time.advance(Duration.ofSeconds(1));
    scrape();
    assertThat(readings).hasValue(2);
  }

  @Test
  void aLedgerThatIsDown_failsNoScrape_andIsAskedAsSeldom() {
    metrics.watch(watched(), List.of(client));
    scrape();
    isDown.set(true);
    time.advance(Duration.ofMinutes(1));

    assertThat(scrape()).isNotEmpty().allMatch(value -> value.isNaN());
    assertThat(readings).hasValue(2);
    scrape();
    assertThat(readings).hasValue(2);

    isDown.set(false);
    time.advance(Duration.ofMinutes(1));
    assertThat(scrape()).isNotEmpty().noneMatch(value -> value.isNaN());
  }

  @Test
  void theAge_growsBetweenReadings_andEndsWithTheWindow() {
    watch();
    Instant now = TimeSource.system().now();
    Turn turn = begin(sales(), "", "run-1", now.minusSeconds(600));
    assertThat(age()).isCloseTo(600, within(30.0));
    double first = age();

    time.advance(Duration.ofSeconds(30));
    assertThat(age() - first).isEqualTo(30);

    ledger.catchUps().end(turn, now);
    time.advance(Duration.ofSeconds(30));
    assertThat(age()).isBetween(0.0, 30.0);
  }

  @Test
  void theAge_ofAnAccountWithoutAWindow_isThatOfTheProcess() {
    watch();
    assertThat(age()).isZero();
    time.advance(Duration.ofHours(1));
    assertThat(age()).isEqualTo(3600);
  }

  @Test
  void theAge_isThatOfTheWindowThatIsFurthestBehind_andItsFilterIsNoTag() {
    watch();
    Instant now = TimeSource.system().now();
    begin(sales(), "webhook=hook-1", "run-1", now.minusSeconds(5_000));
    begin(sales(), "webhook=hook-2", "run-2", now.minusSeconds(50));

    assertThat(age()).isCloseTo(5_000, within(30.0));
    assertThat(tags("redrive.")).noneMatch(tag -> tag.getValue().contains("hook-"));
  }

  @Test
  void anAccountThatOnlyTheLedgerKnows_isShown_untilItIsForgotten() {
    Instant now = TimeSource.system().now();
    Turn turn = begin(OTHER, "", "run-1", now.minusSeconds(9_000));
    ledger.catchUps().end(turn, null);
    RetryLedger empty = JdbcLedger.openInMemory();
    metrics.watch(
        (RetryLedger)
            Proxy.newProxyInstance(
                RetryLedger.class.getClassLoader(),
                new Class<?>[] {RetryLedger.class},
                (proxy, method, arguments) ->
                    method.invoke(isForgotten.get() ? empty : ledger, arguments)),
        List.of(client));
    scrape();

    assertThat(gauge("redrive.catchup.age", "provider", "voiso", "account", "gone"))
        .isCloseTo(9_000, within(30.0));
    assertThat(gauge("redrive.backlog", "account", "gone", "state", "found")).isZero();
    assertThat(registry.find("redrive.expiring").tags("account", "gone").gauge()).isNull();

    isForgotten.set(true);
    time.advance(Duration.ofMinutes(1));
    scrape();
    assertThat(tags("redrive.")).noneMatch(tag -> tag.getValue().equals("gone"));
    assertThat(age()).isEqualTo(60);
  }

  @Test
  void whatExpires_isShown_whereItIsDocumented() {
    WebhookRetryClient baanx =
        ProviderFactory.named("baanx")
            .create(
                ProviderSettings.none()
                    .with(ProviderSetting.API_KEY, "key")
                    .with(ProviderSetting.BASE_URL, "https://baanx.example.com")
                    .with(ProviderSetting.ACCOUNT, "cards"));
    try (baanx) {
      metrics.watch(ledger, List.of(client, baanx));
      Duration retention = baanx.traits().retention();
      assertThat(gauge("redrive.expiring", "account", "cards")).isZero();
      assertThat(registry.find("redrive.expiring").tags("account", "sales").gauges())
          .hasSize(client.traits().retention() == null ? 0 : 1);

      admit(Account.of(baanx), retention.minus(Duration.ofHours(1)));
      assertThat(gauge("redrive.expiring", "account", "cards")).isZero();
      time.advance(Duration.ofMinutes(1));
      assertThat(gauge("redrive.expiring", "account", "cards")).isEqualTo(1);
    }
  }

  private void admit(Account account, Duration age) {
    ledger.begin(new LedgerRun("run-1", List.of(account), TimeSource.system().now()));
    var key = new DeliveryKey(account.provider(), account.name(), "one");
    ledger.admit(
        "run-1",
        account,
        List.of(
            FailedDelivery.of(
                WebhookLog.builder(key, DeliveryStatus.FAILED)
                    .createdAt(TimeSource.system().now().minus(age))
                    .build())),
        RetryLedger.Round.FIRST);
  }

  @Test
  void aLedgerThatFailsInAnotherWay_failsNoScrape() {
    metrics.watch(
        (RetryLedger)
            Proxy.newProxyInstance(
                RetryLedger.class.getClassLoader(),
                new Class<?>[] {RetryLedger.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("closed");
                }),
        List.of(client));

    assertThat(scrape()).isNotEmpty().allMatch(value -> value.isNaN());
    assertThat(registry.getMeters()).extracting(Meter::getId).isNotEmpty();
  }
}
