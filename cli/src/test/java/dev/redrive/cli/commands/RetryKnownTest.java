package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.RetryOutcome;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Fakes;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ToolFolder;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code retry} tells of deliveries that the ledger knows, and how it reads others. */
class RetryKnownTest {
  @TempDir private Path folder;
  private ToolFolder tool;

  @BeforeEach
  void tool() {
    tool = new ToolFolder(folder);
  }

  private RedriveJar.Result retry(String provider, FakeProvider fake, String... ids) {
    String[] command = new String[ids.length + 3];
    command[0] = "retry";
    command[1] = "--output";
    command[2] = "json";
    System.arraycopy(ids, 0, command, 3, ids.length);
    return tool.at(provider, fake, command);
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void theSecondTime_theLedgerAnswers_withoutAnyRequest(String provider) {
    try (FakeProvider fake = Fakes.start(provider)) {
      String id = fake.failures(3).get(1);
      fake.endpoint().up();
      RedriveJar.Result first = retry(provider, fake, id);
      assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(ExitCode.OK);
      long before = fake.requestCount();

      RedriveJar.Result second = retry(provider, fake, id);

      assertThat(second.exitCode()).isEqualTo(ExitCode.OK);
      JsonNode answer = second.json().get(0);
      assertThat(answer.get("result").asText()).isEqualTo("SKIPPED");
      assertThat(answer.get("outcome").asText()).isEqualTo("DELIVERED");
      assertThat(answer.get("reason").asText())
          .startsWith("not sent: the ledger says delivered at ");
      assertThat(fake.requestCount()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"baanx", "voiso"})
  void whereTheApiReadsById_nothingIsListed(String provider) {
    try (FakeProvider fake = Fakes.start(provider)) {
      List<String> ids = fake.failures(40);
      fake.endpoint().up();

      RedriveJar.Result result = retry(provider, fake, ids.get(3), ids.get(30), "nosuch");

      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json())
          .extracting(line -> line.get("result").asText())
          .containsExactly("ACCEPTED", "ACCEPTED", "NOT_FOUND");
      assertThat(result.json().get(2).get("reason").asText())
          .contains("the provider does not know this id");
      assertThat(fake.requestCount(Operation.LIST)).isZero();
      assertThat(fake.endpoint().resends()).isEqualTo(2);
    }
  }

  @Test
  void whatTheProviderShowsAsDelivered_isNotSent() {
    try (FakeProvider fake = Fakes.start("onlyoffice")) {
      String id = fake.successes(1).get(0);

      RedriveJar.Result result = retry("onlyoffice", fake, id);

      assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.OK);
      assertThat(result.json().get(0).get("reason").asText())
          .contains("the provider shows that it was delivered");
      assertThat(fake.endpoint().resends()).isZero();
    }
  }

  @Test
  void whatARunHasUnderWay_isNotSent_andTheRunIsNamed() {
    try (var fake = FakeChatt2me.start();
        RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "run-1", "one", "two");
      ToolFolder.send(ledger, "run-1");
      ToolFolder.claim(ledger, "run-1");

      RedriveJar.Result result = retry("chatt2me", fake, "one", "two");

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json())
          .allMatch(
              line ->
                  line.get("result").asText().equals("SKIPPED")
                      && line.get("outcome").asText().equals("PENDING")
                      && line.get("reason").asText().contains("run-1, which is alive"));
      assertThat(fake.requestCount()).isZero();
    }
  }

  @Test
  void whatIsUnknownForGood_isNotSent_andSaysHowToResolveIt() {
    try (var fake = FakeChatt2me.start()) {
      try (RetryLedger ledger = tool.ledger()) {
        ToolFolder.begin(ledger, "run-1", "one");
        ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.UNKNOWN);
        ToolFolder.finish(ledger, "run-1");
      }

      RedriveJar.Result result = retry("chatt2me", fake, "one");
      RedriveJar.Result table = tool.at("chatt2me", fake, "retry", "one");

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.json().get(0).get("outcome").asText()).isEqualTo("UNKNOWN");
      assertThat(table.err()).contains("redrive ledger resolve one --as delivered");
      assertThat(fake.requestCount()).isZero();
    }
  }

  @Test
  void whatAnEndedRunHasLeftUnderWay_isReadAndNotSentAgain() {
    try (var fake = FakeChatt2me.start()) {
      String id = fake.failures(2).get(0);
      fake.endpoint().up();
      try (RetryLedger ledger = tool.ledger();
          var client =
              dev.redrive.ProviderFactory.named("chatt2me")
                  .create(
                      dev.redrive.ProviderSettings.none()
                          .with(dev.redrive.ProviderSetting.BASE_URL, fake.baseUrl())
                          .with(dev.redrive.ProviderSetting.API_KEY, fake.apiKey())
                          .with(dev.redrive.ProviderSetting.ACCOUNT, "test"))) {
        ToolFolder.begin(ledger, "run-1");
        var listed =
            client.failures(dev.redrive.DeliveryQuery.all()).stream()
                .filter(one -> one.key().id().equals(id))
                .toList();
        assertThat(ledger.admit("run-1", ToolFolder.ACCOUNT, listed, RetryLedger.Round.FIRST))
            .hasSize(1);
        LedgerEntry claimed =
            ledger
                .claim(
                    "run-1",
                    ToolFolder.ACCOUNT,
                    RetryLedger.Grouping.ANY,
                    1,
                    Instant.now(),
                    Duration.ofMinutes(1))
                .get(0);
        ledger.record("run-1", List.of(claimed), List.of(client.retry(claimed.delivery())));
        ToolFolder.finish(ledger, "run-1");
      }

      RedriveJar.Result result = retry("chatt2me", fake, id);

      assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(ExitCode.OK);
      assertThat(result.json().get(0).get("outcome").asText()).isEqualTo("DELIVERED");
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(1);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void aWrongKey_endsWithOne() {
    try (var fake = FakeChatt2me.start()) {
      RedriveJar.Result result = tool.at("chatt2me", fake.baseUrl(), "wrong", "retry", "some-id");

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.err()).contains("401");
    }
  }
}
