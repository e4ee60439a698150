package dev.redrive.recovery.engine;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderText;
import dev.redrive.ProviderTraits;
import dev.redrive.RedriveException;
import dev.redrive.Webhook;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a plan without sending or writing anything. Also has the rules that a run plans by. */
final class Planner {
  private static final int BATCH = 500;

  private final RecoverySettings settings;

  Planner(RecoverySettings settings) {
    this.settings = settings;
  }

  RecoveryPlan plan() {
    List<RecoveryPlan.ForAccount> plans = settings.clients().stream().map(this::plan).toList();
    return new RecoveryPlan(plans, new Dispatcher(settings).together(plans));
  }

  /**
   * Returns the query to list with. It has no limit, because the limit counts deliveries to send,
   * and skipped deliveries may stay listed forever.
   */
  static DeliveryQuery listing(DeliveryQuery query) {
    return query.toBuilder().limit(Long.MAX_VALUE).includeProviderRetries().build();
  }

  /** Returns why a listed delivery is skipped without asking the ledger; null if it is not. */
  static @Nullable SkipReason skipBeforehand(RecoverySettings settings, FailedDelivery delivery) {
    if (delivery.providerIsRetrying()) {
      return SkipReason.PROVIDER_RETRYING;
    }
    return settings.alreadyProcessed().test(delivery) ? SkipReason.ALREADY_PROCESSED : null;
  }

  /** Returns why the ledger skips a delivery; null if it does not. */
  static @Nullable SkipReason skipReason(Admission admission) {
    return switch (admission) {
      case ADMITTED, IN_THIS_RUN, UNDER_WAY -> null;
      case ALREADY_DELIVERED -> SkipReason.ALREADY_DELIVERED;
      case FAILED_AGAIN_EARLIER -> SkipReason.FAILED_AGAIN_EARLIER;
      case REJECTED_EARLIER -> SkipReason.REJECTED_EARLIER;
      case UNKNOWN_EARLIER -> SkipReason.UNKNOWN_EARLIER;
      case EARLIER_ATTEMPT -> SkipReason.EARLIER_ATTEMPT;
      case PART_OF_LINEAGE -> SkipReason.PART_OF_LINEAGE;
      case MAY_BE_RETRY -> SkipReason.OTHER_RUN;
    };
  }

  /**
   * Returns under which reason to count a row that is skipped beforehand: several failed attempts
   * of an event count once, under the reason of the first.
   *
   * @param skipped the lineages of the events that were skipped so far
   */
  static SkipReason countedAs(SkipReason reason, FailedDelivery delivery, NameSet skipped) {
    return skipped.add(delivery.lineage()) ? reason : SkipReason.EARLIER_ATTEMPT;
  }

  /** Makes a client call. */
  interface Reader {
    List<Webhook> read(Supplier<List<Webhook>> call);
  }

  /** Returns warnings about disabled webhooks. If they cannot be read, that is just a warning. */
  static List<String> webhookWarnings(WebhookRetryClient client, Reader reader) {
    if (!client.traits().can(Capability.WEBHOOKS)) {
      return List.of();
    }
    try {
      return webhookWarnings(reader.read(client::webhooks));
    } catch (RedriveException e) {
      return List.of("the webhooks could not be checked: " + e.summary());
    }
  }

  /** Returns a warning about failures that are left to other runs; empty if there are none. */
  static List<String> leftToOthers(Map<SkipReason, Long> skipped) {
    Long left = skipped.get(SkipReason.OTHER_RUN);
    return left == null
        ? List.of()
        : List.of(
            left
                + (left == 1 ? " failure was" : " failures were")
                + " left to other runs, which are sending them or may have created them with their"
                + " retries. Run again when those runs have ended");
  }

  private static List<String> webhookWarnings(List<Webhook> webhooks) {
    var warnings = new ArrayList<String>();
    for (Webhook webhook : webhooks) {
      if (Boolean.FALSE.equals(webhook.active())) {
        String name = webhook.name() == null ? webhook.id() : webhook.name();
        warnings.add(
            "webhook "
                + ProviderText.clean(name)
                + " is disabled at the provider: enable it before you recover its deliveries");
      }
    }
    return warnings;
  }

