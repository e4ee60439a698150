package dev.redrive.recovery.engine;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimitedException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists the failures of one account, and writes those to send into the ledger. */
final class Collector {
  private static final int BATCH = 500;
  private static final Duration POLL = Duration.ofMillis(100);

  private final RunControl run;
  private final RecoveryListener listener;
  private final RunProgress progress;
  private final RecoverySettings settings;
  private final RetryLedger ledger;
  private final WebhookRetryClient client;
  private final ProviderTraits traits;
  private final AccountState state;
  private final ProviderPace pace;
  private final Tally tally;
  private final Set<DeliveryKey> skippedInWindow = new HashSet<>();
  private final NameSet skippedLineages = new NameSet();

  /** Deliveries that ended in an earlier run. */
  private final NameSet ended = new NameSet();

  /** Deliveries of this run whose outcomes are not known yet; null until one is asked for. */
  private @Nullable NameSet inProgress;

  private boolean hasResumed;
  private volatile long outOfSight;

  Collector(
      RunControl run,
      RecoveryListener listener,
      RunProgress progress,
      RecoverySettings settings,
      WebhookRetryClient client,
      AccountState state,
      Tally tally,
      ProviderPace pace) {
    this.run = run;
    this.listener = listener;
    this.progress = progress;
    this.settings = settings;
    this.ledger = settings.ledger();
    this.client = client;
    this.traits = client.traits();
    this.state = state;
    this.pace = pace;
    this.tally = tally;
  }

  /** Returns how many failures the provider has but does not list. */
  long outOfSight() {
    return outOfSight;
  }

  /** Lists all failures. Returns how many deliveries were queued. */
  long collect() {
    long before = tally.toSend();
    inProgress = null;
    Listing<FailedDelivery> listing =
        run.read(() -> client.failures(Planner.listing(settings.query())));
    Iterator<FailedDelivery> failures = run.read(listing::iterator);
    admitAll(failures);
    tally.leftOut(listing.leftOut());
    resume();
    if (awaitClaimsOfOthers()) {
      outOfSight = run.read(client::outOfSight);
    }
    return tally.toSend() - before;
  }

  /** Writes some failures into the ledger while the next ones are listed. */
  private void admitAll(Iterator<FailedDelivery> failures) {
    long limit = settings.query().limit();
    CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
    boolean isMore = true;
    try {
      while (isMore && tally.toSend() < limit && !run.isStopping()) {
        long most = Math.min(BATCH, limit - tally.toSend());
        List<FailedDelivery> batch = next(failures, most);
        isMore = batch.size() == most;
        pace.eased();
        writing.join();
        writing = run.beside(() -> admitListed(batch));
        if (limit < Long.MAX_VALUE) {
          writing.join();
        }
      }
    } finally {
      writing.join();
    }
  }

  private void admitListed(List<FailedDelivery> batch) {
    batch.removeIf(row -> row.providerIsRetrying() && isInProgress(row));
    admit(batch);
    progress.report();
  }

  /** Whether the provider repeats a retry of this run, which counts already. */
  private boolean isInProgress(FailedDelivery row) {
    if (inProgress == null) {
      inProgress = new NameSet();
      List<LedgerEntry> page = ledger.unsettled(run.id(), state.account(), 0, BATCH);
      while (!page.isEmpty()) {
        page.forEach(entry -> inProgress.add(entry.delivery().lineage()));
        page = ledger.unsettled(run.id(), state.account(), page.get(page.size() - 1).id(), BATCH);
      }
    }
    return inProgress.contains(row.lineage());
  }

  /** Takes along what earlier runs left queued, and the provider did not list this time. */
  private void resume() {
    if (hasResumed || settings.earlierRuns() == RecoverySettings.EarlierRuns.LEFT) {
      return;
    }
    hasResumed = true;
    ledger.leftQueued(
        run.id(),
        state.account(),
        left -> {
          long room = settings.query().limit() - tally.toSend();
          List<FailedDelivery> wanted =
              left.stream()
                  .map(LedgerEntry::delivery)
                  .filter(delivery -> !skippedLineages.contains(delivery.lineage()))
                  .limit(room)
                  .toList();
          long before = tally.toSend();
          admit(wanted);
          tally.resumed(tally.toSend() - before);
          progress.report();
          return tally.toSend() < settings.query().limit() && !run.isStopping();
        });
  }

  /**
   * Waits until other runs have recorded the claims that were open while this run listed. Until
   * then, the list may contain logs of their retries.
   */
  private boolean awaitClaimsOfOthers() {
    Set<Long> whileListing = ledger.claimsOfOthers(run.id(), state.account());
    boolean goesOn = !run.isStopping();
    while (goesOn && !whileListing.isEmpty()) {
      goesOn = run.pause(POLL);
      Set<Long> still = ledger.claimsOfOthers(run.id(), state.account());
      whileListing = whileListing.stream().filter(still::contains).collect(Collectors.toSet());
    }
    return goesOn;
  }

  /** Reads the next failures. After a rest that the provider asks for, the listing continues. */
  private List<FailedDelivery> next(Iterator<FailedDelivery> failures, long most) {
    var batch = new ArrayList<FailedDelivery>();
    while (true) {
      try {
        return run.read(() -> fill(batch, failures, most));
      } catch (RateLimitedException e) {
        if (!pace.heed(e) || !pace.awaitRest()) {
          throw e;
        }
      }
    }
  }

  private static List<FailedDelivery> fill(
      List<FailedDelivery> batch, Iterator<FailedDelivery> failures, long most) {
    while (batch.size() < most && failures.hasNext()) {
      batch.add(failures.next());
    }
    return batch;
  }

  private void admit(List<FailedDelivery> listed) {
    List<FailedDelivery> wanted = new ArrayList<>(listed.size());
    for (FailedDelivery delivery : listed) {
      SkipReason reason = Planner.skipBeforehand(settings, delivery);
      if (reason == null) {
        wanted.add(delivery);
      } else {
        skip(delivery, Planner.countedAs(reason, delivery, skippedLineages));
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    List<Admission> admissions =
        ledger.admit(run.id(), state.account(), wanted, settings.round(), ended::add);
    for (int i = 0; i < wanted.size(); i++) {
      Admission admission = admissions.get(i);
      SkipReason reason = Planner.skipReason(admission);
      if (reason != null) {
        skip(wanted.get(i), reason);
      } else if (admission == Admission.ADMITTED) {
        tally.send(wanted.get(i));
        state.queued(1);
      } else if (admission == Admission.UNDER_WAY) {
        tally.underWay();
      }
    }
  }

  private void skip(FailedDelivery delivery, SkipReason reason) {
    // The provider lists the same rows again in the next round; this set is as large as its list.
    if (traits.visibleFailures() != null && !skippedInWindow.add(delivery.key())) {
      return;
    }
    tally.skip(reason);
    listener.onSkipped(delivery, reason);
  }
}
