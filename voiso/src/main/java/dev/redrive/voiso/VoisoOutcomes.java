package dev.redrive.voiso;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the outcomes of retries, with either version of the API. A failure keeps its record: a
 * retrigger makes it {@code pending}, and if it fails again, it is {@code inactive} with a newer
 * last attempt.
 */
final class VoisoOutcomes {
  private final ProviderHttp http;
  private final Generation api;

  VoisoOutcomes(ProviderHttp http, Generation api) {
    this.http = http;
    this.api = api;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<Question> questions =
        http.retries().questions(results, result -> VoisoRetries.refusal(result.key()), reader);
    if (!questions.isEmpty()) {
      api.outcomes(questions, reader);
    }
  }

  /** Returns the outcome that the failure's record shows. */
  static RetryOutcome shown(Question question, WebhookLog now) {
    if (now.status() != DeliveryStatus.FAILED) {
      return question.shown(now);
    }
    Instant before = question.before().attemptedAt();
    Instant last = now.attemptedAt();
    boolean timesTold = before != null && last != null;
    if (before != null && last != null && last.isAfter(before)) {
      return question.shown(now);
    }
    if (!question.settled()) {
      return question.pending("it is still listed as failed, with no newer attempt so far");
    }
    if (question.isAccepted()) {
      return timesTold
          ? question.unknown(
              "Voiso accepted the retrigger, but its record shows no newer attempt", now)
          : question.shown(now);
    }
    return timesTold
        ? question.notSent("no newer attempt in Voiso's record")
        : question.unknown(
            "it is still listed as failed, and Voiso does not say when the last attempt was", now);
  }

  /** Returns the outcome of a retry whose failure is gone for good. */
  static RetryOutcome delivered(Question question) {
    return question.outcome(RetryOutcome.Status.DELIVERED, "Voiso no longer lists it as failed");
  }
}
