package dev.redrive.recovery.engine;

import dev.redrive.recovery.StopRule;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.HashMap;
import java.util.Map;

/** Stops a webhook whose latest outcomes break the {@link StopRule}. */
final class Judge {
  private final StopRule rule;
  private final AccountState state;
  private final Webhooks webhooks;
  private final Map<String, OutcomeWindow> latest = new HashMap<>();

  Judge(StopRule rule, AccountState state, Webhooks webhooks) {
    this.rule = rule;
    this.state = state;
    this.webhooks = webhooks;
  }

  /** Takes the outcome of a delivery into account. */
  synchronized void hears(LedgerEntry entry, boolean hasFailed) {
    latest.computeIfAbsent(entry.webhook(), id -> new OutcomeWindow(rule)).add(entry, hasFailed);
  }

  /** Stops a webhook if its latest outcomes are bad. */
  synchronized void decide(String webhook) {
    OutcomeWindow outcomes = latest.get(webhook);
    if (outcomes != null && outcomes.isBad() && state.isSending()) {
      webhooks.stopBroken(
          webhook,
          outcomes.describe() + ": the endpoint is broken or overloaded. Fix it and run again");
    }
  }
}
