package dev.redrive.recovery;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import dev.redrive.ProviderTraits;
import dev.redrive.Webhook;
import dev.redrive.WebhookRetryClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a plan without sending or writing anything, and holds the rules that a run plans by. */
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
   * What to list for a query: its limit is one of deliveries to send, since what is skipped may
   * stay listed for ever.
   */
  static DeliveryQuery listing(DeliveryQuery query) {
    return query.toBuilder().limit(Long.MAX_VALUE).includeProviderRetries().build();
  }

  /** Why a listed delivery is left out whatever the ledger knows; null if it is not. */
  static @Nullable SkipReason skipBeforehand(RecoverySettings settings, FailedDelivery delivery) {
    if (delivery.providerIsRetrying()) {
      return SkipReason.PROVIDER_RETRYING;
    }
    return settings.alreadyProcessed().test(delivery) ? SkipReason.ALREADY_PROCESSED : null;
  }

  /** Why the ledger leaves a delivery out; null if it does not. */
  static @Nullable SkipReason skipReason(RetryLedger.Admission admission) {
    return switch (admission) {
      case ADMITTED, IN_THIS_RUN -> null;
      case ALREADY_DELIVERED -> SkipReason.ALREADY_DELIVERED;
      case FAILED_AGAIN_EARLIER -> SkipReason.FAILED_AGAIN_EARLIER;
      case REJECTED_EARLIER -> SkipReason.REJECTED_EARLIER;
      case UNKNOWN_EARLIER -> SkipReason.UNKNOWN_EARLIER;
      case PART_OF_LINEAGE -> SkipReason.PART_OF_LINEAGE;
      case OTHER_RUN -> SkipReason.OTHER_RUN;
    };
  }

  static List<Webhook> webhooks(WebhookRetryClient client) {
    return client.traits().can(Capability.WEBHOOKS) ? client.webhooks() : List.of();
  }

  /** Subscriptions that will not take a delivery. */
  static List<String> webhookWarnings(List<Webhook> webhooks) {
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
    var tally = new Tally(traits, settings.time().now());
    long limit = settings.query().limit();
    var names = new NameSet();
    var batch = new ArrayList<FailedDelivery>(BATCH);
    for (FailedDelivery delivery : client.failures(listing(settings.query()))) {
      SkipReason reason = skipBeforehand(settings, delivery);
      if (reason != null) {
        tally.skip(reason);
        continue;
      }
      batch.add(delivery);
      if (batch.size() == Math.min(BATCH, limit - tally.toSend())) {
        preview(batch, names, tally);
        if (tally.toSend() == limit) {
          break;
        }
      }
    }
    preview(batch, names, tally);
    return tally.plan(
        Account.of(client),
        0,
        client.outOfSight(),
        new Dispatcher(settings).choose(traits, tally.perWebhook()),
        webhookWarnings(webhooks(client)));
  }

  private void preview(List<FailedDelivery> batch, NameSet names, Tally tally) {
    if (batch.isEmpty()) {
      return;
    }
    List<RetryLedger.Admission> admissions =
        settings
            .ledger()
            .preview(List.copyOf(batch), settings.round(), settings.time().now(), names::add);
    for (int i = 0; i < batch.size(); i++) {
      SkipReason reason = skipReason(admissions.get(i));
      if (reason != null) {
        tally.skip(reason);
      } else if (admissions.get(i) == RetryLedger.Admission.ADMITTED) {
        tally.send(batch.get(i));
      }
    }
    batch.clear();
  }
}
