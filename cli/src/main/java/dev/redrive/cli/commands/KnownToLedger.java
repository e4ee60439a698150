package dev.redrive.cli.commands;

import dev.redrive.FailedDelivery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerAdmin.History;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the ledger says of the ids that {@code redrive retry} was given, before anything is read or
 * sent.
 *
 * @param answers those that must not be sent: delivered, held by a run that is alive, or unknown
 *     for good
 * @param underWay those whose retry a run has left behind: its outcome is read, not sent again
 */
public record KnownToLedger(
    Map<String, RetryAnswer> answers, Map<String, FailedDelivery> underWay) {
  public static KnownToLedger of(RetryLedger ledger, WebhookRetryClient client, Set<String> ids) {
    Map<String, RetryAnswer> answers = new HashMap<>();
    Map<String, FailedDelivery> underWay = new HashMap<>();
    for (String id : ids) {
      Optional<History> found = ledger.admin().find(client.key(id));
      if (found.isEmpty()) {
        continue;
      }
      History history = found.get();
      LedgerEntry entry = history.entry();
      boolean isHeld = history.runs().stream().anyMatch(LedgerRun::isAlive);
      if (entry.isUnderWay() && !isHeld) {
        underWay.put(id, entry.delivery());
      } else if (entry.isUnderWay()
          || entry.state() == DeliveryState.DELIVERED
          || entry.state() == DeliveryState.UNKNOWN) {
        answers.put(id, RetryAnswer.recorded(client.key(id), entry, history.runs()));
      }
    }
    return new KnownToLedger(Map.copyOf(answers), Map.copyOf(underWay));
  }
}
