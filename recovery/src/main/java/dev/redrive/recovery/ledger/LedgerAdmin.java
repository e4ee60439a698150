package dev.redrive.recovery.ledger;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What people ask of a ledger, and correct in it, while runs go on or between them, from any
 * machine that shares it.
 *
 * <p>Every method throws {@link LedgerException} if the ledger cannot be read or written.
 */
public interface LedgerAdmin {
  /**
   * What became of a delivery.
   *
   * @param key its id can be the delivery's own, its lineage, or the id of any log of it that the
   *     ledger keeps: that of the latest attempt, and those that retries made. Where ids are unique
   *     at the provider, the account may have any name
   * @return empty if the ledger does not know it
   */
  Optional<History> find(DeliveryKey key);

  /**
   * A delivery and those who had to do with it.
   *
   * @param entry where it stands
   * @param runs the runs that it was given to, newest first
   */
  record History(LedgerEntry entry, List<LedgerRun> runs) {
    public History {
      Objects.requireNonNull(entry, "entry");
      runs = List.copyOf(runs);
    }
  }

  /**
   * Stores what a person knows better than the logs told. Atomic: no run claims a delivery between
   * the look at it and the change. To ask for what is so already is {@link Result#DONE}.
   *
   * @param key as in {@link #find}
   */
  Result resolve(DeliveryKey key, Resolution resolution);

  /** What a person says of a delivery. */
  enum Resolution {
    /** It arrived: it becomes {@link DeliveryState#DELIVERED}, and nothing sends it again. */
    DELIVERED,
    /**
     * It is to be sent once more, whatever became of it: it waits as if an approved run had left it
     * queued, and the next run takes it along. Runs that had it before do not send it.
     */
    SEND_AGAIN
  }

  /** What came of a correction. */
  enum Result {
    /** It is as it was said to be. */
    DONE("done"),
    /** Nothing changed: a retry of it is claimed, or what came of one may still be read. */
    UNDER_WAY(
        "is being sent, or its outcome is not known yet: wait until its run has ended. If that run"
            + " died, run a recovery, which reads what became of it"),
    /** Nothing changed: the ledger does not know it. */
    NOT_FOUND(
        "is not in the ledger: check provider, account and id, and whether this is the ledger that"
            + " the recovery used");

    private final String description;

    Result(String description) {
      this.description = description;
    }

    /** What to tell of the delivery, for people; what to do, unless it is done. */
    public String description() {
      return description;
    }
  }

  /**
   * Forgets deliveries of an account that were settled before some time: delivered, failed again,
   * rejected, or unknown for good. What waits or is under way stays, however old, and so does what
   * a living run was given, what a run had that was seen alive since, and the delivery that the
   * ledger stored last of all. Runs of the account that ended before and have nothing left are
   * forgotten too.
   *
   * <p>A delivery that is forgotten and that the provider still lists is new to the next run, which
   * sends it again. That is why the caller says how long failures stay listed. Some providers do
   * not tell ({@link dev.redrive.ProviderTraits#retention()} is null): they have no default, and
   * the caller has to give a duration that is long enough.
   *
   * <p>Works in parts, so that runs may go on beside it: each delivery is forgotten as a whole, and
   * where this method throws, some are.
   *
   * @param account the account that deliveries were listed for last
   * @param retention how long the account's provider lists a failure
   * @throws IllegalArgumentException if {@code before} is less than {@code retention} ago by the
   *     ledger's own clock
   */
  Purged purge(Account account, Instant before, Duration retention);

  /**
   * What was forgotten.
   *
   * @param deliveries how many deliveries
   * @param runs how many runs
   */
  record Purged(long deliveries, long runs) {}

  /**
   * Has a run end, wherever it is: it learns of it with its next sign of life, within 3 seconds,
   * and is cancelled as by {@link Recovery#cancel}.
   *
   * @return false if it has ended already. That of a run that died is true, and does nothing
   * @throws IllegalArgumentException if there is no such run
   */
  boolean stop(String run);

  /**
   * For ledgers: refuses to forget what may still be listed.
   *
   * @param now by the ledger's clock
   */
  static void requireUnlisted(Account account, Instant before, Duration retention, Instant now) {
    if (retention.isNegative()) {
      throw new IllegalArgumentException(
          "retention is " + retention + ": say how long the provider lists a failure");
    }
    Instant latest = now.minus(retention);
    if (before.isAfter(latest)) {
      throw new IllegalArgumentException(
          "Cannot forget what "
              + account
              + " settled before "
              + before
              + ": what is newer than "
              + latest
              + " may still be listed, and would be sent again. Give that time or an earlier one");
    }
  }
}
