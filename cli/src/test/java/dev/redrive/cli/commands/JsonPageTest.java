package dev.redrive.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.Capability;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailureCause;
import dev.redrive.RateLimit;
import dev.redrive.RetryOutcome;
import dev.redrive.Webhook;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Fakes;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.ToolFolder;
import dev.redrive.cli.config.KeySource;
import dev.redrive.cli.config.Profile;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.JsonPage;
import dev.redrive.cli.output.ProfilesPlan;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.output.Rows;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/json.md} says of the fields is what the program prints. */
class JsonPageTest {
  private static final String RESULTS = "--results";
  private static final Account OTHER = new Account("baanx", "other");

  @TempDir private Path folder;
  private ToolFolder tool;
  private JsonPage page;
  private final Set<String> seen = new TreeSet<>();

  @BeforeEach
  void page() throws IOException {
    tool = new ToolFolder(folder);
    page = JsonPage.read(Path.of("../docs/json.md"));
  }

  private void check(String output, List<JsonNode> objects) {
    assertThat(objects).as(output).isNotEmpty();
    objects.forEach(object -> page.check(output, object));
    seen.add(output);
  }

  private void check(String output, RedriveJar.Result result) {
    assertThat(result.out()).as(result.err()).isNotEmpty();
    check(output, result.json());
  }

  private static JsonNode json(Fields fields) {
    return RedriveJar.Result.parse(Json.line(fields));
  }

