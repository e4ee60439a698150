package dev.redrive.http;

import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderText;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads deliveries that are known by their ids alone, before they are retried. Otherwise an earlier
 * attempt could be taken for the new one, and a delivery that needs no retry would get one.
 */
final class LookUp {
  private final TimeSource time;
  private final Fanout fanout;

  LookUp(TimeSource time, Fanout fanout) {
    this.time = time;
    this.fanout = fanout;
  }

  /** The delivery as read, or why it is not retried. */
  private record Answer(@Nullable FailedDelivery found, @Nullable RetryResult refused) {}

  /**
   * Looks up the deliveries that need it, and retries those that may be retried.
   *
   * @param isReadable whether a delivery can be read from the provider
   * @param read reads a delivery; null if the provider does not know it
   * @param retry retries deliveries: one result each, in order
   */
  List<RetryResult> retryAll(
      List<FailedDelivery> deliveries,
      Predicate<FailedDelivery> isReadable,
      Function<FailedDelivery, @Nullable FailedDelivery> read,
      Function<List<FailedDelivery>, List<RetryResult>> retry) {
    var unknown = new LinkedHashMap<String, FailedDelivery>();
    for (FailedDelivery delivery : deliveries) {
      if (delivery.knownByIdAlone() && isReadable.test(delivery)) {
        unknown.putIfAbsent(id(delivery), delivery);
      }
    }
    if (unknown.isEmpty()) {
      return retry.apply(deliveries);
    }
    Map<String, Answer> answers = answers(List.copyOf(unknown.values()), read);
    var results = new ArrayList<@Nullable RetryResult>(deliveries.size());
    var toRetry = new ArrayList<FailedDelivery>();
    for (FailedDelivery delivery : deliveries) {
      Answer answer = delivery.knownByIdAlone() ? answers.get(id(delivery)) : null;
      results.add(answer == null ? null : answer.refused());
      if (answer == null || answer.found() != null) {
        toRetry.add(answer == null ? delivery : answer.found());
      }
    }
    var retried = retry.apply(toRetry).iterator();
    return results.stream().map(refused -> refused == null ? retried.next() : refused).toList();
  }

  private static String id(FailedDelivery delivery) {
    return ProviderHttp.canonicalId(delivery.key().id());
  }

  private Map<String, Answer> answers(
      List<FailedDelivery> deliveries, Function<FailedDelivery, @Nullable FailedDelivery> read) {
    List<@Nullable Answer> looked =
        fanout.run(
            deliveries,
            delivery -> answer(delivery, read),
            answer -> answer != null && Retries.concernsAll(answer.refused()));
    var answers = new HashMap<String, Answer>();
    for (int i = 0; i < deliveries.size(); i++) {
      FailedDelivery delivery = deliveries.get(i);
      Answer answer = looked.get(i);
      answers.put(
          id(delivery),
          answer == null
              ? notSent(delivery, "not sent: the delivery could not be read first")
              : answer);
    }
    return answers;
  }

  private Answer answer(
      FailedDelivery delivery, Function<FailedDelivery, @Nullable FailedDelivery> read) {
    try {
      FailedDelivery found = read.apply(delivery);
      String refusal =
          found == null
              ? "the provider does not know it, or does not show it to this key"
              : refusal(found);
      return refusal == null
          ? new Answer(found, null)
          : refused(RetryResult.rejected(delivery, "not sent: " + refusal, time.now()));
    } catch (NotFoundException | InvalidRequestException e) {
      return refused(
          RetryResult.rejected(delivery, "not sent: " + e.summary(), time.now()).because(e));
    } catch (RedriveException e) {
      return refused(
          RetryResult.notSent(delivery, "not sent: " + e.summary(), time.now()).because(e));
    }
  }

  /** Returns why a delivery must not be retried; null if it may be. */
  private static @Nullable String refusal(FailedDelivery found) {
    return switch (found.latest().status()) {
      case SUCCEEDED -> "it was delivered: see log " + ProviderText.clean(found.latest().logId());
      case PENDING -> "the provider is still sending it" + newerLog(found);
      case FAILED, UNKNOWN ->
          found.providerIsRetrying()
              ? "the provider will send it again by itself, at "
                  + found.providerRetriesAt()
                  + newerLog(found)
              : null;
    };
  }

  private static String newerLog(FailedDelivery found) {
    String logId = found.latest().logId();
    return logId.equals(found.key().id()) ? "" : ": see log " + ProviderText.clean(logId);
  }

  private Answer notSent(FailedDelivery delivery, String reason) {
    return refused(RetryResult.notSent(delivery, reason, time.now()));
  }

  private static Answer refused(RetryResult result) {
    return new Answer(null, result);
  }
}
