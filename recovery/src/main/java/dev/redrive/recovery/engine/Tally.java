package dev.redrive.recovery.engine;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.Listing.LeftOut;
import dev.redrive.ProviderText;
import dev.redrive.ProviderTraits;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what is listed of one account, in memory that does not grow with it. */
final class Tally {
  private static final int MOST_NAMES = 1000;
  private static final String OTHERS = "(others)";
  private static final String NOT_TOLD = "(not told)";

  /** A share of the retention that counts as "about to fall out". */
  private static final int EXPIRING_SHARE = 7;

  private final ProviderTraits traits;
  private final Instant now;
  private final Map<SkipReason, Long> skipped = new EnumMap<>(SkipReason.class);
  private final Map<FailureCause, Long> byCause = new EnumMap<>(FailureCause.class);
  private final Map<String, Long> byEndpoint = new HashMap<>();
  private final Map<String, Long> byEventType = new HashMap<>();
  private final Map<String, Long> byWebhook = new HashMap<>();
  private @Nullable Instant oldest;
  private @Nullable Instant newest;
  private LeftOut leftOut = LeftOut.NONE;
  private long toSend;
  private long resumed;
  private long underWay;
  private long takenUp;
  private long expiringSoon;

  Tally(ProviderTraits traits, Instant now) {
    this.traits = traits;
    this.now = now;
  }

  synchronized void skip(SkipReason reason) {
    skipped.merge(reason, 1L, Long::sum);
  }

  /** Rows that a listing met and did not list; further rounds meet the same ones again. */
  synchronized void leftOut(LeftOut rows) {
    leftOut =
        new LeftOut(
            Math.max(leftOut.undated(), rows.undated()),
            Math.max(leftOut.unreadable(), rows.unreadable()));
    if (leftOut.undated() > 0) {
      skipped.put(SkipReason.UNDATED, leftOut.undated());
    }
    if (leftOut.unreadable() > 0) {
      skipped.put(SkipReason.UNREADABLE, leftOut.unreadable());
    }
  }

  /** So many of those to send were left queued by earlier runs. */
  synchronized void resumed(long deliveries) {
    resumed += deliveries;
  }

  synchronized void send(FailedDelivery delivery) {
    toSend++;
    byCause.merge(delivery.cause(), 1L, Long::sum);
    count(byEndpoint, ProviderText.endpoint(delivery.latest().endpoint()));
    count(byEventType, delivery.latest().eventType());
    count(byWebhook, delivery.latest().webhookId());
    Instant at = delivery.latest().createdAt();
    if (at == null) {
      return;
    }
    oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
    newest = newest == null || at.isAfter(newest) ? at : newest;
    Duration retention = traits.retention();
    if (retention != null
        && at.plus(retention).minus(retention.dividedBy(EXPIRING_SHARE)).isBefore(now)) {
      expiringSoon++;
    }
  }

  /** One more is under way in another run. */
  synchronized void underWay() {
    underWay++;
  }

  /** So many more were taken up from runs that died. */
  synchronized void takenUp(long deliveries) {
    takenUp += deliveries;
  }

  /** What is this run's to bring to an end. */
  synchronized long toHandle() {
    return toSend + takenUp;
  }

  synchronized long toSend() {
    return toSend;
  }

  /** How many webhooks have anything to be sent. */
  synchronized int webhooks() {
    return byWebhook.size();
  }

  /** How many deliveries each webhook has to be sent. */
  synchronized List<Long> perWebhook() {
    return List.copyOf(byWebhook.values());
  }

  synchronized Map<SkipReason, Long> skipped() {
    return Map.copyOf(skipped);
  }

  synchronized long found() {
    return toSend + underWay + takenUp + skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized RecoveryPlan.ForAccount plan(
      Account account,
      RetryLedger.About ledger,
      long leftOpen,
      long outOfSight,
      RecoveryPlan.Dispatch dispatch,
      List<String> webhookWarnings) {
    var warnings = new ArrayList<>(webhookWarnings);
    if (expiringSoon > 0 && traits.retention() != null) {
      warnings.add(
          expiringSoon
              + " deliveries are about to fall out of the provider's retention of "
              + traits.retention().toDays()
              + " days");
    }
    if (outOfSight > 0) {
      warnings.add(
          outOfSight
              + " more failures are out of sight: the provider shows "
              + traits.visibleFailures()
              + " at a time, the rest comes in later rounds");
    }
    if (leftOut.undated() > 0) {
      warnings.add(
          rows(leftOut.undated(), "without a readable time")
              + " left out: run without a time bound, or look at them at the"
              + " provider");
    }
    if (leftOut.unreadable() > 0) {
      warnings.add(
          rows(leftOut.unreadable(), "without an id")
              + " left out, which cannot be retried: look at them at the provider");
    }
    if (underWay > 0) {
      warnings.add(
          underWay
              + (underWay == 1 ? " delivery is" : " deliveries are")
              + " under way in another run: this one waits for what becomes of them");
    }
    Long retrying = skipped.get(SkipReason.PROVIDER_RETRYING);
    if (retrying != null) {
      warnings.add(
          retrying + " deliveries are still being retried by the provider and are left to it");
    }
    return new RecoveryPlan.ForAccount(
        account,
        traits.displayName(),
        ledger,
        toSend + leftOpen,
        resumed + leftOpen,
        skipped,
        byCause,
        byEndpoint,
        byEventType,
        oldest,
        newest,
        outOfSight,
        expiringSoon,
        dispatch,
        warnings);
  }

  private static String rows(long rows, String how) {
    return rows + (rows == 1 ? " row " + how + " was" : " rows " + how + " were");
  }

  private static void count(Map<String, Long> counts, @Nullable String name) {
    String shown = name == null ? NOT_TOLD : ProviderText.clean(name);
    boolean fits = counts.size() < MOST_NAMES || counts.containsKey(shown);
    counts.merge(fits ? shown : OTHERS, 1L, Long::sum);
  }
}
