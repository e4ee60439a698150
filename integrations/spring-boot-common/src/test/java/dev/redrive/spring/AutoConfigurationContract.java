package dev.redrive.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.RequestListener;
import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.micrometer.RedriveMetrics;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What the properties do, in the Spring Boot of the starter that extends it. */
abstract class AutoConfigurationContract {
  private static final String KEY = "a-very-secret-key";
  private static final String SALES = "redrive.chatt2me.accounts.sales.";

  @TempDir Path folder;

  private ApplicationContextRunner runner;

  /** The configuration of health, which is the starter's own. */
  abstract Class<?> healthConfiguration();

  @BeforeEach
  void makeRunner() {
    runner =
        new ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    ClientsAutoConfiguration.class,
                    RecoveryAutoConfiguration.class,
                    CatchUpAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    ActuatorAutoConfiguration.class,
                    healthConfiguration()))
            .withPropertyValues("management.endpoints.web.exposure.include=*");
  }

  private ApplicationContextRunner withAccount() {
    return runner.withPropertyValues(SALES + "api-key=" + KEY);
  }

  private ApplicationContextRunner withLedger() {
    return withAccount().withPropertyValues("redrive.ledger.url=" + file());
  }

  private Path file() {
    return folder.resolve("ledger.db");
  }

  // Clients.

  @Test
  void withoutAnAccount_nothingIsThere() {
    runner
        .withPropertyValues("redrive.ledger.url=" + file())
        .run(
            context -> {
              assertThat(context)
                  .hasNotFailed()
                  .doesNotHaveBean(WebhookRetryClient.class)
                  .doesNotHaveBean(RetryLedger.class)
                  .doesNotHaveBean(RedriveEndpoint.class)
                  .doesNotHaveBean("redriveHealthIndicator");
              assertThat(file()).doesNotExist();
            });
  }

  @Test
  void eachAccount_isAClient() {
    withAccount()
        .withPropertyValues(
            "redrive.chatt2me.accounts.support.api-key=another",
            "redrive.chatt2me.accounts.support.account=support",
            "redrive.onlyoffice.accounts.portal.api-key=third",
            "redrive.onlyoffice.accounts.portal.base-url=https://portal.example.com")
        .run(
            context ->
                assertThat(context.getBeansOfType(WebhookRetryClient.class).entrySet())
                    .extracting(
                        Map.Entry::getKey,
                        client -> client.getValue().traits().provider(),
                        client -> client.getValue().account())
                    .containsExactlyInAnyOrder(
                        tuple("chatt2me.sales", "chatt2me", vendor()),
                        tuple("chatt2me.support", "chatt2me", "support"),
                        tuple("onlyoffice.portal", "onlyoffice", "portal.example.com")));
  }

  /** The account without a name of its own: that of the command line, too. */
  private static String vendor() {
    try (WebhookRetryClient client = client(ProviderSettings.none())) {
      return client.account();
    }
  }

  private static WebhookRetryClient client(ProviderSettings settings) {
    return ProviderFactory.named("chatt2me").create(settings.with(ProviderSetting.API_KEY, KEY));
  }

  @Test
  void variables_configureAnAccount() {
    runner
        .withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .replace(
                        "systemEnvironment",
                        new SystemEnvironmentPropertySource(
                            "systemEnvironment",
                            Map.of(
                                "REDRIVE_ONLYOFFICE_ACCOUNTS_PORTAL_APIKEY", KEY,
                                "REDRIVE_ONLYOFFICE_ACCOUNTS_PORTAL_BASEURL",
                                    "https://portal.example.com",
                                // Of the command line.
                                "REDRIVE_API_KEY", "other",
                                "REDRIVE_LEDGER", file().toString(),
                                "REDRIVE_CONFIG", "/etc/redrive/config.toml"))))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasBean("onlyoffice.portal");
              assertThat(context.getBean(RetryLedger.class).admin().contents().name())
                  .isEqualTo(file().toString());
            });
  }

  @Test
  void aBeanOfTheSameName_isTakenInstead() {
    WebhookRetryClient own = client(ProviderSettings.none().with(ProviderSetting.ACCOUNT, "own"));
    withAccount()
        .withBean("chatt2me.sales", WebhookRetryClient.class, () -> own)
        .run(context -> assertThat(context.getBean(WebhookRetryClient.class)).isSameAs(own));
  }

  @Test
  void aCustomizer_changesTheSettings() {
    runner
        .withPropertyValues(SALES + "account=without-a-key")
        .withBean(
            ClientCustomizer.class,
            () ->
                (provider, name, settings) ->
                    settings
                        .with(ProviderSetting.API_KEY, KEY)
                        .with(ProviderSetting.ACCOUNT, provider + "/" + name))
        .run(
            context ->
                assertThat(context.getBean(WebhookRetryClient.class).account())
                    .isEqualTo("chatt2me/sales"));
  }

  @Test
  void anUnknownProvider_isRefused() {
    runner
        .withPropertyValues("redrive.chat2me.accounts.sales.api-key=" + KEY)
        .run(
            context ->
                assertThat(problem(context.getStartupFailure()))
                    .contains("unknown provider 'chat2me'", "chatt2me", "onlyoffice")
                    .doesNotContain(KEY));
  }

  @Test
  void wrongSettings_areAllNamed_withoutTheirValues() {
    runner
        .withPropertyValues(SALES + "apikee=" + KEY, SALES + "concurrency=many")
        .run(
            context ->
                assertThat(problem(context.getStartupFailure()))
                    .contains(
                        "redrive.chatt2me.accounts.sales",
                        "unknown setting 'apikee'",
                        "apiKey",
                        "concurrency is not a whole number")
                    .doesNotContain(KEY, "many"));
  }

  private static String problem(Throwable failure) {
    return Objects.requireNonNull(new RedriveFailureAnalyzer().analyze(failure)).getDescription();
  }

  // The ledger.

  @Test
  void theLedger_isAFile() {
    withLedger()
        .run(
            context -> {
              assertThat(context).hasSingleBean(RetryLedger.class);
              assertThat(file()).exists();
            });
  }

  @Test
  void theLedger_isInTheDataSource() {
    withAccount()
        .withBean(DataSource.class, () -> Postgres.newDatabase("autoconfiguration"))
        .run(
            context ->
                assertThat(context.getBean(RetryLedger.class).admin().contents().name())
                    .isEqualTo("in the given data source"));
  }

  @Test
  void theLedgerOfTheApplication_isTakenInstead() {
    RetryLedger own = JdbcLedger.openInMemory();
    withLedger()
        .withBean(RetryLedger.class, () -> own)
        .run(
            context -> {
              assertThat(context.getBean(RetryLedger.class)).isSameAs(own);
              assertThat(file()).doesNotExist();
            });
  }

  @Test
  void withoutAPlaceForTheLedger_thereAreClientsOnly() {
    withAccount()
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(WebhookRetryClient.class)
                    .doesNotHaveBean(RetryLedger.class)
                    .doesNotHaveBean(Recovery.Builder.class)
                    .doesNotHaveBean(RedriveEndpoint.class));
  }

  @Test
  void aLedgerThatCannotBeOpened_isExplained() throws IOException {
    Files.writeString(file(), "no database at all, but long enough to be taken for one".repeat(99));
    withLedger()
        .run(
            context -> {
              assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(Exception.class);
              var analysis = new RedriveFailureAnalyzer().analyze(context.getStartupFailure());
              assertThat(analysis.getCause()).isInstanceOf(LedgerException.class);
              assertThat(analysis.getDescription()).contains(file().toString());
              assertThat(analysis.getAction()).contains("redrive.ledger.url");
            });
  }

  @Test
  void properties_showNoPassword() {
    withAccount()
        .withPropertyValues(
            "redrive.ledger.url=" + file(), "redrive.ledger.password=a-very-secret-word")
        .run(
            context ->
                assertThat(context.getBean(RedriveProperties.class).toString())
                    .contains("redrive.ledger.url")
                    .doesNotContain("a-very-secret-word"));
  }

  // Recoveries.

  @Test
  void aRecovery_hasAllClientsAndListenersAndWhatCustomizersSay() {
    try (FakeChatt2me fake = FakeChatt2me.builder().apiKey(KEY).start()) {
      fake.failures(10);
      fake.endpoint().up();
      List<Phase> phases = new ArrayList<>();
      withLedger()
          .withPropertyValues(SALES + "base-url=" + fake.baseUrl())
          .withBean("failing", RecoveryListener.class, () -> new Failing())
          .withBean("recording", RecoveryListener.class, () -> new Recording(phases))
          .withBean(
              RecoveryCustomizer.class,
              () -> recovery -> recovery.alreadyProcessed(delivery -> true))
          .run(
              context -> {
                RecoveryReport report = context.getBean(Recovery.Builder.class).build().run();
                assertThat(report.counts().found()).isEqualTo(10);
                assertThat(report.counts().delivered()).isZero();
                assertThat(phases).contains(Phase.COLLECTING);
                assertThat(context.getBean(Recovery.Builder.class))
                    .isNotSameAs(context.getBean(Recovery.Builder.class));
              });
    }
  }

  private record Recording(List<Phase> phases) implements RecoveryListener {
    @Override
    public void onPhase(Phase phase) {
      phases.add(phase);
    }
  }

  private record Failing() implements RecoveryListener {
    @Override
    public void onPhase(Phase phase) {
      throw new IllegalStateException("a listener that fails");
    }
  }

  // Catch-up.

  @Test
  void catchUp_isOff() {
    withLedger()
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(Recovery.Builder.class)
                    .doesNotHaveBean(CatchUp.class)
                    .doesNotHaveBean(SmartLifecycle.class));
  }

  @Test
  void catchUp_isSwitchedOn() {
    try (FakeChatt2me fake = FakeChatt2me.builder().apiKey(KEY).start()) {
      withLedger()
          .withPropertyValues("redrive.catch-up.enabled=true", SALES + "base-url=" + fake.baseUrl())
          .run(
              context -> {
                assertThat(context.getBean(CatchUp.class).accounts())
                    .containsExactly(Account.of(context.getBean(WebhookRetryClient.class)));
                assertThat(context.getBean("redriveCatchUpSchedule", SmartLifecycle.class))
                    .returns(true, SmartLifecycle::isRunning);
              });
    }
  }

  @Test
  void aScheduleOfTheApplication_isTakenInstead() {
    SmartLifecycle own = new OwnSchedule();
    withLedger()
        .withPropertyValues("redrive.catch-up.enabled=true")
        .withBean("redriveCatchUpSchedule", SmartLifecycle.class, () -> own)
        .run(context -> assertThat(context.getBean(SmartLifecycle.class)).isSameAs(own));
  }

  private static final class OwnSchedule implements SmartLifecycle {
    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public boolean isRunning() {
      return false;
    }
  }

  @Test
  void aCustomizerOfTheCatchUp_isCalled() {
    withLedger()
        .withPropertyValues("redrive.catch-up.enabled=true")
        .withBean(CatchUpCustomizer.class, () -> catchUp -> catchUp.overlap(Duration.ofMinutes(-1)))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("must not be negative"));
  }

  @Test
  void catchUpWithoutAnAccount_isRefused() {
    runner
        .withPropertyValues("redrive.catch-up.enabled=true")
        .run(
            context ->
                assertThat(problem(context.getStartupFailure()))
                    .contains("redrive.catch-up.enabled", "no account"));
  }

  @Test
  void catchUpWithoutALedger_isRefused() {
    withAccount()
        .withPropertyValues("redrive.catch-up.enabled=true")
        .run(
            context ->
                assertThat(problem(context.getStartupFailure()))
                    .contains("redrive.catch-up.enabled", "no ledger", "redrive.ledger.url"));
  }

  @Test
  void catchUp_runsByDbScheduler_ifTheLedgerIsInTheDataSource() {
    DataSource source = Postgres.newDatabase("scheduled");
    catchUpIn(source)
        .run(
            context -> {
              assertThat(context.getBean("redriveCatchUpSchedule", SmartLifecycle.class))
                  .returns(true, SmartLifecycle::isRunning);
              assertThat(tasks(source)).isEqualTo(1);
            });
  }

  @Test
  void catchUpWithoutDbScheduler_runsByThreads() {
    DataSource source = Postgres.newDatabase("threads");
    catchUpIn(source)
        .withClassLoader(new FilteredClassLoader("dev.redrive.dbscheduler"))
        .run(
            context -> {
              assertThat(context.getBean("redriveCatchUpSchedule", SmartLifecycle.class))
                  .returns(true, SmartLifecycle::isRunning);
              assertThat(tasks(source)).isEqualTo(-1);
            });
  }

  private ApplicationContextRunner catchUpIn(DataSource source) {
    // Nobody is there, so that the rounds make no difference.
    return withAccount()
        .withPropertyValues("redrive.catch-up.enabled=true", SALES + "base-url=http://127.0.0.1:1/")
        .withBean(DataSource.class, () -> source);
  }

  /** How many tasks db-scheduler has; -1 without its table. */
  private static long tasks(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet table = statement.executeQuery("SELECT to_regclass('scheduled_tasks')")) {
      table.next();
      if (table.getString(1) == null) {
        return -1;
      }
      try (ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM scheduled_tasks")) {
        count.next();
        return count.getLong(1);
      }
    }
  }

  @Test
  void durationsOfAnAccount_areWrittenAsThoseOfSpring() {
    withAccount()
        .withPropertyValues(
            SALES + "request-timeout=500ms", SALES + "deadline=1d", SALES + "settle-time=PT2M")
        .run(context -> assertThat(context).hasNotFailed().hasBean("chatt2me.sales"));
  }

  // Metrics.

  @Test
  void metrics_areThere_withZero_fromTheStart() {
    withLedger()
        .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              assertThat(registry.get("redrive.deliveries").counters()).hasSize(4);
              assertThat(registry.get("redrive.backlog").gauges())
                  .isNotEmpty()
                  .allMatch(gauge -> gauge.value() == 0);
              assertThat(registry.get("redrive.catchup.age").gauge().value()).isNotNegative();
            });
  }

  @Test
  void metrics_ofClientsAndRecoveries_beside_ListenersOfTheApplication() {
    try (FakeChatt2me fake = FakeChatt2me.builder().apiKey(KEY).start()) {
      fake.failures(10);
      fake.endpoint().up();
      List<Phase> phases = new ArrayList<>();
      List<RequestListener.Request> requests = new CopyOnWriteArrayList<>();
      withLedger()
          .withPropertyValues(SALES + "base-url=" + fake.baseUrl())
          .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
          .withBean("recording", RecoveryListener.class, () -> new Recording(phases))
          .withBean(
              "requests",
              RequestListener.class,
              () ->
                  new RequestListener() {
                    @Override
                    public void onStart(Request request) {
                      requests.add(request);
                    }
                  })
          .run(
              context -> {
                context.getBean(Recovery.Builder.class).build().run();

                MeterRegistry registry = context.getBean(MeterRegistry.class);
                assertThat(
                        registry
                            .get("redrive.deliveries")
                            .tag("outcome", "delivered")
                            .counter()
                            .count())
                    .isEqualTo(10);
                assertThat(
                        registry.get("redrive.requests").timers().stream()
                            .mapToLong(Timer::count)
                            .sum())
                    .isEqualTo(fake.requestCount());
                assertThat(requests).hasSize((int) fake.requestCount());
                assertThat(phases).contains(Phase.DONE);
              });
    }
  }

  @Test
  void withoutARegistry_withoutAnAccount_orWithoutTheModule_thereAreNoMetrics() {
    withLedger()
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedriveMetrics.class));
    runner
        .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RedriveMetrics.class));
    withLedger()
        .withBean("registry", Object.class, Object::new)
        .withClassLoader(new FilteredClassLoader("dev.redrive.micrometer", "io.micrometer"))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(Recovery.Builder.class)
                    .doesNotHaveBean(RequestListener.class));
  }

  @Test
  void metricsOfTheApplication_areTakenInstead() {
    var registry = new SimpleMeterRegistry();
    RedriveMetrics own = RedriveMetrics.builder(registry).build();
    withLedger()
        .withBean(SimpleMeterRegistry.class, () -> registry)
        .withBean(RedriveMetrics.class, () -> own)
        .run(
            context -> {
              assertThat(context.getBean(RedriveMetrics.class)).isSameAs(own);
              assertThat(registry.get("redrive.backlog").gauges()).isNotEmpty();
            });
  }

  @Test
  void metricsWithoutALedger_areThoseOfTheClients() {
    withAccount()
        .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(RedriveMetrics.class);
              assertThat(context.getBean(MeterRegistry.class).find("redrive.backlog").gauges())
                  .isEmpty();
            });
  }

  // Actuator.

  @Test
  void healthAndEndpoint_areThere() {
    withLedger()
        .run(
            context ->
                assertThat(context)
                    .hasBean("redriveHealthIndicator")
                    .hasSingleBean(RedriveEndpoint.class));
  }

  @Test
  void healthAndEndpoint_canBeSwitchedOff() {
    withLedger()
        .withPropertyValues(
            "management.health.redrive.enabled=false", "management.endpoint.redrive.access=NONE")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean("redriveHealthIndicator")
                    .doesNotHaveBean(RedriveEndpoint.class));
  }

  @Test
  void theEndpoint_showsAccountsBeforeTheirFirstRound() {
    withLedger()
        .run(
            context -> {
              LedgerStatus.Status status = context.getBean(RedriveEndpoint.class).redrive();
              assertThat(status.ledger()).isEqualTo(file().toString());
              assertThat(status.accounts())
                  .containsExactly(
                      new LedgerStatus.AccountStatus(
                          "chatt2me", vendor(), true, Map.of(), List.of()));
            });
  }

  @Test
  void healthOfALedgerThatCannotBeRead_isDown() {
    RetryLedger closed = JdbcLedger.openInMemory();
    closed.close();
    withAccount()
        .withBean(RetryLedger.class, () -> closed)
        .run(
            context ->
                assertThat(
                        context
                            .getBean("redriveHealthIndicator")
                            .getClass()
                            .getMethod("health")
                            .invoke(context.getBean("redriveHealthIndicator"))
                            .toString())
                    .contains("DOWN"));
  }

  @Test
  void otherFailures_areLeftToOthers() {
    assertThat(new RedriveFailureAnalyzer().analyze(new IllegalStateException("other"))).isNull();
  }
}
