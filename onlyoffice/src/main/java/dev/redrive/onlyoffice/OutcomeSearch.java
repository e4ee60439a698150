package dev.redrive.onlyoffice;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the outcomes of all retries of one call. It walks the logs from the newest to the oldest,
 * because new attempts are near the top, and changes to one request per log if that takes fewer
 * requests.
 *
 * <p>If the portal named no new log for a retry, the outcome is inferred from evidence: a newer log
 * of the same event or, in builds that reset the retried log, a change of that log. If the walk
 * reaches the retried log without such evidence, there was no attempt. If the retried log is gone,
 * nothing is proved. If one event was retried several times, each retry needs a new log of its own.
 * But once the event is delivered, it is delivered for all earlier retries.
 */
final class OutcomeSearch {
  private static final String GONE =
      "its log is no longer listed: the portal deletes a webhook and its logs when the endpoint"
          + " returns 410";
  private static final String NOTHING_YET = "no new attempt in the portal's log so far";
  private static final String NOTHING = "no new attempt in the portal's log";
  private static final String ANOTHERS =
      "the portal reset the log for another retry of it, perhaps not for this one";
  private static final String UNREADABLE =
      "the portal's log has a newer row that cannot be read, which may be the new attempt";
  private static final String NAMELESS =
      "the log does not identify its event, so a new attempt cannot be recognized";

  private static final Comparator<Sought> NEWEST_RETRIED =
      Comparator.comparingInt(Sought::logId).thenComparing(one -> one.result().requestedAt());

  private final PortalLogs logs;
  private final Consumer<List<RetryOutcome>> reader;

  /** The results whose outcomes were not passed on yet. */
  private final List<Sought> sought = new ArrayList<>();

  private final Map<Integer, List<Sought>> byLog = new HashMap<>();
  private final Map<String, List<Sought>> byEvent = new HashMap<>();

  /** Logs that are evidence for one result, and so not for another. */
  private final Set<Integer> claimed = new HashSet<>();

  /** Whether the walk has passed a log whose event cannot be identified. */
  private boolean anyUnreadable;

  private int left;

  OutcomeSearch(PortalLogs logs, Consumer<List<RetryOutcome>> reader) {
    this.logs = logs;
    this.reader = reader;
  }

  void run(List<Sought> all) {
    all.forEach(this::seek);
    boolean seeksEvents = sought.stream().anyMatch(one -> !one.isNamed() && one.namesEvent());
    if (left > 1 || seeksEvents) {
      walk();
    } else if (left > 0) {
      askForEach();
    }
    handOver(one -> true);
  }

  private void seek(Sought one) {
    sought.add(one);
    left++;
    byLog.computeIfAbsent(one.logId(), log -> new ArrayList<>()).add(one);
    if (one.isNamed()) {
      claimed.add(one.logId());
    }
    if (one.namesEvent()) {
      byEvent.computeIfAbsent(one.result().delivery().lineage(), e -> new ArrayList<>()).add(one);
    }
  }

  private void handOver(Predicate<Sought> which) {
    var outcomes = new ArrayList<RetryOutcome>();
    sought.removeIf(one -> which.test(one) && outcomes.add(one.outcome()));
    if (!outcomes.isEmpty()) {
      reader.accept(outcomes);
    }
  }

  private void walk() {
    boolean asked = false;
    int rows = 0;
    int first = 0;
    Integer webhook = commonWebhook();
    var leftOut = new LeftOutRows();
    PageReader.Rows<PortalLog> listed = logs.all(webhook, left, leftOut);
    while (listed.hasNext()) {
      WebhookLog log = logs.log(listed.next(), webhook);
      anyUnreadable |= leftOut.soFar().unreadable() > 0;
      int id = Integer.parseInt(log.logId());
      first = rows == 0 ? id : first;
      consider(id, log);
      anyUnreadable |= !Fingerprint.isOne(log.lineage());
      if (left == 0) {
        return;
      }
      if (++rows % PortalLogs.PAGE_SIZE == 0) {
        int lowest = lowest();
        if (id < lowest) {
          break;
        }
        double rowsToGo = (double) (id - lowest) * rows / Math.max(1, first - id);
        if (!asked && rowsToGo > (double) left * PortalLogs.PAGE_SIZE) {
          askForEach();
          asked = true;
        }
        if (left == 0) {
          return;
        }
      }
      if (!listed.isNextAtHand()) {
        // The outcome of a named log is final now. Other outcomes may change with older logs.
        handOver(one -> one.isNamed() && one.logId() >= id && !one.isOpen());
      }
    }
    open().forEach(this::settleWithoutLog);
  }

