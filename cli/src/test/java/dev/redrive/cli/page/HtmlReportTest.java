package dev.redrive.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.JsonText;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ReportOf;
import dev.redrive.cli.options.Invocation;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RecoveryReport.End;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlReportTest {
  private static final String RUN = ReportOf.RUN;
  private static final Account ACCOUNT = ReportOf.ACCOUNT;
  private static final Instant NOW = ReportOf.NOW;
  private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);
  private static final String ATTACK = "<script>alert(\"x\")</script>'&\u001b[31m\u202e";

  private final RetryLedger ledger = JdbcLedger.openInMemory();

  @Test
  void textOfTheProviderIsEscapedAndCleaned_whereverItStands() throws IOException {
    List<LedgerEntry> claimed =
        claim(List.of(failure("id" + ATTACK, ATTACK, "https://h/" + ATTACK)));
    ledger.record(
        RUN, claimed, List.of(RetryResult.rejected(claimed.get(0).delivery(), ATTACK, NOW)));

    String page = page(counts(0, 1));

    assertThat(page.split("<script", -1)).as("only its own").hasSize(2);
    assertThat(page).doesNotContain("<script>alert", "\u001b", "\u202e");
    assertThat(page).contains("&lt;script&gt;alert(\"x\")&lt;/script&gt;'&amp;");
    assertThat(page.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
  }

  @Test
  void noSecretAndNoPayloadReachesThePage() throws IOException {
    claim(
        List.of(
            failure(
                "a", "call.ended", "https://user:planted@h.example/hook?token=planted#planted")));

    assertThat(page(counts(0, 1))).contains("https://h.example/hook").doesNotContain("planted");
  }

  @Test
  void namesOfWebhooksAreEscapedToo_andStandBeforeTheUrl() throws IOException {
    claim(List.of(failure("a", "call.ended", "https://h.example/hook")));

    var names = WebhookNames.read(List.of(clientWithWebhook("w", "Orders " + ATTACK)));
    String page = page(RunFacts.of(report(counts(0, 1), 0, List.of())), names, Invocation.NONE);

    assertThat(page).contains("Orders &lt;script&gt;", "https://h.example/hook");
    assertThat(page).doesNotContain("<script>alert");
  }

  @Test
  void pageLoadsNothing_andRunsItsOwnScriptOnly() throws Exception {
    claim(List.of(failure("a", "call.ended", null)));

    String page = page(counts(0, 1));

    assertThat(page)
        .contains("default-src 'none'", "name=\"viewport\"", "prefers-color-scheme: dark");
    assertThat(page)
        .contains("script-src 'sha256-" + sha256(only(SCRIPT, page)) + "'")
        .contains("style-src 'sha256-" + sha256(only(STYLE, page)) + "'")
        .doesNotContain("unsafe-inline", "unsafe-eval");
    assertThat(page).doesNotContain("<link", "<img", "src=", "url(", "@import", "http://");
    assertThat(page).doesNotContain("style=\"").doesNotContainPattern(" on[a-z]+=\"");
    assertThat(Pattern.compile("href=\"(?!#)").matcher(page).find()).isFalse();
  }

  @Test
  void withoutItsScript_nothingIsMissing() throws IOException {
    settleThree();

    String page = SCRIPT.matcher(page(counts(1, 2))).replaceAll("");

    assertThat(page).contains("good", "bad", "no", "<details", "<summary");
    assertThat(page).doesNotContain("<input", "<button");
  }

  @Test
  void deliveredOnesAreInThePage_withTheirFirstFailure_andWhatWasDoneSince() throws IOException {
    settleThree();

    String page = page(counts(1, 2));

    String delivered = page.substring(page.indexOf("id=\"delivered\""));
    assertThat(delivered)
        .contains("<code>good</code>", "call.started", "1 Mar 2026 11:50:00", "HTTP 500")
        .contains("<small>Retry 1 Mar 12:00:00, delivered 1 Mar 12:00:00</small>")
        .doesNotContain("<code>bad</code>");
  }

  @Test
  void eachRetryIsInThePage_withTheRunThatDidIt() throws IOException {
    settleThree();
    var again = new LedgerRun("run-2", List.of(ACCOUNT), NOW);
    ledger.begin(again);
    ledger.admit("run-2", ACCOUNT, List.of(failure("bad", "call.ended", null)), Round.ANOTHER);
    List<LedgerEntry> claimed =
        ledger.claim("run-2", ACCOUNT, RetryLedger.Grouping.ANY, 1, NOW, Duration.ofMinutes(1));
    ledger.record(
        "run-2",
        claimed,
        List.of(RetryResult.rejected(claimed.get(0).delivery(), "too old", NOW.plusSeconds(60))));
    for (String id : List.of("good", "no")) {
      ledger.admin().resolve(key(id), LedgerAdmin.Resolution.SEND_AGAIN);
    }
    ledger.admin().resolve(key("no"), LedgerAdmin.Resolution.DELIVERED);

    String page = page(counts(1, 2));

    assertThat(row(page, "bad"))
        .contains(
            "<small>Retry 1 Mar 12:00:00, failed again 1 Mar 12:00:00: client error (HTTP 422)</small>"
                + "<small>Retry 1 Mar 12:01:00 by run run-2, rejected 1 Mar 12:01:00: too old</small>");
    assertThat(row(page, "good"))
        .contains(
            "<small>Retry 1 Mar 12:00:00, delivered 1 Mar 12:00:00</small>"
                + "<small>Queued again</small>");
    assertThat(row(page, "no"))
        .contains("rejected 1 Mar 12:00:00: it is not failed</small><small>Settled ")
        .contains(": resolved by hand</small>");
  }

  private static String row(String page, String id) {
    int start = page.indexOf("<tr><td><code>" + id + "</code>");
    return page.substring(start, page.indexOf("</tr>", start));
  }

  @Test
  void noDeliveryIsAskedForByItself() throws IOException {
    settleThree();
    LedgerAdmin admin = ledger.admin();
    var asked = new ArrayList<String>();
    LedgerAdmin watched =
        proxy(
            LedgerAdmin.class,
            (method, arguments) -> {
              asked.add(method.getName());
              return method.invoke(admin, arguments);
            });
    RetryLedger watching =
        proxy(
            RetryLedger.class,
            (method, arguments) ->
                method.getName().equals("admin") ? watched : method.invoke(ledger, arguments));

    String unused =
        HtmlReport.write(
            RunFacts.of(report(counts(1, 2), 0, List.of())),
            watching,
            WebhookNames.NONE,
            Invocation.NONE,
            Map.of(),
            new StringWriter());

    assertThat(asked).as("one for each of the groups").hasSize(3).containsOnly("retries");
  }

  private interface Call {
    Object on(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            HtmlReportTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.on(method, arguments)));
  }

  @Test
  void pageOfAMillionFailures_staysSmall_andCountsTheRest() throws IOException {
    var failures = new ArrayList<FailedDelivery>();
    for (int i = 0; i < 5100; i++) {
      failures.add(failure("0b6f7a4e-0000-4000-8000-" + i, "call.ended", "https://h/" + i % 9));
    }
    List<LedgerEntry> claimed = claim(failures);
    ledger.record(
        RUN,
        claimed,
        claimed.stream().map(e -> RetryResult.accepted(e.delivery(), null, NOW)).toList());
    List<LedgerEntry> open = ledger.unsettled(RUN, ACCOUNT, 0, 10_000);
    ledger.settle(
        RUN,
        open,
        open.stream()
            .map(
                e ->
                    RetryOutcome.of(
                        e.toResult(), attempt(e.key().id(), DeliveryStatus.SUCCEEDED, 200)))
            .toList(),
        NOW);

    String page = page(counts(5100, 0));

    assertThat(page.split("<tr><td><code>", -1)).hasSize(1 + RunSummary.MOST_DELIVERED);
    assertThat(page).contains("more, which would make this page too large");
    assertThat(page.length()).isLessThan(2_500_000);
  }

  @Test
  void whatIsLeftIsNamed_withWhyAndWhatToDo() throws IOException {
    settleThree();

    String page = page(counts(1, 2));

    assertThat(page).contains("1 of 3 delivered");
    String left = page.substring(page.indexOf("id=\"left\""), page.indexOf("id=\"delivered\""));
    assertThat(left).contains("bad", "call.ended", "HTTP 422", "--again sends it once more");
    assertThat(left).contains("sms.received", "it is not failed");
    assertThat(left).doesNotContain("call.started");
  }

  @Test
  void tableOfWhatIsLeftEndsAtAThousand_andSaysHowManyMore() throws IOException {
    var failures = new ArrayList<FailedDelivery>();
    for (int i = 0; i < 1203; i++) {
      failures.add(failure("id-" + i, "call.ended", "https://h/" + i));
    }
    claim(failures);

    String page = page(counts(0, 1203));

    assertThat(page.split("<tr><td><code>", -1)).hasSize(1 + RunSummary.MOST_LEFT);
    assertThat(page).contains("And 203 more", "redrive history run-1");
  }

  @Test
  void emptyRunSaysThatThereWasNothing() throws IOException {
    begin();

    String page = page(counts(0, 0));

    assertThat(page).contains("Nothing to recover").doesNotContain("By cause", "When they failed");
  }

  @Test
  void problemsAndSkippedDeliveriesAreTold() throws IOException {
    begin();
    var counts = new DeliveryCounts(7, Map.of(SkipReason.ALREADY_DELIVERED, 7L), 0, 0, 0, 0, 0, 0);
    var problem = new RecoveryReport.Problem(ACCOUNT, "the <endpoint> is broken", null);

    String page = page(report(counts, 4, List.of(problem)));

    assertThat(page).contains("the &lt;endpoint&gt; is broken", "4 failures that a provider has");
    assertThat(page).contains("7 skipped: already recovered by an earlier run");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FAILED    | 0 | Failed: nothing was sent
          FAILED    | 3 | Failed: 0 of 20 delivered
          STOPPED   | 3 | Stopped: 0 of 20 delivered
          CANCELLED | 3 | Interrupted: 0 of 20 delivered
          DECLINED  | 0 | Declined: nothing was sent
          FINISHED  | 3 | 0 of 20 delivered
          """)
  void headSaysHowTheRunEnded(End end, long requests, String head) throws IOException {
    begin();

    String page = page(new ReportOf(end).counts(counts(0, 20)).requests(requests).build());

    assertThat(page).contains("<title>Redrive: " + head, "<h1>" + head + "</h1>");
  }

  @Test
  void failedRunThatListedNothing_isNoAllClear() throws IOException {
    begin();

    String page = page(new ReportOf(End.FAILED).problem("HTTP 401. Check the key").build());

    assertThat(page)
        .contains("Failed: nothing was sent", "HTTP 401. Check the key", "not everything is")
        .doesNotContain("Nothing to recover", "waits for anything");
  }

  @Test
  void rowsThatCouldNotBeDatedAreWarnedOf() throws IOException {
    begin();
    var counts = new DeliveryCounts(5, Map.of(SkipReason.UNDATED, 5L), 0, 0, 0, 0, 0, 0);

    assertThat(page(new ReportOf(End.FINISHED).counts(counts).build()))
        .contains("5 rows are left out, without a readable time")
        .contains("5 skipped: " + SkipReason.UNDATED.description());
  }

  private void settleThree() {
    List<LedgerEntry> claimed =
        claim(
            List.of(
                failure("good", "call.started", "https://h/1"),
                failure("bad", "call.ended", "https://h/2"),
                failure("no", "sms.received", "https://h/3")));
    ledger.record(
        RUN,
        claimed,
        List.of(
            RetryResult.accepted(claimed.get(0).delivery(), null, NOW),
            RetryResult.accepted(claimed.get(1).delivery(), null, NOW),
            RetryResult.rejected(claimed.get(2).delivery(), "it is not failed", NOW)));
    List<LedgerEntry> open = ledger.unsettled(RUN, ACCOUNT, 0, 10);
    ledger.settle(
        RUN,
        open,
        List.of(
            RetryOutcome.of(open.get(0).toResult(), attempt("good", DeliveryStatus.SUCCEEDED, 200)),
            RetryOutcome.of(open.get(1).toResult(), attempt("bad", DeliveryStatus.FAILED, 422))),
        NOW);
  }

  private void begin() {
    ledger.begin(new LedgerRun(RUN, List.of(ACCOUNT), NOW));
  }

  private List<LedgerEntry> claim(List<FailedDelivery> failures) {
    begin();
    ledger.admit(RUN, ACCOUNT, failures, RetryLedger.Round.FIRST);
    return ledger.claim(
        RUN, ACCOUNT, RetryLedger.Grouping.ANY, failures.size(), NOW, Duration.ofMinutes(1));
  }

  private static FailedDelivery failure(String id, String eventType, String endpoint) {
    return FailedDelivery.of(
        WebhookLog.builder(key(id), DeliveryStatus.FAILED)
            .webhook("w", "name", endpoint)
            .event("event-" + id, eventType)
            .httpStatus(500)
            .error("planted")
            .responseBody("planted")
            .json(JsonText.of("{\"planted\":1}"))
            .createdAt(NOW.minusSeconds(600))
            .build());
  }

  private static WebhookLog attempt(String id, DeliveryStatus status, int httpStatus) {
    return WebhookLog.builder(key(id), status)
        .logId(id + "-2")
        .event("event-" + id, "call.ended")
        .httpStatus(httpStatus)
        .createdAt(NOW)
        .build();
  }

  private static DeliveryKey key(String id) {
    return new DeliveryKey(ACCOUNT.provider(), ACCOUNT.name(), id);
  }

  private static DeliveryCounts counts(long delivered, long notSent) {
    return new DeliveryCounts(delivered + notSent, Map.of(), delivered, 0, 0, 0, 0, notSent);
  }

  private static RecoveryReport report(
      DeliveryCounts counts, long outOfSight, List<RecoveryReport.Problem> problems) {
    return new ReportOf(End.FINISHED)
        .counts(counts)
        .requests(3)
        .outOfSight(outOfSight)
        .problems(problems)
        .build();
  }

  private String page(DeliveryCounts counts) throws IOException {
    return page(report(counts, 0, List.of()));
  }

  private String page(RecoveryReport report) throws IOException {
    return page(RunFacts.of(report), WebhookNames.NONE, Invocation.NONE);
  }

  private String page(RunFacts facts, WebhookNames names, Invocation invocation) {
    var page = new StringWriter();
    String unused = HtmlReport.write(facts, ledger, names, invocation, Map.of(), page);
    return page.toString();
  }

  /** A client that answers two questions. */
  private static WebhookRetryClient clientWithWebhook(String id, String name) {
    return (WebhookRetryClient)
        Proxy.newProxyInstance(
            HtmlReportTest.class.getClassLoader(),
            new Class<?>[] {WebhookRetryClient.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "webhooks" ->
                      List.of(new Webhook(id, name, null, null, null, java.util.Set.of()));
                  case "account" -> ACCOUNT.name();
                  default -> ProviderTraits.builder(ACCOUNT.provider(), "Voiso").build();
                });
  }

  private static String only(Pattern pattern, String page) {
    List<String> all = pattern.matcher(page).results().map(found -> found.group(1)).toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private static String sha256(String text) throws NoSuchAlgorithmException {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(hash);
  }
}