  private RecoveryPlan.ForAccount plan(WebhookRetryClient client) {
    ProviderTraits traits = client.traits();
    Account account = Account.of(client);
    var tally = new Tally(traits, settings.time().now());
    long limit = settings.query().limit();
    var names = new NameSet();
    var listed = new NameSet();
    var batch = new ArrayList<FailedDelivery>(BATCH);
    var skippedLineages = new NameSet();
    Listing<FailedDelivery> failures = client.failures(listing(settings.query()));
    for (FailedDelivery delivery : failures) {
      SkipReason reason = skipBeforehand(settings, delivery);
      if (reason != null) {
        tally.skip(countedAs(reason, delivery, skippedLineages));
        continue;
      }
      batch.add(delivery);
      if (batch.size() == Math.min(BATCH, limit - tally.toSend())) {
        preview(account, batch, names, listed, tally);
        if (tally.toSend() == limit) {
          break;
        }
      }
    }
    preview(account, batch, names, listed, tally);
    tally.leftOut(failures.leftOut());
    if (settings.earlierRuns() == RecoverySettings.EarlierRuns.RESUMED) {
      resume(account, names, skippedLineages, tally);
    }
    var warnings = new ArrayList<>(webhookWarnings(client, Supplier::get));
    warnings.addAll(leftToOthers(tally.skipped()));
    for (RetryLedger.Holder holder : settings.ledger().holders(account)) {
      warnings.add(
          "run "
              + holder.run()
              + " has retries under way: if it has died, a recovery settles them and sends"
              + " again what was never sent");
    }
    return tally.plan(
        account,
        settings.ledger().about(account),
        0,
        client.outOfSight(),
        new Dispatcher(settings).choose(traits, tally.perWebhook()),
        warnings);
  }

  private void resume(Account account, NameSet names, NameSet skippedLineages, Tally tally) {
    settings
        .ledger()
        .leftQueued(
            null,
            account,
            left -> {
              long room = settings.query().limit() - tally.toSend();
              var batch = new ArrayList<FailedDelivery>();
              for (LedgerEntry entry : left) {
                FailedDelivery delivery = entry.delivery();
                if (batch.size() == room || skippedLineages.contains(delivery.lineage())) {
                  continue;
                }
                if (settings.alreadyProcessed().test(delivery)) {
                  tally.skip(SkipReason.ALREADY_PROCESSED);
                } else {
                  batch.add(delivery);
                }
              }
              long before = tally.toSend();
              previewLeft(account, batch, names, tally);
              tally.resumed(tally.toSend() - before);
              return tally.toSend() < settings.query().limit();
            });
  }

  /** Counts what earlier runs left, except deliveries that were listed and counted already. */
  private void previewLeft(
      Account account, List<FailedDelivery> batch, NameSet names, Tally tally) {
    if (!batch.isEmpty()) {
      List<Admission> admissions =
          settings.ledger().preview(account, List.copyOf(batch), settings.round(), names::add);
      for (int i = 0; i < batch.size(); i++) {
        if (admissions.get(i) == Admission.ADMITTED) {
          tally.send(batch.get(i));
        }
      }
    }
  }

  private void preview(
      Account account, List<FailedDelivery> batch, NameSet names, NameSet listed, Tally tally) {
    if (batch.isEmpty()) {
      return;
    }
    List<Admission> admissions =
        settings.ledger().preview(account, List.copyOf(batch), settings.round(), names::add);
    for (int i = 0; i < batch.size(); i++) {
      SkipReason reason = skipReason(admissions.get(i));
      String id = batch.get(i).key().id();
      if (reason == null) {
        listed.add(id);
      }
      // A row that is listed twice is not a second attempt.
      if (reason != null && !(reason == SkipReason.EARLIER_ATTEMPT && listed.contains(id))) {
        tally.skip(reason);
      } else if (admissions.get(i) == Admission.ADMITTED) {
        tally.send(batch.get(i));
      } else if (admissions.get(i) == Admission.UNDER_WAY) {
        tally.underWay();
      }
    }
    batch.clear();
  }
}
