package dev.redrive.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Operation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** A whole application over HTTP, in the Spring Boot of the starter that extends it. */
abstract class ApplicationContract {
  private static final String KEY = "a-very-secret-key";
  private static final String PASSWORD = "a-very-secret-word";
  private static final int FAILURES = 40;

  private final FakeChatt2me fake = FakeChatt2me.builder().apiKey(KEY).start();
  private ConfigurableApplicationContext application;

  @AfterEach
  void close() {
    if (application != null) {
      application.close();
    }
    fake.close();
  }

  private void start(String database, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.datasource.url=" + Postgres.newUrl(database),
                "--spring.datasource.hikari.maximum-pool-size=9",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.health.show-details=always",
                "--management.endpoint.env.show-values=always",
                "--management.endpoint.configprops.show-values=always",
                "--redrive.chatt2me.accounts.sales.api-key=${SALES_KEY}",
                "--redrive.chatt2me.accounts.sales.base-url=" + fake.baseUrl(),
                "--redrive.ledger.password=" + PASSWORD));
    arguments.addAll(List.of(more));
    var spring = new SpringApplication(Application.class);
    spring.addInitializers(
        context ->
            context
                .getEnvironment()
                .getPropertySources()
                .addLast(new MapPropertySource("vault", Map.of("SALES_KEY", KEY))));
    application = spring.run(arguments.toArray(String[]::new));
  }

  @Configuration
  @EnableAutoConfiguration
  static class Application {
    @Bean
    Delivered delivered() {
      return new Delivered();
    }
  }

  /** Waits for the deliveries that the catch-up recovers. */
  static final class Delivered implements RecoveryListener {
    private final CountDownLatch left = new CountDownLatch(FAILURES);

    @Override
    public void onOutcome(LedgerEntry delivery) {
      if (delivery.state() == DeliveryState.DELIVERED) {
        left.countDown();
      }
    }
  }

  private String get(String path) throws Exception {
    String port = application.getEnvironment().getProperty("local.server.port");
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + path))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  @Test
  void whatFailed_isDeliveredOnce_andShown() throws Exception {
    catchUp("caught_up", "--redrive.catch-up.every=1s");

    assertThat(get("redrive")).contains("\"ledger\":\"in the given data source\"");
    assertThat(get("metrics/redrive.deliveries?tag=outcome:delivered"))
        .contains("\"value\":" + FAILURES + ".0");
    assertThat(get("metrics/redrive.catchup.age")).contains("\"baseUnit\":\"seconds\"");
    assertThat(get("metrics/redrive.backlog")).contains("\"value\":0.0");
    assertThat(get("metrics")).contains("redrive.requests", "redrive.pauses", "redrive.recovery");
  }

  @Test
  void whatFailed_isDeliveredOnce_withALedgerInAFile(@TempDir Path folder) throws Exception {
    catchUp(
        "beside_a_file",
        "--redrive.catch-up.every=50ms",
        "--redrive.ledger.url=" + folder.resolve("ledger.db"));

    assertThat(get("redrive")).contains("ledger.db");
  }

  private void catchUp(String database, String... more) throws Exception {
    fake.failures(FAILURES);
    fake.endpoint().up();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--redrive.catch-up.enabled=true", "--redrive.catch-up.from=2020-01-01T00:00:00Z"));
    arguments.addAll(List.of(more));
    start(database, arguments.toArray(String[]::new));

    assertThat(application.getBean(Delivered.class).left.await(1, TimeUnit.MINUTES)).isTrue();
    application.getBean("redriveCatchUpSchedule", Lifecycle.class).stop();

    assertThat(fake.endpoint().delivered()).isEqualTo(FAILURES);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(get("redrive"))
        .contains(
            "\"provider\":\"chatt2me\"",
            "\"configured\":true",
            "\"backlog\":{}",
            "\"completeUntil\":\"20");
    assertThat(get("health/redrive")).contains("\"status\":\"UP\"", "completeUntil");
  }

  @Test
  void actuator_asksNoProvider() throws Exception {
    start("asked");
    long requests = fake.requestCount();

    assertThat(get("health/redrive")).contains("\"status\":\"UP\"");
    assertThat(get("redrive")).contains("\"windows\":[]");
    assertThat(fake.requestCount()).isEqualTo(requests).isZero();
  }

  @Test
  void secrets_areMasked_evenWhereValuesAreShown() throws Exception {
    start(
        "masked",
        "--redrive.chatt2me.accounts.other.account=other",
        "--redrive.chatt2me.accounts.other.api-key=short");

    for (String path :
        List.of("env", "configprops", "env/SALES_KEY", "redrive", "health", "beans")) {
      assertThat(get(path)).as(path).doesNotContain(KEY, PASSWORD, "\"short\"");
    }
    assertThat(get("env"))
        .contains("redrive.chatt2me.accounts.sales.api-key", "SALES_KEY", fake.baseUrl());
    assertThat(get("configprops"))
        .contains("\"redrive-dev.redrive.spring.RedriveProperties\"", "PT30M");
  }

  @Test
  void aRoundInProgress_isStopped_beforeTheApplicationEnds() throws Exception {
    fake.failures(FAILURES);
    fake.endpoint().up();
    var isSending = new CountDownLatch(1);
    fake.onRequest(Operation.RETRY, isSending::countDown);
    start(
        "stopped",
        "--redrive.catch-up.enabled=true",
        "--redrive.catch-up.from=2020-01-01T00:00:00Z",
        "--redrive.catch-up.every=1s",
        "--redrive.recovery.max-rate=1",
        "--redrive.recovery.canary=1");
    assertThat(isSending.await(1, TimeUnit.MINUTES)).isTrue();

    application.close();

    assertThat(fake.endpoint().delivered()).isLessThan(FAILURES);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("redrive-catch-up"));
  }
}
