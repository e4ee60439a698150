package dev.redrive.recovery.engine;

import dev.redrive.Capability;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.recovery.RecoveryPlan;
import java.time.Duration;
import java.util.List;

/** Chooses between few big requests and many single ones, under the provider's limits. */
final class Dispatcher {
  /** The usual time of a request without limits. Used only for the estimate in the plan. */
  private static final Duration USUAL_REQUEST = Duration.ofMillis(120);

  /** The share of a daily limit that single requests may use. */
  private static final double DAILY_SHARE = 0.5;

  private static final Duration DAY = Duration.ofDays(1);

  private final RecoverySettings settings;

  Dispatcher(RecoverySettings settings) {
    this.settings = settings;
  }

  /**
   * Chooses how to send an account's deliveries.
   *
   * @param perWebhook the number of deliveries of each webhook
   */
  RecoveryPlan.Dispatch choose(ProviderTraits traits, List<Long> perWebhook) {
    int bulkSize = Math.min(traits.batchSize(), settings.batchSize());
    RecoveryPlan.Dispatch single = estimate(traits, perWebhook, 1, "one request per delivery");
    if (!traits.can(Capability.BULK_RETRY) || bulkSize == 1) {
      return single;
    }
    RecoveryPlan.Dispatch bulk =
        estimate(traits, perWebhook, bulkSize, "up to " + bulkSize + " deliveries per request");
    if (traits.limits().isEmpty()) {
      return bulk;
    }
    String singles = single.requests() + " single requests take " + minutes(single.duration());
    String bulks = bulk.requests() + " bulk requests take " + minutes(bulk.duration());
    long perDay = perDay(traits);
    if (bulk.duration().compareTo(single.duration()) <= 0) {
      return withReason(bulk, bulks + " under the provider's limits, " + singles);
    }
    if (single.requests() > perDay * DAILY_SHARE) {
      return withReason(
          bulk,
          bulks
              + ", "
              + singles
              + ", but would use too much of the "
              + perDay
              + " requests that the provider allows per day");
    }
    return withReason(
        single,
        single.requests()
            + " single requests take "
            + minutes(single.duration())
            + " under the provider's limits, "
            + bulk.requests()
            + " bulk requests take "
            + minutes(bulk.duration()));
  }

  /** Estimates how long all accounts take in parallel, each at its own pace and the shared rate. */
  Duration together(List<RecoveryPlan.ForAccount> plans) {
    Duration longest =
        shared(
            plans.stream().mapToLong(p -> p.dispatch().requests()).sum(), settings.concurrency());
    for (RecoveryPlan.ForAccount plan : plans) {
      longest = max(longest, plan.dispatch().duration());
    }
    return longest;
  }

  private Duration shared(long requests, int atOnce) {
    Duration byRequests = USUAL_REQUEST.multipliedBy((requests + atOnce - 1) / atOnce);
    return Double.isFinite(settings.maxRate())
        ? max(byRequests, Duration.ofMillis((long) (requests / settings.maxRate() * 1000)))
        : byRequests;
  }

  /** Returns the route for requests of this batch size. */
  static Scope route(int batchSize) {
    return batchSize > 1 ? Scope.BULK_RETRY : Scope.SINGLE_RETRY;
  }

  /** Whether a limit counts the requests of a route. */
  static boolean counts(RateLimit limit, Scope route) {
    return limit.scope() == route || limit.scope() == Scope.RETRY || limit.scope() == Scope.ALL;
  }

  private static List<RateLimit> limits(ProviderTraits traits, int batchSize) {
    return traits.limits().stream().filter(limit -> counts(limit, route(batchSize))).toList();
  }

  private RecoveryPlan.Dispatch estimate(
      ProviderTraits traits, List<Long> perWebhook, int batchSize, String why) {
    long requests =
        traits.can(Capability.BULK_ACROSS_WEBHOOKS)
            ? batches(perWebhook.stream().mapToLong(Long::longValue).sum(), batchSize)
            : perWebhook.stream().mapToLong(deliveries -> batches(deliveries, batchSize)).sum();
    int atOnce = Math.min(settings.concurrency(), traits.concurrentRetries());
    Duration longest = shared(requests, atOnce);
    for (RateLimit limit : limits(traits, batchSize)) {
      long fullWindows = requests == 0 ? 0 : (requests - 1) / limit.requests();
      longest = max(longest, limit.window().multipliedBy(fullWindows));
    }
    long deliveries = perWebhook.stream().mapToLong(Long::longValue).sum();
    // The canary waits for its outcomes, and so does the end of the run.
    int waits =
        deliveries == 0 ? 0 : settings.canary() > 0 && deliveries > settings.canary() ? 2 : 1;
    Duration settling = traits.leastOutcomeTime().multipliedBy(waits);
    return new RecoveryPlan.Dispatch(batchSize, requests, longest.plus(settling), why);
  }

  private static long batches(long deliveries, int batchSize) {
    return (deliveries + batchSize - 1) / batchSize;
  }

  private static long perDay(ProviderTraits traits) {
    return limits(traits, 1).stream()
        .filter(limit -> limit.window().compareTo(DAY) >= 0)
        .mapToLong(RateLimit::requests)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static RecoveryPlan.Dispatch withReason(RecoveryPlan.Dispatch dispatch, String why) {
    return new RecoveryPlan.Dispatch(
        dispatch.batchSize(), dispatch.requests(), dispatch.duration(), why);
  }

  private static String minutes(Duration duration) {
    return duration.compareTo(Duration.ofMinutes(2)) < 0
        ? duration.toSeconds() + " s"
        : duration.toMinutes() + " min";
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
