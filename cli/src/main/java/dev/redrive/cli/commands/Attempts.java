package dev.redrive.cli.commands;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one delivery, as its provider shows them.
 *
 * @param logs newest first, as far as they have times
 * @param remark what was not looked at; null if all was
 */
public record Attempts(List<WebhookLog> logs, @Nullable String remark) {
  /** Rows of a list that are looked through: one person waits for one delivery. */
  public static final int MOST_ROWS = 1000;

  /**
   * Reads them: the delivery by its id where the API can, and others of its lineage from the list.
   *
   * @param entry what the ledger knows of the delivery; null if nothing
   */
  public static Attempts read(
      WebhookRetryClient client, String id, @Nullable LedgerEntry entry, Terminal terminal) {
    FailedDelivery found = byId(client, id, entry);
    Map<String, WebhookLog> logs = new LinkedHashMap<>();
    var ids = new HashSet<String>(Set.of(id));
    var lineages = new HashSet<String>();
    if (entry != null) {
      ids.add(entry.key().id());
      lineages.add(entry.delivery().lineage());
      if (entry.newLogId() != null) {
        ids.add(entry.newLogId());
      }
    }
    if (found != null) {
      lineages.add(found.lineage());
      logs.put(found.latest().logId(), found.latest());
    }
    boolean lists = client.traits().can(Capability.LOGS);
    if (!lists && client.traits().can(Capability.FIND)) {
      return new Attempts(List.copyOf(logs.values()), null);
    }
    List<WebhookLog> rows = rows(client, query(client, found, entry), terminal);
    rows.stream()
        .filter(log -> ids.contains(log.key().id()) || ids.contains(log.logId()))
        .forEach(log -> lineages.add(log.lineage()));
    rows.stream()
        .filter(log -> lineages.contains(log.lineage()) || ids.contains(log.logId()))
        .forEach(log -> logs.putIfAbsent(log.logId(), log));
    return new Attempts(
        List.copyOf(logs.values()),
        rows.size() < MOST_ROWS
            ? null
            : "only the first "
                + MOST_ROWS
                + " rows of the provider's list were read: there may be other attempts");
  }

  private static @Nullable FailedDelivery byId(
      WebhookRetryClient client, String id, @Nullable LedgerEntry entry) {
    if (!client.traits().can(Capability.FIND)) {
      return null;
    }
    Optional<FailedDelivery> found = client.find(id);
    return found.isPresent() || entry == null
        ? found.orElse(null)
        : client.find(entry.delivery().key().id()).orElse(null);
  }

  /** Of its webhook, and not from before it failed, as far as that is known. */
  private static DeliveryQuery query(
      WebhookRetryClient client, @Nullable FailedDelivery found, @Nullable LedgerEntry entry) {
    WebhookLog log =
        found != null ? found.latest() : entry != null ? entry.delivery().latest() : null;
    Instant first = entry == null ? null : entry.first().at();
    return DeliveryQuery.builder()
        .webhookId(
            log != null && client.traits().can(Capability.WEBHOOK_FILTER) ? log.webhookId() : null)
        .since(first)
        .limit(MOST_ROWS)
        .includeProviderRetries()
        .build();
  }

  private static List<WebhookLog> rows(
      WebhookRetryClient client, DeliveryQuery query, Terminal terminal) {
    var progress = new ListProgress(terminal, client.timeSource(), "attempts of the delivery");
    Stream<WebhookLog> rows =
        client.traits().can(Capability.LOGS)
            ? client.logs(query).stream()
            : client.failures(query).stream().map(FailedDelivery::latest);
    return rows.peek(log -> progress.read()).toList();
  }
}
