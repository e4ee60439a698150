package dev.redrive.recovery;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.RetryLedger.Admission;
import dev.redrive.recovery.RetryLedger.Round;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A delivery in memory. */
final class MemoryDelivery {
  static final Comparator<MemoryDelivery> OLDEST_FIRST =
      Comparator.comparing(
              (MemoryDelivery d) -> d.delivery.latest().createdAt(),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(MemoryDelivery::id);

  private final long id;
  private final DeliveryKey key;
  private final Set<String> logIds = new HashSet<>(2);
  private MemoryRun holder;
  private FailedDelivery delivery;
  private DeliveryState state = DeliveryState.FOUND;
  private int sends;
  private @Nullable String newLogId;
  private @Nullable String reason;
  private @Nullable Instant requestedAt;
  private @Nullable Instant settledAt;

  MemoryDelivery(long id, FailedDelivery found, MemoryRun holder) {
    this.id = id;
    this.key = found.key();
    this.delivery = kept(found);
    this.logIds.add(found.latest().logId());
    this.holder = holder;
    holder.add(this);
  }

  long id() {
    return id;
  }

  Account account() {
    return Account.of(key);
  }

  MemoryRun holder() {
    return holder;
  }

  String logId() {
    return delivery.latest().logId();
  }

  /** Its own log, and those that retries made. */
  Set<String> logIds() {
    return logIds;
  }

  void addLog(String logId) {
    logIds.add(logId);
  }

  @Nullable String webhookId() {
    return delivery.latest().webhookId();
  }

  /** What it shares with deliveries that reading cannot tell from it; null where it can. */
  InMemoryLedger.@Nullable Subject subject() {
    WebhookLog log = delivery.latest();
    return log.lineage().equals(log.logId())
        ? new InMemoryLedger.Subject(account(), log.webhookId(), log.eventId())
        : null;
  }

  DeliveryState state() {
    return state;
  }

  boolean keepsSiblingsWaiting() {
    return subject() != null
        && (state == DeliveryState.SENDING || (state == DeliveryState.UNKNOWN && isWorthAsking()));
  }

  Instant requestedAt() {
    return Objects.requireNonNull(requestedAt, "requestedAt");
  }

  boolean isWorthAsking() {
    return state.isUnsettled() && settledAt == null;
  }

  LedgerEntry entry() {
    return new LedgerEntry(
        id, key, delivery, state, sends, newLogId, reason, requestedAt, settledAt);
  }

  /** Whether {@code run} may send it, else why not; null stands for a run yet to begin. */
  Admission admission(@Nullable MemoryRun run, Round round, Instant now) {
    if (state == DeliveryState.JOINED) {
      return Admission.PART_OF_LINEAGE;
    }
    if (holder == run) {
      return Admission.IN_THIS_RUN;
    }
    boolean isFree = !holder.isAlive(now);
    Admission sendable = isFree ? Admission.ADMITTED : Admission.OTHER_RUN;
    return switch (state) {
      case FOUND -> sendable;
      case FAILED_AGAIN -> round == Round.ANOTHER ? sendable : Admission.FAILED_AGAIN_EARLIER;
      case REJECTED -> round == Round.ANOTHER ? sendable : Admission.REJECTED_EARLIER;
      case DELIVERED -> Admission.ALREADY_DELIVERED;
      // A run that begins takes over what is free before it lists anything.
      case SENDING, ACCEPTED, UNKNOWN ->
          isFree && run == null ? Admission.IN_THIS_RUN : Admission.OTHER_RUN;
      case JOINED -> Admission.PART_OF_LINEAGE;
    };
  }

  void queueFor(MemoryRun run) {
    change(
        () -> {
          holder = run;
          state = DeliveryState.FOUND;
          reason = null;
          settledAt = null;
        });
  }

  /** While it waits, the newest attempt is the one to retry. */
  void keepNewer(FailedDelivery found) {
    if (state == DeliveryState.FOUND && isNewer(found.latest(), delivery.latest())) {
      change(() -> delivery = kept(found));
    }
  }

  void claim(Instant now) {
    change(
        () -> {
          state = DeliveryState.SENDING;
          sends++;
          newLogId = null;
          reason = null;
          requestedAt = now;
          settledAt = null;
        });
  }

  /** Whether it is still as a run read it. */
  boolean isStill(LedgerEntry entry, MemoryRun run) {
    return holder == run
        && state == entry.state()
        && sends == entry.sends()
        && (settledAt == null) == (entry.settledAt() == null);
  }

  void record(RetryResult result) {
    change(
        () -> {
          state =
              switch (result.status()) {
                case ACCEPTED -> DeliveryState.ACCEPTED;
                case REJECTED -> DeliveryState.REJECTED;
                case NOT_SENT -> DeliveryState.FOUND;
                case UNKNOWN -> DeliveryState.UNKNOWN;
              };
          newLogId = result.newLogId();
          reason = shortened(result.reason());
          requestedAt = result.requestedAt();
          settledAt = state == DeliveryState.REJECTED ? requestedAt : null;
        });
  }

  void settle(RetryOutcome outcome, Instant now) {
    change(
        () -> {
          WebhookLog log = outcome.log();
          reason = shortened(outcome.reason());
          if (outcome.status() == RetryOutcome.Status.PENDING) {
            return;
          }
          state =
              switch (outcome.status()) {
                case DELIVERED -> DeliveryState.DELIVERED;
                case FAILED_AGAIN -> DeliveryState.FAILED_AGAIN;
                case NOT_SENT -> DeliveryState.FOUND;
                case UNKNOWN -> DeliveryState.UNKNOWN;
                case PENDING -> state;
              };
          newLogId = log == null ? newLogId : log.logId();
          settledAt = state == DeliveryState.FOUND ? null : now;
          if (state == DeliveryState.FAILED_AGAIN && log != null) {
            delivery = kept(new FailedDelivery(log, cause(log)));
          }
        });
  }

  void passTo(MemoryRun heir, Instant now) {
    change(
        () -> {
          holder = heir;
          if (state == DeliveryState.SENDING) {
            state = DeliveryState.UNKNOWN;
            reason = "the run that sent it ended before it recorded the answer";
            requestedAt = now;
          }
        });
  }

  void joinIfWaiting() {
    if (state == DeliveryState.FOUND) {
      change(() -> state = DeliveryState.JOINED);
    }
  }

  private void change(Runnable change) {
    holder.remove(this);
    change.run();
    holder.add(this);
  }

  /** Where neither attempt has a status, the provider tells none: the cause stays. */
  private FailureCause cause(WebhookLog log) {
    return log.httpStatus() == null && delivery.latest().httpStatus() == null
        ? delivery.cause()
        : FailureCause.ofHttpStatus(log.httpStatus());
  }

  private static boolean isNewer(WebhookLog log, WebhookLog than) {
    int order = compare(log.createdAt(), than.createdAt());
    if (order == 0) {
      order = compare(log.attemptedAt(), than.attemptedAt());
    }
    if (order == 0) {
      order = compare(log.attemptNumber(), than.attemptNumber());
    }
    return order > 0;
  }

  private static <T extends Comparable<T>> int compare(@Nullable T a, @Nullable T b) {
    return a == null || b == null ? 0 : a.compareTo(b);
  }

  private static @Nullable String shortened(@Nullable String reason) {
    return reason == null ? null : ProviderText.clean(reason);
  }

  /** What a ledger keeps: nothing that could hold a payload, a response or a signature. */
  private static FailedDelivery kept(FailedDelivery found) {
    WebhookLog log = found.latest();
    return new FailedDelivery(
        WebhookLog.builder(log.key(), DeliveryStatus.FAILED)
            .logId(log.logId())
            .lineage(log.lineage())
            .webhook(log.webhookId(), null, ProviderText.endpoint(log.endpoint()))
            .event(log.eventId(), log.eventType())
            .httpStatus(log.httpStatus())
            .attemptNumber(log.attemptNumber())
            .createdAt(log.createdAt())
            .attemptedAt(log.attemptedAt())
            .build(),
        found.cause());
  }
}