  private void consider(int id, WebhookLog log) {
    List<Sought> ofEvent =
        byEvent.getOrDefault(log.lineage(), List.of()).stream()
            .filter(one -> one.logId() < id)
            .toList();
    if (log.status() == DeliveryStatus.SUCCEEDED) {
      ofEvent.forEach(one -> settle(one, log));
    } else if (!claimed.contains(id)) {
      // A new log belongs to the retry of the newest of the retried logs below it.
      ofEvent.stream()
          .filter(one -> one.isOpen() && !one.isNamed())
          .max(NEWEST_RETRIED)
          .ifPresent(one -> settle(one, log));
    }
    for (Sought one : byLog.getOrDefault(id, List.of())) {
      if (one.isOpen() && !settleByOwnLog(one, log)) {
        settleByAbsence(one);
      }
    }
  }

  /** Settles a retry for which the walk found no new attempt. */
  private void settleByAbsence(Sought one) {
    if (anyUnreadable) {
      settle(one, RetryOutcome.Status.UNKNOWN, UNREADABLE);
      return;
    }
    boolean lost = one.result().status() == RetryResult.Status.UNKNOWN;
    settle(one, lost ? RetryOutcome.Status.NOT_SENT : RetryOutcome.Status.UNKNOWN, NOTHING);
  }

  /** Reads each remaining log by its id. This does not show whether there is a newer log. */
  private void askForEach() {
    List<Sought> open = open();
    List<Integer> ids = open.stream().map(Sought::logId).distinct().toList();
    Map<Integer, WebhookLog> found = logs.read(ids);
    for (Sought one : open) {
      WebhookLog log = found.get(one.logId());
      if (log == null) {
        settleWithoutLog(one);
      } else {
        settleByOwnLog(one, log);
      }
    }
  }

  private void settleWithoutLog(Sought one) {
    if (one.isSettled()) {
      settle(one, RetryOutcome.Status.UNKNOWN, GONE);
    } else {
      settle(one, RetryOutcome.Status.PENDING, NOTHING_YET);
    }
  }

  /** Settles a retry by its own log. Returns false if newer logs are needed as evidence. */
  private boolean settleByOwnLog(Sought one, WebhookLog log) {
    boolean reset = !one.isNamed() && one.isChanged(log);
    boolean anothers = reset && claimed.contains(one.logId());
    if (one.isNamed() || (reset && (!anothers || log.status() == DeliveryStatus.SUCCEEDED))) {
      settle(one, log);
    } else if (!one.isSettled()) {
      settle(one, RetryOutcome.Status.PENDING, NOTHING_YET);
    } else if (anothers) {
      settle(one, RetryOutcome.Status.UNKNOWN, ANOTHERS);
    } else if (!one.namesEvent()) {
      settle(one, RetryOutcome.Status.UNKNOWN, NAMELESS);
    } else {
      return false;
    }
    return true;
  }

  private void settle(Sought one, WebhookLog log) {
    claimed.add(Integer.parseInt(log.logId()));
    settle(one, RetryOutcome.of(one.result(), log));
  }

  private void settle(Sought one, RetryOutcome.Status status, String reason) {
    settle(one, RetryOutcome.of(one.result(), status, reason));
  }

  private void settle(Sought one, RetryOutcome outcome) {
    left -= one.isOpen() ? 1 : 0;
    one.settle(outcome);
  }

  private List<Sought> open() {
    return sought.stream().filter(Sought::isOpen).toList();
  }

  private int lowest() {
    return sought.stream().filter(Sought::isOpen).mapToInt(Sought::logId).min().orElse(0);
  }

  /** Returns the webhook of all open retries, to narrow the list; null if there are several. */
  private @Nullable Integer commonWebhook() {
    List<@Nullable String> webhooks =
        open().stream()
            .map(one -> one.result().delivery().latest().webhookId())
            .distinct()
            .limit(2)
            .toList();
    return webhooks.size() == 1 ? PortalId.parse(webhooks.get(0)) : null;
  }
}
