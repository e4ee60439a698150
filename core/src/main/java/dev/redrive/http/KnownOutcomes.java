package dev.redrive.http;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the outcomes that are known without a request to the provider. */
final class KnownOutcomes {
  private final Retries retries;

  KnownOutcomes(Retries retries) {
    this.retries = retries;
  }

  /** Passes the known outcomes to {@code reader}. Returns the other results, in order. */
  List<RetryResult> handOver(
      List<RetryResult> results,
      Function<RetryResult, @Nullable String> obstacle,
      Consumer<List<RetryOutcome>> reader) {
    var known = new ArrayList<RetryOutcome>();
    var toRead = new ArrayList<RetryResult>();
    for (RetryResult result : results) {
      RetryOutcome outcome = withoutReading(result, obstacle);
      if (outcome == null) {
        toRead.add(result);
      } else {
        known.add(outcome);
      }
    }
    if (!known.isEmpty()) {
      reader.accept(known);
    }
    return toRead;
  }

  private @Nullable RetryOutcome withoutReading(
      RetryResult result, Function<RetryResult, @Nullable String> obstacle) {
    if (!result.needsOutcome()) {
      return RetryOutcome.of(
          result,
          result.mayBeSentAgain() ? RetryOutcome.Status.NOT_SENT : RetryOutcome.Status.REJECTED,
          Objects.requireNonNullElse(result.reason(), "it was not sent"));
    }
    if (result.attempt() != null) {
      RetryOutcome shown = RetryOutcome.of(result, result.attempt());
      if (shown.status() != RetryOutcome.Status.PENDING
          && shown.status() != RetryOutcome.Status.UNKNOWN) {
        return shown;
      }
    }
    String reason =
        retries.isForeign(result.key()) ? Retries.foreign(result.key()) : obstacle.apply(result);
    return reason == null ? null : RetryOutcome.of(result, RetryOutcome.Status.UNKNOWN, reason);
  }
}
