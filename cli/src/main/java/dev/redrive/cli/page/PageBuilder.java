package dev.redrive.cli.page;

import dev.redrive.FailureCause;
import dev.redrive.cli.Version;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.output.Headline;
import dev.redrive.cli.output.LeftOutRows;
import dev.redrive.cli.output.PlanPrinter;
import dev.redrive.cli.output.Skips;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what the page shows. */
final class PageBuilder {
  private final RunFacts facts;
  private final RunSummary summary;
  private final RetryLedger ledger;
  private final WebhookNames names;
  private final Invocation invocation;
  private final RecoveryReport report;

  PageBuilder(
      RunFacts facts,
      RunSummary summary,
      RetryLedger ledger,
      WebhookNames names,
      Invocation invocation) {
    this.facts = facts;
    this.summary = summary;
    this.ledger = ledger;
    this.names = names;
    this.invocation = invocation;
    this.report = facts.asReport(summary.counts(), summary.sends());
  }

  Page build(NextCommand next) {
    var deliveries = new Deliveries(facts, summary, ledger, names);
    DeliveryCounts counts = report.counts();
    List<Part> parts = Part.of(counts, facts.state());
    long left = Math.max(summary.all().bad(), facts.report() == null ? 0 : counts.notDelivered());
    return new Page(
        Assets.load(),
        headline(),
        lead(),
        left == 0 ? "" : Formats.number(left) + " left",
        notices(),
        problems(),
        next.line(),
        next.note(),
        Part.totals(parts, counts.found()),
        Part.shares(parts),
        skipped(counts),
        accounts(),
        chart(summary.failures()),
        withoutTime(),
        chart(summary.recovery()),
        Rankings.causes(summary, advice()),
        Rankings.endpoints(summary),
        nothingLeft(),
        deliveries.left(),
        deliveries.delivered(),
        facts());
  }

  private String headline() {
    String tally =
        Formats.number(report.counts().delivered())
            + " of "
            + Formats.number(report.counts().found())
            + " delivered";
    return switch (facts.state()) {
      case RUNNING -> "Still running: " + tally + " so far";
      case DEAD -> "Broken off: " + tally;
      case ENDED -> Headline.of(report, Formats::number);
    };
  }

  private String lead() {
    String from = Formats.DATE_TIME.format(facts.startedAt());
    String until = Formats.TIME.format(facts.until());
    String took = Durations.format(facts.elapsed());
    String span =
        switch (facts.state()) {
          case RUNNING -> "Since " + from + " UTC, for " + took + " so far.";
          case DEAD -> from + " UTC; last seen alive at " + until + ", after " + took + ".";
          case ENDED -> from + " to " + until + " UTC, " + took + ".";
        };
    return facts.report() == null
        ? span
        : span + " " + Formats.quantity(report.requests(), "retry request", "retry requests") + ".";
  }

  private List<String> notices() {
    var notices = new ArrayList<String>();
    if (facts.state() == RunFacts.State.RUNNING) {
      notices.add("The run goes on in another process: this page shows it as it is now.");
    }
    if (facts.state() == RunFacts.State.DEAD) {
      notices.add(
          "The run did not end by itself: it was killed, or its machine failed. What it sent is"
              + " recorded, and the next run goes on without sending anything twice.");
    }
    long since = summary.all().good() - report.counts().delivered();
    if (facts.report() == null && facts.counts() != null && since > 0) {
      notices.add(
          "Since the run ended, "
              + Formats.quantity(since, "more delivery has", "more deliveries have")
              + " been delivered. 'What became of them' shows the end of the run, the rest of the"
              + " page how it is now.");
    }
    return notices;
  }

  private List<Page.Problem> problems() {
    var problems = new ArrayList<Page.Problem>();
    for (RecoveryReport.Problem problem : report.problems()) {
      String account = problem.account() == null ? "" : Formats.name(problem.account()) + ":";
      problems.add(new Page.Problem(account, problem.what()));
    }
    LeftOutRows.warnings(report.counts().skipped())
        .forEach(warning -> problems.add(new Page.Problem("", warning + ".")));
    if (report.outOfSight() > 0) {
      problems.add(
          new Page.Problem(
              "",
              Formats.quantity(report.outOfSight(), "failure", "failures")
                  + " that a provider has but did not show: run the same command again."));
    }
    return problems;
  }

  private static List<String> skipped(DeliveryCounts counts) {
    var skipped = new ArrayList<String>();
    PlanPrinter.ordered(counts.skipped())
        .forEach(
            (reason, count) ->
                skipped.add(Formats.number(count) + " skipped: " + Skips.words(reason) + "."));
    return skipped;
  }

  private List<Page.AccountRow> accounts() {
    if (facts.accounts().size() < 2) {
      return List.of();
    }
    return facts.accounts().stream()
        .map(
            account ->
                new Page.AccountRow(
                    Providers.displayName(account.provider()),
                    account.name(),
                    summary.byAccount().getOrDefault(account, Count.NOTHING)))
        .toList();
  }

  private static @Nullable Chart chart(Timeline timeline) {
    return timeline.isEmpty() ? null : Chart.of(timeline);
  }

  private String withoutTime() {
    return summary.withoutTime() == 0
        ? ""
        : Formats.quantity(summary.withoutTime(), "delivery is", "deliveries are")
            + " not in this chart: the time of the first failure is not known.";
  }

  private static Map<String, String> advice() {
    return Stream.of(FailureCause.values())
        .collect(Collectors.toMap(Formats::name, FailureCause::advice));
  }

  private String nothingLeft() {
    if (facts.state() == RunFacts.State.RUNNING) {
      return "Nothing so far.";
    }
    boolean isDelivered = facts.report() == null ? summary.all().bad() == 0 : report.allDelivered();
    return isDelivered
        ? "Nothing: no delivery of this run waits for anything."
        : "No delivery is listed here, and yet not everything is delivered, as the top of the page"
            + " says.";
  }

  private List<Page.Fact> facts() {
    var facts = new ArrayList<Page.Fact>();
    facts.add(new Page.Fact("Run", this.facts.run(), true));
    boolean isWitness = this.facts.report() != null;
    if (isWitness && invocation.isKnown()) {
      facts.add(new Page.Fact("Command", invocation.line(), true));
    }
    facts.add(
        new Page.Fact(
            "Accounts",
            this.facts.accounts().stream().map(Formats::name).collect(Collectors.joining(", ")),
            false));
    String where = this.facts.ledger(ledger);
    if (!where.isEmpty()) {
      facts.add(new Page.Fact("Ledger", where, true));
    }
    if (!isWitness) {
      facts.add(
          new Page.Fact(
              "Not known",
              "the run's options, its problems and the names of webhooks: the ledger does not keep"
                  + " them",
              false));
    }
    facts.add(new Page.Fact("Written by", Version.text(), false));
    return facts;
  }
}
