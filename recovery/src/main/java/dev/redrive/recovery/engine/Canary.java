package dev.redrive.recovery.engine;

import dev.redrive.Capability;
import dev.redrive.ProviderTraits;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Sends the first few deliveries of each webhook of an account, and waits for their outcomes. If
 * none of them is delivered, nothing else is sent to that webhook.
 */
final class Canary {
  /** The most deliveries that are sent before their outcomes are read. */
  private static final int MOST_FIRST = 200;

  private final RunControl run;
  private final RunProgress progress;
  private final RecoverySettings settings;
  private final ProviderTraits traits;
  private final AccountState state;
  private final Sender sender;
  private final Verifier verifier;
  private final Webhooks webhooks;

  /** Whether no webhook is left because too many others were tried. */
  private boolean isEachTried;

  Canary(
      RunControl run,
      RunProgress progress,
      RecoverySettings settings,
      ProviderTraits traits,
      AccountState state,
      Sender sender,
      Verifier verifier,
      Webhooks webhooks) {
    this.run = run;
    this.progress = progress;
    this.settings = settings;
    this.traits = traits;
    this.state = state;
    this.sender = sender;
    this.verifier = verifier;
    this.webhooks = webhooks;
  }

  /** Runs the canary. Stops the account if no delivery gets through. */
  void run() {
    state.tries(true);
    progress.accountChanged();
    try {
      tryTheFirst();
    } finally {
      state.tries(false);
    }
  }

  private void tryTheFirst() {
    Map<String, Verifier.Told> told = new LinkedHashMap<>();
    long tried = 0;
    List<LedgerEntry> sent = sendFirst(told.keySet());
    while (!sent.isEmpty()) {
      tried += sent.size();
      Map<String, Verifier.Told> latest = verifier.verifyCanary(sent, settings.patience(traits));
      if (run.isStopping()) {
        return;
      }
      told.putAll(latest);
      latest.forEach(this::remember);
      if (!told.containsValue(Verifier.Told.DELIVERED)) {
        boolean isOpen = told.containsValue(Verifier.Told.OPEN);
        state.stop(inVain(isOpen ? Verifier.Told.OPEN : Verifier.Told.FAILED, tried), null);
        return;
      }
      stopThoseInVain(latest, sent);
      sent = isEachTried ? List.of() : sendFirst(told.keySet());
    }
  }

  private void remember(String webhook, Verifier.Told canary) {
    switch (canary) {
      case DELIVERED -> webhooks.works(webhook);
      case FAILED -> webhooks.isBroken(webhook);
      case OPEN -> {}
    }
  }

  private void stopThoseInVain(Map<String, Verifier.Told> told, List<LedgerEntry> sent) {
    told.forEach(
        (webhook, canary) -> {
          if (canary != Verifier.Told.DELIVERED) {
            long tried = sent.stream().filter(e -> e.webhook().equals(webhook)).count();
            webhooks.stop(webhook, inVain(canary, tried));
          }
        });
  }

  private static String inVain(Verifier.Told canary, long tried) {
    return canary == Verifier.Told.OPEN
        ? "it is not known yet whether any of the first "
            + tried
            + " retries was delivered. Run again in a few minutes"
        : "none of the first "
            + tried
            + " retries was delivered: the endpoint is still broken. Fix it and run again";
  }

  /**
   * Sends the first few deliveries of some webhooks. The number of webhooks is limited, so that
   * little is sent in vain if no delivery gets through.
   *
   * @param told webhooks to leave out, because their canary is already decided
   * @return the entries that the provider accepted or may have; empty if no webhook is left
   */
  private List<LedgerEntry> sendFirst(Set<String> told) {
    // If the provider limits requests, its limit on single requests is the higher one.
    boolean bulk = traits.can(Capability.BULK_RETRY) && traits.limits().isEmpty();
    int each = bulk ? Math.min(settings.canary(), sender.batchSize()) : 1;
    int most = bulk ? sender.batchSize() : 1;
    var taken = new ConcurrentLinkedQueue<LedgerEntry>();
    boolean isAnother = true;
    for (int atOnce = each; isAnother && sender.maySend(); atOnce = 1) {
      int ofEach = atOnce;
      Map<String, Long> tried = perWebhook(taken);
      isAnother = false;
      try {
        while (sum(tried) < MOST_FIRST
            && sender.sendNext(
                Dispatcher.route(most), () -> claimFirst(ofEach, told, tried, most), taken::add)) {
          isAnother = true;
        }
      } finally {
        state.awaitRequests();
      }
      isEachTried = sum(tried) < MOST_FIRST;
      isAnother &= isAnyMissing(tried.keySet(), perWebhook(taken));
    }
    return List.copyOf(taken);
  }

  private static long sum(Map<String, Long> perWebhook) {
    return perWebhook.values().stream().mapToLong(Long::longValue).sum();
  }

  private boolean isAnyMissing(Set<String> webhooks, Map<String, Long> taken) {
    return webhooks.stream().anyMatch(w -> taken.getOrDefault(w, 0L) < settings.canary());
  }

  /** Claims the next deliveries. A claimed delivery counts as tried unless its request fails. */
  private List<LedgerEntry> claimFirst(
      int ofEach, Set<String> told, Map<String, Long> tried, int most) {
    // The first pass sends several per webhook; later passes send the missing ones one by one.
    int enough = ofEach > 1 ? 1 : settings.canary();
    Set<String> done = new HashSet<>(told);
    tried.forEach(
        (webhook, count) -> {
          if (count >= enough) {
            done.add(webhook);
          }
        });
    List<LedgerEntry> claimed =
        settings
            .ledger()
            .claimFirst(
                run.id(),
                state.account(),
                sender.grouping(),
                ofEach,
                done,
                most,
                settings.time().now(),
                settings.lease());
    state.claimed(claimed.size());
    perWebhook(claimed).forEach((webhook, count) -> tried.merge(webhook, count, Long::sum));
    return claimed;
  }

  private static Map<String, Long> perWebhook(Collection<LedgerEntry> entries) {
    return entries.stream()
        .collect(Collectors.groupingBy(LedgerEntry::webhook, HashMap::new, Collectors.counting()));
  }
}
