package dev.redrive.cli.commands;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Times;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one id that {@code redrive retry} was given.
 *
 * @param result {@code ACCEPTED}, {@code REJECTED}, {@code NOT_SENT}, {@code UNKNOWN}, {@code
 *     SKIPPED} or {@code NOT_FOUND}
 * @param outcome what became of its event; null if there is nothing to wait for
 * @param isDone whether the event is delivered, or another answer of the call tells of it
 */
public record RetryAnswer(
    DeliveryKey key,
    String result,
    RetryOutcome.@Nullable Status outcome,
    @Nullable String newLogId,
    @Nullable String reason,
    @Nullable String advice,
    boolean isDone) {
  private static final String SKIPPED = "SKIPPED";

  public static RetryAnswer of(
      NamedDeliveries named,
      String id,
      Map<DeliveryKey, SkipReason> skipped,
      RecoveryReport report) {
    DeliveryKey key = named.keyOf(id);
    RetryResult result = named.resultOf(key);
    if (result != null) {
      return sent(key, result, named.outcomeOf(key));
    }
    RetryResult other = named.sentInPlaceOf(id);
    if (other != null) {
      return earlierAttempt(key, other, named.outcomeOf(other.key()));
    }
    WebhookLog needless = named.needless(id);
    if (needless != null) {
      return needless(key, needless);
    }
    SkipReason reason = skipped.get(key);
    if (reason != null) {
      return skipped(key, reason);
    }
    LedgerEntry entry = named.entryOf(id);
    if (entry != null && entry.state() != DeliveryState.FOUND) {
      return recorded(key, entry, List.of());
    }
    boolean read =
        report.problems().stream().allMatch(problem -> problem.account() == null)
            && report.end() == RecoveryReport.End.FINISHED;
    return read && !named.wasFound(id)
        ? answer(
            key,
            "NOT_FOUND",
            null,
            null,
            named.whyNotFound(),
            "'redrive failures' lists what there is.")
        : answer(key, "NOT_SENT", null, null, "the run stopped before its turn", null);
  }

  /**
   * What the ledger says of a delivery that is not sent.
   *
   * @param runs those that had it, the latest first
   */
  public static RetryAnswer recorded(DeliveryKey key, LedgerEntry entry, List<LedgerRun> runs) {
    RetryOutcome.Status outcome =
        switch (entry.state()) {
          case DELIVERED -> RetryOutcome.Status.DELIVERED;
          case FAILED_AGAIN -> RetryOutcome.Status.FAILED_AGAIN;
          case REJECTED -> RetryOutcome.Status.REJECTED;
          case FOUND -> RetryOutcome.Status.NOT_SENT;
          case SENDING, ACCEPTED -> RetryOutcome.Status.PENDING;
          case UNKNOWN ->
              entry.isWorthAsking() ? RetryOutcome.Status.PENDING : RetryOutcome.Status.UNKNOWN;
        };
    LedgerRun holder = runs.stream().filter(LedgerRun::isAlive).findFirst().orElse(null);
    String who =
        holder == null
            ? runs.isEmpty() ? "" : ", last held by run " + runs.get(0).id()
            : ", held by run " + holder.id() + ", which is alive";
    String advice = DeliveryView.advice(entry, holder != null);
    return answer(
        key,
        SKIPPED,
        outcome,
        entry.newLogId(),
        "not sent: the ledger says "
            + Fate.of(entry.state()).words()
            + (entry.settledAt() == null ? "" : " at " + Times.seconds(entry.settledAt()))
            + who
            + (entry.reason() == null ? "" : ": " + entry.reason()),
        advice.isEmpty() ? null : advice);
  }

  /** The provider shows, by the delivery's id, that it needs no retry. */
  private static RetryAnswer needless(DeliveryKey key, WebhookLog log) {
    boolean isDelivered = log.status() == DeliveryStatus.SUCCEEDED;
    return answer(
        key,
        SKIPPED,
        isDelivered ? RetryOutcome.Status.DELIVERED : RetryOutcome.Status.PENDING,
        null,
        isDelivered
            ? "not sent: the provider shows that it was delivered, in log " + log.logId()
            : "not sent: the provider is still sending it",
        isDelivered ? null : "Ask again later: 'redrive show " + key.id() + "' tells.");
  }

  /** Of several logs of one event the newest is sent; its outcome is that of all of them. */
  private static RetryAnswer earlierAttempt(
      DeliveryKey key, RetryResult other, @Nullable RetryOutcome outcome) {
    return answer(
        key,
        SKIPPED,
        status(other, outcome),
        null,
        "not sent: an earlier attempt of the same event as "
            + other.key().id()
            + ", whose retry counts for both",
        null);
  }

  private static RetryAnswer skipped(DeliveryKey key, SkipReason reason) {
    return new RetryAnswer(
        key,
        SKIPPED,
        reason == SkipReason.ALREADY_DELIVERED ? RetryOutcome.Status.DELIVERED : null,
        null,
        "not sent: " + reason.description(),
        null,
        !reason.leavesUndelivered());
  }

  private static RetryAnswer sent(
      DeliveryKey key, RetryResult result, @Nullable RetryOutcome outcome) {
    RetryOutcome.Status status = status(result, outcome);
    if (outcome == null) {
      return answer(key, result.status().name(), status, result.newLogId(), result.reason(), null);
    }
    WebhookLog log = outcome.log();
    FailureCause cause =
        log != null && status == RetryOutcome.Status.FAILED_AGAIN
            ? FailedDelivery.of(log).cause()
            : null;
    String reason = outcome.reason() == null ? result.reason() : outcome.reason();
    return answer(
        key,
        result.status().name(),
        status,
        log == null ? result.newLogId() : log.logId(),
        reason == null && cause != null ? cause.name() : reason,
        cause == null ? null : cause.advice());
  }

  private static RetryAnswer answer(
      DeliveryKey key,
      String result,
      RetryOutcome.@Nullable Status outcome,
      @Nullable String newLogId,
      @Nullable String reason,
      @Nullable String advice) {
    return new RetryAnswer(
        key, result, outcome, newLogId, reason, advice, outcome == RetryOutcome.Status.DELIVERED);
  }

  /** Before anything is read, what the result says of the outcome. */
  private static RetryOutcome.Status status(RetryResult result, @Nullable RetryOutcome outcome) {
    if (outcome != null) {
      return outcome.status();
    }
    return switch (result.status()) {
      case ACCEPTED, UNKNOWN -> RetryOutcome.Status.PENDING;
      case REJECTED -> RetryOutcome.Status.REJECTED;
      case NOT_SENT -> RetryOutcome.Status.NOT_SENT;
    };
  }

  public String id() {
    return key.id();
  }

  public Fields fields() {
    return new Fields()
        .key(key)
        .text("result", result)
        .value("outcome", outcome)
        .text("newLogId", newLogId)
        .text("reason", reason)
        .text("advice", advice);
  }
}
