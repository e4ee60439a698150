package dev.redrive.recovery.ledger;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queries and corrections of a ledger by people, from any machine that shares it, even while runs
 * are active.
 *
 * <p>Every method throws {@link LedgerException} if the ledger cannot be read or written.
 */
public interface LedgerAdmin {
  /**
   * Finds a delivery.
   *
   * @param key its id can be the id of the delivery, its lineage, or the id of one of its logs that
   *     the ledger knows: the latest attempt, and the new attempts of retries. If ids are unique at
   *     the provider, the account may have any name
   * @return empty if the ledger does not know it
   */
  Optional<History> find(DeliveryKey key);

  /**
   * A delivery, the runs that had it, and what they did.
   *
   * @param entry the delivery
   * @param runs the runs that were given it, newest first
   * @param retries its retries, oldest first; see {@link #retries}
   */
  record History(LedgerEntry entry, List<LedgerRun> runs, List<LedgerRetry> retries) {
    public History {
      Objects.requireNonNull(entry, "entry");
      runs = List.copyOf(runs);
      retries = List.copyOf(retries);
    }
  }

  /**
   * Returns the retries of deliveries, also those that are under way, by entry id and oldest first.
   * Deliveries without one are left out. A claim that was put back before its request began is not
   * a retry.
   */
  Map<Long, List<LedgerRetry>> retries(List<LedgerEntry> entries);

  /**
   * Corrects a delivery, for a person who knows more than the logs say. The check and the change
   * are atomic, so no run can claim the delivery in between. If nothing needs to change, the result
   * is {@link Result#DONE}.
   *
   * @param key as in {@link #find}
   */
  Result resolve(DeliveryKey key, Resolution resolution);

  /** A correction. */
  enum Resolution {
    /** The event arrived: it becomes {@link DeliveryState#DELIVERED}, and is not sent again. */
    DELIVERED,
    /**
     * Send it again, whatever its state. It is queued as if an approved run had left it, and the
     * next run sends it. Runs that had it before do not.
     */
    SEND_AGAIN
  }

  /** The result of a correction. */
  enum Result {
    /** The correction is made. */
    DONE("done"),
    /** Nothing changed: a retry is claimed, or its outcome may still be read. */
    UNDER_WAY(
        "is being sent, or its outcome is not known yet: wait until its run has ended. If that run"
            + " died, run a recovery, which reads the outcome"),
    /** Nothing changed: the ledger does not know it. */
    NOT_FOUND(
        "is not in the ledger: check provider, account and id, and that this is the ledger that"
            + " the recovery used");

    private final String description;

    Result(String description) {
      this.description = description;
    }

    /**
     * Returns the end of a sentence about the delivery, for people: what is wrong and what to do.
     */
    public String description() {
      return description;
    }
  }

  /**
   * Forgets the deliveries of an account that were settled before a time: delivered, failed again,
   * rejected, or unknown for good. It keeps deliveries that are queued or in progress, deliveries
   * of a run that is alive or was seen alive since that time, and the delivery that the ledger
   * stored last. Runs of the account that ended before that time and have no deliveries left are
   * forgotten, too, and so are {@link CatchUps.Window windows} in which no catch-up began since
   * then: those of accounts or filters that are no longer in use.
   *
   * <p>A forgotten delivery that the provider still lists is new to the next run, which sends it
   * again. That is why the caller must say how long failures stay listed. Some providers do not
   * document it ({@link dev.redrive.ProviderTraits#retention()} is null): then the caller must
   * choose a duration that is long enough.
   *
   * <p>Works in parts, so that other runs may go on. Each delivery is forgotten as a whole; if this
   * method throws, some are already forgotten.
   *
   * @param account the account for which the deliveries were last listed
   * @param before the time before which they were settled
   * @param retention how long the account's provider lists a failure
   * @throws IllegalArgumentException if {@code before} is less than {@code retention} ago by the
   *     ledger's own clock
   */
  Purged purge(Account account, Instant before, Duration retention);

  /**
   * Counts what was forgotten.
   *
   * @param deliveries the number of deliveries
   * @param runs the number of runs
   * @param windows the number of windows
   */
  record Purged(long deliveries, long runs, long windows) {}

  /**
   * Counts the deliveries of an account that are not delivered and that the provider will soon no
   * longer list: their latest attempt was recorded so long ago that less than a seventh of the
   * retention is left. Those beyond it are not counted. Takes a while in a large ledger.
   *
   * @param account the account for which the deliveries were last listed
   * @param retention how long the account's provider lists a failure: {@link
   *     dev.redrive.ProviderTraits#retention}
   */
  long expiring(Account account, Duration retention);

  /** Returns the age from which on a failure will soon no longer be listed. */
  static Duration expiresSoonAt(Duration retention) {
    return retention.minus(retention.dividedBy(7));
  }

  /**
   * Returns what the ledger holds. Counts all deliveries, which takes a while in a large ledger.
   */
  Contents contents();

  /**
   * What a ledger holds.
   *
   * @param name its location, for people; never with credentials
   * @param schema the version of its tables; 0 if it has none
   * @param bytes its size; null if it is not stored
   * @param deliveries how many deliveries it knows, by the account for which they were last listed
   *     and by state; without what there is none of
   * @param runs how many runs it knows
   * @param oldest when the oldest run began; null if there was none
   */
  record Contents(
      String name,
      int schema,
      @Nullable Long bytes,
      Map<Account, Map<DeliveryState, Long>> deliveries,
      long runs,
      @Nullable Instant oldest) {
    public Contents {
      deliveries = Map.copyOf(deliveries);
    }

    /** Returns how many deliveries it knows in all. */
    public long deliveriesInAll() {
      return deliveries.values().stream()
          .flatMap(states -> states.values().stream())
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  /**
   * Asks a run to stop, on whatever machine it is. The run notices it with its next sign of life,
   * within 3 seconds, and is cancelled as by {@link Recovery#cancel}.
   *
   * @return false if it has already ended; true even if it has died
   * @throws IllegalArgumentException if there is no such run
   */
  boolean stop(String run);

  /**
   * For implementations: throws if a purge could forget deliveries that may still be listed.
   *
   * @param now the time by the ledger's clock
   */
  static void requireUnlisted(Account account, Instant before, Duration retention, Instant now) {
    if (retention.isNegative()) {
      throw new IllegalArgumentException(
          "retention is " + retention + ": pass how long the provider lists a failure");
    }
    Instant latest = now.minus(retention);
    if (before.isAfter(latest)) {
      throw new IllegalArgumentException(
          "Cannot forget what "
              + account
              + " settled before "
              + before
              + ": deliveries newer than "
              + latest
              + " may still be listed, and would be sent again. Pass that time or an earlier one");
    }
  }
}
