package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.OperationInterruptedException;
import dev.redrive.ProviderText;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Has deliveries sent again under the rules that all providers share. */
final class RetryAll {
  private static final int PROXY_REFUSED = 407;

  private final HttpSettings settings;
  private final Calls calls;
  private final Fanout fanout;

  RetryAll(HttpSettings settings, Calls calls, Fanout fanout) {
    this.settings = settings;
    this.calls = calls;
    this.fanout = fanout;
  }

  /** See {@link ProviderHttp#retryAll}. */
  List<RetryResult> run(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<List<FailedDelivery>, List<List<FailedDelivery>>> batches,
      Function<List<FailedDelivery>, List<RetryResult>> send) {
    List<@Nullable String> refusals = refusals(deliveries, refusal);
    var toSend = new LinkedHashMap<String, FailedDelivery>();
    for (int i = 0; i < deliveries.size(); i++) {
      if (refusals.get(i) == null) {
        toSend.putIfAbsent(id(deliveries.get(i)), deliveries.get(i));
      }
    }
    Map<String, RetryResult> sent =
        byId(sendEach(batches.apply(List.copyOf(toSend.values())), send));
    var results = new ArrayList<RetryResult>(deliveries.size());
    for (int i = 0; i < deliveries.size(); i++) {
      FailedDelivery delivery = deliveries.get(i);
      String reason = refusals.get(i);
      RetryResult result = sent.get(id(delivery));
      if (reason != null) {
        results.add(RetryResult.rejected(delivery, reason, now()));
      } else if (result != null) {
        results.add(result);
      } else {
        results.add(RetryResult.notSent(delivery, "not sent: no request named it", now()));
      }
    }
    return results;
  }

  /** Why each delivery is not sent; null for one that is. */
  private List<@Nullable String> refusals(
      List<FailedDelivery> deliveries, Function<FailedDelivery, @Nullable String> refusal) {
    var refusals = new ArrayList<@Nullable String>(deliveries.size());
    var newest = new HashMap<String, FailedDelivery>();
    for (FailedDelivery delivery : deliveries) {
      String reason =
          isForeign(delivery.key())
              ? "not sent: " + foreign(delivery.key())
              : refusal.apply(delivery);
      refusals.add(reason);
      if (reason == null && namesItsEvent(delivery)) {
        newest.merge(lineage(delivery), delivery, (a, b) -> isNewer(b, a) ? b : a);
      }
    }
    for (int i = 0; i < deliveries.size(); i++) {
      FailedDelivery delivery = deliveries.get(i);
      FailedDelivery sent = newest.get(lineage(delivery));
      if (refusals.get(i) == null
          && sent != null
          && namesItsEvent(delivery)
          && !id(sent).equals(id(delivery))) {
        refusals.set(
            i,
            "not sent: a newer failed attempt of the same event, log "
                + ProviderText.clean(sent.key().id())
                + ", is in the same call");
      }
    }
    return refusals;
  }

  /**
   * A failed retry may leave a log beside the one that it retried: each of them sent would be the
   * event twice. A lineage that is the log's own id tells nothing.
   */
  private static boolean namesItsEvent(FailedDelivery delivery) {
    String lineage = lineage(delivery);
    return !lineage.equals(id(delivery)) && !lineage.equals(canonical(delivery.latest().logId()));
  }

  private static String lineage(FailedDelivery delivery) {
    return canonical(delivery.lineage());
  }

  /** Of two without a difference the first is the newer one, as in the providers' lists. */
  private static boolean isNewer(FailedDelivery one, FailedDelivery other) {
    Instant time = one.latest().createdAt();
    Instant than = other.latest().createdAt();
    return time != null && (than == null || time.isAfter(than));
  }

  boolean isForeign(DeliveryKey key) {
    return !(key.provider().equals(settings.provider())
        && key.account().equals(settings.account()));
  }

  static String foreign(DeliveryKey key) {
    return "it belongs to " + key.provider() + " at " + key.account() + ", not to this client";
  }

  private static String id(FailedDelivery delivery) {
    return canonical(delivery.key().id());
  }

  private static String canonical(String id) {
    return ProviderHttp.canonicalId(id);
  }

  private static Map<String, RetryResult> byId(List<RetryResult> results) {
    var byId = new HashMap<String, RetryResult>();
    for (RetryResult result : results) {
      byId.putIfAbsent(canonical(result.key().id()), result);
    }
    return byId;
  }

  /**
   * Sends one request for each batch, some at once, until one fails in a way that concerns all
   * later ones too; what is left is not sent.
   *
   * @param batches what each request names
   * @param send sends one request and tells of each delivery what came of it
   * @return one result per delivery of all batches, in order
   */
  List<RetryResult> sendEach(
      List<List<FailedDelivery>> batches, Function<List<FailedDelivery>, List<RetryResult>> send) {
    List<@Nullable List<RetryResult>> answers =
        fanout.run(batches, batch -> sendOne(batch, send), RetryAll::stopsSending);
    String why = "not sent: " + stopReason(answers);
    var results = new ArrayList<RetryResult>();
    for (int i = 0; i < batches.size(); i++) {
      List<RetryResult> answer = answers.get(i);
      if (answer == null) {
        batches.get(i).forEach(d -> results.add(RetryResult.notSent(d, why, now())));
      } else {
        results.addAll(answer);
      }
    }
    return results;
  }

  /** An answer that the provider's mapper stumbles over must not lose the other answers. */
  private List<RetryResult> sendOne(
      List<FailedDelivery> batch, Function<List<FailedDelivery>, List<RetryResult>> send) {
    try {
      Map<String, RetryResult> answers = byId(send.apply(batch));
      return batch.stream()
          .map(
              delivery ->
                  Objects.requireNonNullElseGet(
                      answers.get(id(delivery)),
                      () ->
                          RetryResult.unknown(
                              delivery, "no result tells what became of it", now())))
          .toList();
    } catch (RuntimeException e) {
      String why = "the answer could not be understood (" + e.getClass().getSimpleName() + ")";
      return batch.stream().map(d -> RetryResult.unknown(d, why, now())).toList();
    }
  }

  private static boolean stopsSending(@Nullable List<RetryResult> answer) {
    return answer != null && answer.stream().anyMatch(RetryAll::concernsAll);
  }

  /** Whether what failed will fail for every later request too. */
  static boolean concernsAll(@Nullable RetryResult result) {
    return result != null && concernsAll(result.error());
  }

  private static boolean concernsAll(@Nullable RedriveException error) {
    return error instanceof AuthenticationException
        || error instanceof RateLimitedException
        || error instanceof OperationInterruptedException
        || (error != null && Objects.equals(error.call().httpStatus(), PROXY_REFUSED));
  }

  private String stopReason(List<@Nullable List<RetryResult>> answers) {
    for (List<RetryResult> answer : answers) {
      if (answer != null) {
        for (RetryResult result : answer) {
          if (result.error() != null && concernsAll(result.error())) {
            return result.error().summary();
          }
        }
      }
    }
    return calls.isClosed() ? "the client was closed" : "interrupted";
  }

  private Instant now() {
    return settings.time().now();
  }
}
