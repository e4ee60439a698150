package dev.redrive.recovery.engine;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.Listing.LeftOut;
import dev.redrive.ProviderText;
import dev.redrive.ProviderTraits;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the failures of one account, in memory that does not grow with their number. */
final class Tally {
  private static final int MOST_NAMES = 1000;
  private static final String OTHERS = "(others)";
  private static final String NOT_TOLD = "(not told)";

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

  /** Sets the rows that a listing left out. Later rounds leave out the same rows again. */
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

  /** Counts deliveries to send that earlier runs left queued. */
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
    if (retention != null && at.plus(LedgerAdmin.expiresSoonAt(retention)).isBefore(now)) {
      expiringSoon++;
    }
  }

  /** Counts a delivery that another run has in progress. */
  synchronized void underWay() {
    underWay++;
  }

  /** Counts deliveries that were taken up from dead runs. */
  synchronized void takenUp(long deliveries) {
    takenUp += deliveries;
  }

  /** Returns how many deliveries were taken up from dead runs. */
  synchronized long takenUp() {
    return takenUp;
  }

  /** Returns how many deliveries this run has to finish. */
  synchronized long toHandle() {
    return toSend + takenUp;
  }

  synchronized long toSend() {
    return toSend;
  }

  /** Returns how many webhooks have deliveries to send. */
  synchronized int webhooks() {
    return byWebhook.size();
  }

  /** Whether a webhook has deliveries to send. */
  synchronized boolean hasWebhook(String webhook) {
    return byWebhook.containsKey(webhook.isEmpty() ? NOT_TOLD : ProviderText.clean(webhook));
  }

  /** Returns the number of deliveries to send for each webhook. */
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
              + " deliveries will soon exceed the provider's retention of "
              + traits.retention().toDays()
              + " days: recover them now");
    }
    if (outOfSight > 0) {
      warnings.add(
          outOfSight
              + " more failures are out of sight: the provider lists "
              + traits.visibleFailures()
              + " at a time, and later rounds send the others");
    }
    if (leftOut.undated() > 0) {
      warnings.add(
          rows(leftOut.undated(), "without a readable time")
              + " left out: run without a time bound, or check them in the provider's"
              + " console");
    }
    if (leftOut.unreadable() > 0) {
      warnings.add(
          rows(leftOut.unreadable(), "without an id")
              + " left out and cannot be retried: check them in the provider's console");
    }
    if (underWay > 0) {
      warnings.add(
          underWay
              + (underWay == 1 ? " delivery is" : " deliveries are")
              + " under way in another run: this run waits for the outcome");
    }
    Long retrying = skipped.get(SkipReason.PROVIDER_RETRYING);
    if (retrying != null) {
      warnings.add(
          retrying + " deliveries are skipped, because the provider is still retrying them");
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
