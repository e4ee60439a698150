package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends retry requests under the rules that all providers share. */
public final class Retries {
  private static final int PROXY_REFUSED = 407;

  private final HttpSettings settings;
  private final Calls calls;
  private final Fanout fanout;

  Retries(HttpSettings settings, Calls calls, Fanout fanout) {
    this.settings = settings;
    this.calls = calls;
    this.fanout = fanout;
  }

  /**
   * Asks the provider to send deliveries again. A delivery that occurs several times, in any
   * spelling of its UUIDs, is sent once. Some deliveries are rejected without a request: those of
   * another account or without an id, those for which {@code refusal} gives a reason, and, if
   * several are attempts of one event (they share a lineage), all but the newest.
   *
   * @param refusal returns why a delivery of this account is rejected without a request; null if it
   *     is to be sent
   * @param batches divides the deliveries to send into one batch per request
   * @param send sends one request and returns a result for each delivery. A delivery that it leaves
   *     out is {@link RetryResult.Status#UNKNOWN}
   * @return one result per delivery, in the order of {@code deliveries}
   */
  public List<RetryResult> all(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<List<FailedDelivery>, List<List<FailedDelivery>>> batches,
      Function<List<FailedDelivery>, List<RetryResult>> send) {
    List<@Nullable String> refusals =
        Refusals.of(deliveries, delivery -> refusal(delivery, refusal));
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
        results.add(
            RetryResult.notSent(delivery, "not sent: it was not part of any request", now()));
      }
    }
    return results;
  }

  /**
   * Asks the provider to send deliveries again, for a provider that can show single deliveries. A
   * delivery that is {@linkplain FailedDelivery#knownByIdAlone() known by its id alone} is read
   * first, and rejected if it was delivered or is still being sent.
   *
   * @param lookUp reads one delivery of this account, whatever its status; null if the provider
   *     does not know it
   */
  public List<RetryResult> all(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<FailedDelivery, @Nullable FailedDelivery> lookUp,
      Function<List<FailedDelivery>, List<List<FailedDelivery>>> batches,
      Function<List<FailedDelivery>, List<RetryResult>> send) {
    return new LookUp(settings.time(), fanout)
        .retryAll(
            deliveries,
            delivery -> refusal(delivery, refusal) == null,
            lookUp,
            known -> all(known, refusal, batches, send));
  }

  /** Like {@link #all}, for a provider whose retry request takes one delivery. */
  public List<RetryResult> each(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<FailedDelivery, RetryResult> send) {
    return all(deliveries, refusal, Retries::oneEach, batch -> List.of(send.apply(batch.get(0))));
  }

  /** Like {@link #each}, for a provider that can show single deliveries. */
  public List<RetryResult> each(
      List<FailedDelivery> deliveries,
      Function<FailedDelivery, @Nullable String> refusal,
      Function<FailedDelivery, @Nullable FailedDelivery> lookUp,
      Function<FailedDelivery, RetryResult> send) {
    return all(
        deliveries, refusal, lookUp, Retries::oneEach, batch -> List.of(send.apply(batch.get(0))));
  }

  private static List<List<FailedDelivery>> oneEach(List<FailedDelivery> deliveries) {
    return deliveries.stream().map(List::of).toList();
  }

  /**
   * Passes on the outcomes that need no request: of results that were never sent, of results of
   * another account, and of results whose outcome the provider cannot show.
   *
   * @param obstacle returns why the provider cannot show the outcome of a retry; null if it can
   * @return the questions whose outcomes must be read, in order
   */
  public List<Question> questions(
      List<RetryResult> results,
      Function<RetryResult, @Nullable String> obstacle,
      Consumer<List<RetryOutcome>> reader) {
    return outcomesToRead(results, obstacle, reader).stream()
        .map(result -> Question.of(result, settings))
        .toList();
  }

  List<RetryResult> outcomesToRead(
      List<RetryResult> results,
      Function<RetryResult, @Nullable String> obstacle,
      Consumer<List<RetryOutcome>> reader) {
    return new KnownOutcomes(this).handOver(results, obstacle, reader);
  }

  private @Nullable String refusal(
      FailedDelivery delivery, Function<FailedDelivery, @Nullable String> providers) {
    if (isForeign(delivery.key())) {
      return "not sent: " + foreign(delivery.key());
    }
    String reason = providers.apply(delivery);
    String id = delivery.key().id();
    // A path would lose them, and name the list or something above it.
    boolean isNone = id.isBlank() || id.equals(".") || id.equals("..");
    return reason == null && isNone ? "not sent: it has no id" : reason;
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
   * Sends one request for each batch, several at once. After a failure that affects every later
   * request, the remaining batches are not sent.
   *
   * @param batches the deliveries of each request
   * @param send sends one request and returns a result for each delivery
   * @return one result per delivery of all batches, in order
   */
  List<RetryResult> sendEach(
      List<List<FailedDelivery>> batches, Function<List<FailedDelivery>, List<RetryResult>> send) {
    List<@Nullable List<RetryResult>> answers =
        fanout.run(batches, batch -> sendOne(batch, send), Retries::stopsSending);
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

  /** Catches exceptions of a provider's mapper, so that one response cannot lose the others. */
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
                          RetryResult.unknown(delivery, "the response does not mention it", now())))
          .toList();
    } catch (RuntimeException e) {
      String why = "the response could not be understood (" + e.getClass().getSimpleName() + ")";
      return batch.stream().map(d -> RetryResult.unknown(d, why, now())).toList();
    }
  }

  private static boolean stopsSending(@Nullable List<RetryResult> answer) {
    return answer != null && answer.stream().anyMatch(Retries::concernsAll);
  }

  /** Whether every later request would fail for the same reason. */
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
