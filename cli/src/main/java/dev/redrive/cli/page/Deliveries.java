package dev.redrive.cli.page;

import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRetry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The deliveries of a run, in groups. */
final class Deliveries {
  /** So many are shown at first; of more, people open the groups that they look for. */
  private static final int MOST_OPEN = 30;

  private static final int MOST_GROUPS = 200;

  private final RunFacts facts;
  private final RunSummary summary;
  private final RetryLedger ledger;
  private final WebhookNames names;

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
    Map<Long, List<LedgerRetry>> retries = ledger.admin().retries(group.entries());
    return group.entries().stream()
        .map(entry -> row(entry, retries.getOrDefault(entry.id(), List.of())))
        .toList();
  }

  private Page.Row row(LedgerEntry entry, List<LedgerRetry> retries) {
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
        since(entry, retries),
        order(entry.settledAt()));
  }

  private static long order(@Nullable Instant time) {
    return time == null ? 0 : time.getEpochSecond();
  }

  /** What was done since. */
  private List<String> since(LedgerEntry entry, List<LedgerRetry> retries) {
    var since = new ArrayList<String>();
    retries.forEach(retry -> since.add(words(retry)));
    if (entry.state() == DeliveryState.FOUND) {
      since.add(retries.isEmpty() ? "Not sent" : "Queued again");
    }
    Instant settled = entry.settledAt();
    boolean isByRetry =
        !retries.isEmpty() && Objects.equals(settled, retries.get(retries.size() - 1).settledAt());
    if (settled != null && !isByRetry) {
      since.add(
          "Settled "
              + Formats.SHORT.format(settled)
              + ": "
              + Objects.requireNonNullElse(entry.reason(), RunSummary.fate(entry).words()));
    }
    return since;
  }

  private String words(LedgerRetry retry) {
    String why = Fate.why(retry);
    return "Retry "
        + Formats.SHORT.format(retry.requestedAt())
        + (retry.run().equals(facts.run()) ? "" : " by run " + retry.run())
        + ", "
        + RunSummary.fate(retry.state()).words()
        + (retry.settledAt() == null ? "" : " " + Formats.SHORT.format(retry.settledAt()))
        + (why.isEmpty() ? "" : ": " + why);
  }
}
