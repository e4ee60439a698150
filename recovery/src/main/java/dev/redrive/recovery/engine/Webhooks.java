package dev.redrive.recovery.engine;

import dev.redrive.ProviderText;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.HashSet;
import java.util.Set;

/**
 * The stopped webhooks of an account. Their deliveries stay queued, and the other webhooks go on.
 */
final class Webhooks {
  private final RunControl run;
  private final RetryLedger ledger;
  private final AccountState state;
  private final Tally tally;
  private final Set<String> stopped = new HashSet<>();

  Webhooks(RunControl run, RetryLedger ledger, AccountState state, Tally tally) {
    this.run = run;
    this.ledger = ledger;
    this.state = state;
    this.tally = tally;
  }

  /**
   * Stops sending to a webhook.
   *
   * @param why what went wrong, as text for people
   */
  synchronized void stop(String webhook, String why) {
    if (!stopped.add(webhook)) {
      return;
    }
    if (tally.webhooks() <= 1) {
      state.stop(why, null);
      return;
    }
    holdBack(webhook);
    state.leaves(named(webhook) + ": " + why);
  }

  /** Stops sending to a webhook whose endpoint is broken, and lets it rest. */
  synchronized void stopBroken(String webhook, String why) {
    if (!isStopped(webhook)) {
      isBroken(webhook);
      stop(webhook, why);
    }
  }

  /** Records that the endpoint of a webhook is broken. */
  void isBroken(String webhook) {
    ledger.catchUps().broken(state.account(), webhook);
  }

  /** Records that the endpoint of a webhook works. */
  void works(String webhook) {
    ledger.catchUps().works(state.account(), webhook);
  }

  /** Leaves the deliveries of webhooks that rest, because their endpoints were broken before. */
  synchronized void leaveResting() {
    ledger
        .catchUps()
        .resting(state.account())
        .forEach(
            (webhook, rest) -> {
              stopped.add(webhook);
              holdBack(webhook);
              if (tally.hasWebhook(webhook)) {
                state.leaves(
                    named(webhook)
                        + ": its endpoint was broken, so it rests for "
                        + Math.max(1, rest.toMinutes())
                        + " min more");
              }
            });
  }

  private static String named(String webhook) {
    return webhook.isEmpty()
        ? "deliveries without a known webhook"
        : "webhook " + ProviderText.clean(webhook);
  }

  synchronized boolean isStopped(String webhook) {
    return stopped.contains(webhook);
  }

  /** Also holds back deliveries of stopped webhooks that were listed since. */
  synchronized void holdBackMore() {
    stopped.forEach(this::holdBack);
  }

  private void holdBack(String webhook) {
    ledger.holdBack(run.id(), state.account(), webhook);
    state.queueHas(ledger.remaining(run.id(), state.account()).waiting());
  }
}
