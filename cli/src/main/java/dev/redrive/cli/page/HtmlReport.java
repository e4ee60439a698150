package dev.redrive.cli.page;

import dev.redrive.FailureCause;
import dev.redrive.cli.commands.RunSummary;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Headline;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.output.PlanPrinter;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A run of a recovery as one HTML page that needs nothing else: no network, no script. Holds ids,
 * event types, endpoints without query and reasons; no payload, response or key.
 */
public final class HtmlReport {
  public static final DateTimeFormatter DATE_TIME = Charts.utc("d MMM uuuu HH:mm:ss");
  private static final DateTimeFormatter TIME = Charts.utc("HH:mm:ss");

  private final Html html = new Html();
  private final RecoveryReport report;
  private final RunSummary summary;

  private HtmlReport(RecoveryReport report, RunSummary summary) {
    this.report = report;
    this.summary = summary;
  }

  /**
   * The page.
   *
   * @param ledger tells what became of each delivery of the run
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read
   */
  public static String page(RecoveryReport report, RetryLedger ledger) throws IOException {
    var summary = new RunSummary();
    ledger.entries(report.run(), summary::add);
    return new HtmlReport(report, summary).page();
  }

  private String page() throws IOException {
    html.markup("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .markup("<meta name=\"color-scheme\" content=\"light dark\">")
        .markup("<meta name=\"referrer\" content=\"no-referrer\">")
        .markup("<meta http-equiv=\"Content-Security-Policy\"")
        .markup(" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
        .element("title", "Redrive: " + headline())
        .open("style")
        .markup(style())
        .close("style")
        .markup("</head>\n<body>\n");
    header();
    html.open("main");
    problems();
    totals();
    if (report.byAccount().size() > 1) {
      accounts();
    }
    timelines();
    rankings();
    LeftSection.write(html, report, summary);
    html.close("main");
    footer();
    return html.markup("</body></html>").newline().toString();
  }

  private void header() {
    Instant end = report.startedAt().plus(report.elapsed());
    html.open("header")
        .element("p", "Redrive recovery report", "class", "kicker")
        .element("h1", headline())
        .open("p", "class", "lead")
        .text(
            DATE_TIME.format(report.startedAt())
                + " to "
                + TIME.format(end)
                + " UTC, "
                + Durations.format(report.elapsed())
                + ". "
                + quantity(report.requests(), "retry request", "retry requests")
                + ".");
    if (report.counts().notDelivered() > 0) {
      html.markup(" ")
          .element("a", Charts.number(report.counts().notDelivered()) + " left", "href", "#left");
    }
    html.close("p").close("header").newline();
  }

  private String headline() {
    return Headline.of(report, Charts::number);
  }

  private void problems() {
    List<String> warnings = LeftOutRows.warnings(report.counts().skipped());
    if (report.problems().isEmpty() && report.outOfSight() == 0 && warnings.isEmpty()) {
      return;
    }
    html.open("section", "class", "problems").element("h2", "Problems").open("ul");
    for (RecoveryReport.Problem problem : report.problems()) {
      html.open("li");
      if (problem.account() != null) {
        html.element("strong", name(problem.account())).markup(": ");
      }
      html.text(problem.what()).close("li");
    }
    warnings.forEach(warning -> html.element("li", warning + "."));
    if (report.outOfSight() > 0) {
      html.element(
          "li",
          quantity(report.outOfSight(), "failure", "failures")
              + " that a provider has but did not show: run the same command again.");
    }
    html.close("ul").close("section").newline();
  }

  private void totals() {
    DeliveryCounts counts = report.counts();
    Map<Fate, Long> parts = parts(counts);
    html.open("section").element("h2", "What became of them");
    Charts.division(html, parts);
    html.open("ul", "class", "totals");
    total("found", counts.found(), "");
    parts.forEach((fate, count) -> total(fate.words(), count, Charts.cssClass(fate)));
    html.close("ul");
    if (counts.skippedInAll() > 0) {
      html.open("ul", "class", "skipped");
      PlanPrinter.ordered(counts.skipped())
          .forEach(
              (reason, count) ->
                  html.element(
                      "li", Charts.number(count) + " skipped: " + reason.description() + "."));
      html.close("ul");
    }
    html.close("section").newline();
  }

  private void total(String words, long count, String css) {
    html.open("li", "class", css.isEmpty() ? "all" : css)
        .element("b", Charts.number(count))
        .element("span", words)
        .close("li");
  }

  private static Map<Fate, Long> parts(DeliveryCounts counts) {
    Map<Fate, Long> parts = new EnumMap<>(Fate.class);
    parts.put(Fate.DELIVERED, counts.delivered());
    parts.put(Fate.FAILED_AGAIN, counts.failedAgain());
    parts.put(Fate.PENDING, counts.pending());
    parts.put(Fate.REJECTED, counts.rejected());
    parts.put(Fate.UNKNOWN, counts.unknown());
    parts.put(Fate.NOT_SENT, counts.notSent());
    parts.put(Fate.SKIPPED, counts.skippedInAll());
    parts.values().removeIf(count -> count == 0);
    return parts;
  }

  private void accounts() {
    html.open("section").element("h2", "By provider").open("table", "class", "accounts");
    html.open("thead").open("tr");
    List.of("Provider", "Found", "Delivered", "Left", "Skipped")
        .forEach(column -> html.element("th", column, "scope", "col"));
    html.close("tr").close("thead").open("tbody");
    report.byAccount().entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(entry -> account(entry.getKey(), entry.getValue()));
    html.close("tbody").close("table").close("section").newline();
  }

  private void account(Account account, DeliveryCounts counts) {
    html.open("tr")
        .open("th", "scope", "row")
        .text(displayName(account))
        .element("small", account.name())
        .close("th")
        .element("td", Charts.number(counts.found()))
        .element("td", Charts.number(counts.delivered()))
        .element(
            "td",
            Charts.number(counts.notDelivered()),
            "class",
            counts.notDelivered() == 0 ? "none" : "left")
        .element("td", Charts.number(counts.skippedInAll()))
        .close("tr");
  }

  private void timelines() {
    Timeline failures = summary.failures();
    if (!failures.isEmpty()) {
      html.open("section");
      chartHeading("When they failed", "recovered since", "left", failures);
      Charts.timeline(
          html, failures, "Failed deliveries by the time of the failure", "recovered", "left");
      if (summary.withoutTime() > 0) {
        html.element(
            "p",
            quantity(summary.withoutTime(), "delivery is", "deliveries are")
                + " not in this chart: the time of the first failure is not known.",
            "class",
            "note");
      }
      html.close("section").newline();
    }
    Timeline recovery = summary.recovery();
    if (!recovery.isEmpty()) {
      html.open("section");
      chartHeading("When they were sent again", "delivered", "failed again", recovery);
      Charts.timeline(
          html, recovery, "Outcomes by the time they were known", "delivered", "failed again");
      html.close("section").newline();
    }
  }

  private void chartHeading(String title, String good, String bad, Timeline timeline) {
    html.element("h2", title)
        .open("p", "class", "legend")
        .element("span", good, "class", "key good")
        .element("span", bad, "class", "key bad")
        .element("span", dates(timeline.bars()) + ", UTC; a bar is " + length(timeline))
        .close("p");
  }

  private static String length(Timeline timeline) {
    long seconds = timeline.barLength().toSeconds();
    return seconds < 60 ? seconds + " s" : Durations.format(timeline.barLength());
  }

  private static String dates(List<Timeline.Bar> bars) {
    DateTimeFormatter date = Charts.utc("d MMM uuuu");
    String first = date.format(bars.get(0).start());
    String last = date.format(bars.get(bars.size() - 1).start());
    return first.equals(last) ? first : first + " to " + last;
  }

  private void rankings() {
    if (summary.byCause().isEmpty()) {
      return;
    }
    Map<String, RunSummary.Count> byCause = summary.byCause();
    Map<String, String> advice =
        Stream.of(FailureCause.values())
            .collect(Collectors.toMap(RunSummary::name, FailureCause::advice));
    html.open("div", "class", "columns").open("section").element("h2", "By cause");
    ranking(byCause, advice);
    html.close("section").open("section").element("h2", "By endpoint");
    ranking(summary.byEndpoint(), Map.of());
    html.close("section").close("div").newline();
  }

  private void ranking(Map<String, RunSummary.Count> counts, Map<String, String> advice) {
    html.open("p", "class", "legend")
        .element("span", "delivered", "class", "key good")
        .element("span", "left", "class", "key bad")
        .close("p");
    Charts.ranking(html, counts, advice);
  }

  private void footer() {
    String version = HtmlReport.class.getPackage().getImplementationVersion();
    html.open("footer")
        .text(
            "Run " + report.run() + ". Written by redrive" + (version == null ? "" : " " + version))
        .markup(". ")
        .text("This page loads nothing: it can be kept, sent and opened offline.")
        .close("footer");
  }

  private static String style() throws IOException {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IOException("report.css is missing in the jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String name(Account account) {
    return displayName(account) + " (" + account.name() + ")";
  }

  public static String displayName(Account account) {
    return Providers.displayName(account.provider());
  }

  private static String quantity(long number, String one, String many) {
    return Charts.number(number) + " " + (number == 1 ? one : many);
  }
}
