package dev.redrive.cli.page;

import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The deliveries of a run, in groups. */
final class Deliveries {
  /** So many are shown at first; of more, people open the groups that they look for. */
  private static final int MOST_OPEN = 30;

  private static final int MOST_GROUPS = 200;

  /** So many deliveries are asked for the runs that had them. */
  private static final int MOST_HISTORIES = 1500;

  private final RunFacts facts;
  private final RunSummary summary;
  private final RetryLedger ledger;
  private final WebhookNames names;
  private int histories;

  Deliveries(RunFacts facts, RunSummary summary, RetryLedger ledger, WebhookNames names) {
    this.facts = facts;
    this.summary = summary;
    this.ledger = ledger;
    this.names = names;
  }

  /** Returns what is not delivered, by why. */
  List<Page.Group> left() {
    long all = summary.left().values().stream().mapToLong(RunSummary.Named::total).sum();
    return summary.left().entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<RunSummary.Kind, RunSummary.Named> group) -> group.getKey().fate())
                .thenComparing(group -> -group.getValue().total()))
        .limit(MOST_GROUPS)
        .map(
            group ->
                new Page.Group(
                    group.getKey().fate().words(),
                    group.getKey().why(),
                    Formats.number(group.getValue().total()),
                    css(group.getKey().fate()),
                    group.getKey().advice(),
                    all <= MOST_OPEN,
                    true,
                    rows(group.getValue()),
                    rest(group.getValue())))
        .toList();
  }

  /** Returns what is delivered, by endpoint. */
  List<Page.Group> delivered() {
    return summary.delivered().entrySet().stream()
        .sorted(Comparator.comparing(group -> -group.getValue().total()))
        .limit(MOST_GROUPS)
        .map(
            group ->
                new Page.Group(
                    group.getKey().name(),
                    group.getKey().url(),
                    Formats.number(group.getValue().total()),
                    css(Fate.DELIVERED),
                    "",
                    false,
                    false,
                    rows(group.getValue()),
                    rest(group.getValue())))
        .toList();
  }

  /** Returns the class that gives a fate its colour. */
  static String css(Fate fate) {
    return "f-" + fate.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String rest(RunSummary.Named group) {
    long rest = group.total() - group.entries().size();
    return rest == 0
        ? ""
        : "And "
            + Formats.number(rest)
            + " more, which would make this page too large. 'redrive history "
            + facts.run()
            + "' lists all of them.";
  }

  private List<Page.Row> rows(RunSummary.Named group) {
    return group.entries().stream().map(this::row).toList();
  }

  private Page.Row row(LedgerEntry entry) {
    String event = entry.delivery().latest().eventType();
    Integer status = entry.first().httpStatus();
    return new Page.Row(
        entry.key().id(),
        facts.accounts().size() > 1 ? Formats.name(entry.account()) : "",
        event == null || event.isEmpty() ? "–" : event,
        Endpoint.of(entry, names),
        Formats.time(entry.first().at()),
        order(entry.first().at()),
        Formats.name(entry.first().cause()) + (status == null ? "" : ", HTTP " + status),
        since(entry),
        order(entry.settledAt()));
  }

  private static long order(@Nullable Instant time) {
    return time == null ? 0 : time.getEpochSecond();
  }

  /** What was done since; the ledger keeps the latest result, and how often it was sent. */
  private List<String> since(LedgerEntry entry) {
    var since = new ArrayList<String>();
    Instant requested = entry.requestedAt();
    if (entry.sends() == 0 && entry.settledAt() == null) {
      since.add("Not sent");
    }
    if (entry.sends() > 0) {
      String times = entry.sends() == 1 ? "Sent once" : "Sent " + entry.sends() + " times";
      String at = requested == null ? "" : Formats.SHORT.format(requested);
      since.add(times + (at.isEmpty() ? "" : (entry.sends() == 1 ? ", " : ", last ") + at));
    }
    if (entry.settledAt() != null) {
      String fate = RunSummary.fate(entry).words();
      since.add(
          fate.substring(0, 1).toUpperCase(Locale.ROOT)
              + fate.substring(1)
              + " "
              + Formats.SHORT.format(entry.settledAt()));
    }
    if (RunSummary.fate(entry) == Fate.DELIVERED && entry.reason() != null) {
      since.add(entry.reason());
    }
    List<LedgerRun> runs = runs(entry);
    if (runs.size() > 1) {
      since.add(
          "In "
              + runs.size()
              + " runs: "
              + runs.stream().map(this::name).collect(Collectors.joining(", ")));
    }
    return since;
  }

  private String name(LedgerRun run) {
    return run.id() + (run.id().equals(facts.run()) ? " (this one)" : "");
  }

  /** One that was sent once is not worth a question. */
  private List<LedgerRun> runs(LedgerEntry entry) {
    boolean isAsked = entry.sends() > 1 || RunSummary.fate(entry).isNotDelivered();
    if (!isAsked || histories++ >= MOST_HISTORIES) {
      return List.of();
    }
    return ledger.admin().find(entry.key()).map(history -> history.runs()).orElse(List.of());
  }
}