  @Test
  void everyOutput_hasItsFields_andEachTableIsOfOne() throws IOException {
    outputsOfAProvider("chatt2me");
    outputsOfTheLedger();
    outputsOfSeveralProfiles();
    check("providers", CommandLineTool.run("providers", "-o", "json"));
    check("config list", List.of(json(ConfigCommand.fields(profile()))));
    RedriveJar.Result wrong = CommandLineTool.run("failures", "-o", "json", "--nosuch");
    RedriveJar.Result absent = tool.local("history", "nosuch", "-vv", "-o", "json");
    check(
        "Errors", Stream.of(wrong, absent).map(one -> RedriveJar.Result.parse(one.err())).toList());
    assertThat(RedriveJar.Result.parse(absent.err()).get("trace").asText()).contains("RunName");
    check("Warnings", List.of(RedriveJar.Result.parse(warning())));

    assertThat(page.outputs()).containsExactlyInAnyOrderElementsOf(seen);
    assertThat(page.unusedParts()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void everyProvider_hasTheFields(String provider) throws IOException {
    outputsOfAProvider(provider);
  }

  private void outputsOfAProvider(String provider) throws IOException {
    boolean listsLogs =
        ProvidersCommand.traits(Providers.find(provider).orElseThrow()).get(0).can(Capability.LOGS);
    try (FakeProvider fake = Fakes.start(provider)) {
      List<String> ids = fake.failures(7);
      for (String command : List.of("failures", "webhooks", "logs")) {
        RedriveJar.Result listed = tool.listing(provider, fake, command, "-o", "json");
        boolean isSupported = listed.exitCode() == ExitCode.OK;
        assertThat(isSupported).as(listed.err()).isEqualTo(!command.equals("logs") || listsLogs);
        if (isSupported) {
          check(command, listed);
        }
      }
      check("plan", at(provider, fake, "plan"));
      check("doctor", at(provider, fake, "doctor"));
      check("show", at(provider, fake, "show", ids.get(0)));
      fake.endpoint().down(503);
      check("retry", at(provider, fake, "retry", "--verify-timeout", "1s", ids.get(0)));
      fake.endpoint().up();
      check("show", at(provider, fake, "show", ids.get(0)));
      check("plan", at(provider, fake, "recover", "--dry-run"));
      Path results = folder.resolve("results.jsonl");
      check("recover", at(provider, fake, "recover", "--yes", RESULTS, results.toString()));
      check(RESULTS, Files.readAllLines(results).stream().map(RedriveJar.Result::parse).toList());
      check(
          "retry", at(provider, fake, "retry", ids.get(3), "11111111-2222-4333-8444-555555555555"));
      check("catch-up", at(provider, fake, "catch-up", "--once"));
      check("history", tool.local("history", "-o", "json"));
      check("show", tool.local("show", ids.get(0), "-o", "json"));
    }
  }

  private RedriveJar.Result at(String provider, FakeProvider fake, String... command) {
    return tool.at(
        provider,
        fake,
        Stream.concat(Arrays.stream(command), Stream.of("-o", "json")).toArray(String[]::new));
  }

  private void outputsOfTheLedger() {
    check("ledger path", tool.local("ledger", "path", "-o", "json"));
    check(
        "ledger path",
        CommandLineTool.run("ledger", "path", "--ledger", "postgresql://db/redrive", "-o", "json"));
    try (RetryLedger ledger = tool.ledger()) {
      ToolFolder.begin(ledger, "run-1", "one", "two", "three");
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.DELIVERED);
      ToolFolder.settle(ledger, "run-1", RetryOutcome.Status.UNKNOWN);
      check("history", tool.local("history", "-o", "json"));
      check("ledger stats", tool.local("ledger", "stats", "-o", "json"));
      check("doctor", tool.local("doctor", "-o", "json"));
    }
    check("history RUN", tool.local("history", "run-1", "-o", "json"));
    String page = folder.resolve("page.html").toString();
    check("report", tool.local("report", "run-1", "--report", page, "-o", "json"));
    check("ledger stop", tool.local("ledger", "stop", "last", "-o", "json"));
    String[] resolve = {"ledger", "resolve", "one", "--as", "delivered", "-y", "-o", "json"};
    check("ledger resolve", tool.local(resolve));
    String[] purge = {"ledger", "purge", "--before", "90d", "--listed-for", "1d", "-o", "json"};
    check("ledger purge", tool.typing("n\n", purge));
    check("show", tool.local("show", "one", "-o", "json"));
  }

  private static String warning() {
    var err = new ByteArrayOutputStream();
    var terminal = CommandLineTool.terminal(err, err);
    terminal.speakToScripts();
    terminal.warn("look");
    return err.toString(UTF_8);
  }

  private void outputsOfSeveralProfiles() {
    Map<Account, String> names = new LinkedHashMap<>();
    names.put(ToolFolder.ACCOUNT, "sales");
    names.put(OTHER, "cards");
    check("plan of several profiles", List.of(json(plan(names).fields())));
    check("recover of several profiles", List.of(json(report(names))));
    var failure = ToolFolder.failed("one");
    var webhook = new Webhook("w1", null, null, null, null, Set.of());
    profileComesFirst(Listings.FAILURES, failure);
    profileComesFirst(Listings.LOGS, failure.latest());
    profileComesFirst(Listings.WEBHOOKS, webhook);
    check("webhooks", List.of(json(Listings.WEBHOOKS.fields().apply(webhook))));
    check("logs", List.of(json(Listings.LOGS.fields().apply(failure.latest()))));
  }

  private <T> void profileComesFirst(Rows<T> rows, T one) {
    ObjectNode all =
        (ObjectNode) json(rows.withProfile().fields().apply(new Rows.OfProfile<>("sales", one)));
    var others = rows.fields().apply(one).values().keySet();
    assertThat(all.fieldNames()).toIterable().endsWith(others.toArray(String[]::new));
    check("Lists of several profiles", List.of(all.remove(others)));
  }

  private static ProfilesPlan plan(Map<Account, String> names) {
    var plan =
        new RecoveryPlan.ForAccount(
            ToolFolder.ACCOUNT,
            "Chatt2.me",
            new RetryLedger.About("ledger.db", 1200, 900),
            5,
            0,
            Map.of(SkipReason.UNDATED, 1L),
            Map.of(FailureCause.SERVER_ERROR, 5L),
            Map.of("https://app.example.com/hook", 5L),
            Map.of("message.created", 5L),
            null,
            null,
            0,
            0,
            new RecoveryPlan.Dispatch(1, 5, Duration.ofSeconds(3), "one by one"),
            List.of("look first"));
    return new ProfilesPlan(
        new RecoveryPlan(List.of(plan), Duration.ofSeconds(3)),
        names,
        Map.of(OTHER, "no such host"));
  }

  private Fields report(Map<Account, String> names) {
    var counts = new DeliveryCounts(3, Map.of(SkipReason.OTHER_RUN, 1L), 1, 1, 0, 0, 0, 0);
    var own = new RecoveryReport.ForAccount(counts, 1, 0);
    var report =
        new RecoveryReport(
            "run-1",
            Instant.parse("2026-03-01T10:00:00Z"),
            Duration.ofSeconds(42),
            RecoveryReport.End.STOPPED,
            counts,
            Map.of(ToolFolder.ACCOUNT, own, OTHER, own),
            1,
            0,
            List.of(new RecoveryReport.Problem(OTHER, "stopped", null)));
    try (RetryLedger ledger = tool.ledger()) {
      return new ReportPrinter(report, ledger, names).fields();
    }
  }

  private static Profile profile() {
    return new Profile(
        "voice",
        Providers.find("voiso").orElseThrow(),
        Map.of("baseUrl", "https://cluster.voiso.com", "requestTimeout", "30s"),
        Map.of("apiKey", new KeySource(KeySource.Kind.ENV, "VOICE_KEY")));
  }

  @Test
  void everyWord_isExplained() {
    Map<String, List<String>> words = new LinkedHashMap<>();
    words.put("status", names(DeliveryStatus.values()));
    words.put("cause", names(FailureCause.values()));
    words.put("state", names(Fate.values()));
    words.put("end", names(RecoveryReport.End.values()));
    words.put("reason to skip", names(SkipReason.values()));
    // SKIPPED and NOT_FOUND are the command's own.
    words.put(
        "result", List.of("ACCEPTED", "REJECTED", "NOT_SENT", "UNKNOWN", "SKIPPED", "NOT_FOUND"));
    words.put("outcome", names(RetryOutcome.Status.values()));
    words.put("capability", names(Capability.values()));
    words.put("scope", names(RateLimit.Scope.values()));
    words.put(
        "verdict", Arrays.stream(Finding.Verdict.values()).map(Finding.Verdict::word).toList());

    assertThat(page.words()).containsExactlyEntriesOf(words);
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Enum::name).toList();
  }
}
