package dev.redrive.keycloak;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outcomes of resends. A resend has no record of its own: its attempts overwrite the
 * record of the send.
 */
final class KeycloakOutcomes {
  private final ProviderHttp http;
  private final SendReader reader;
  private final KeycloakMapper mapper;

  KeycloakOutcomes(ProviderHttp http, SendReader reader, KeycloakMapper mapper) {
    this.http = http;
    this.reader = reader;
    this.mapper = mapper;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> handOver) {
    List<Question> questions =
        http.retries().questions(results, KeycloakOutcomes::obstacle, handOver);
    var open = new ArrayList<Question>();
    OutcomeGroups.by(KeycloakOutcomes::webhookId, questions)
        .forEach((webhookId, asked) -> open.addAll(readListed(webhookId, asked, handOver)));
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(Question::id, open),
        (id, ofSend, found) -> {
          WebhookLog now = reader.read(webhookId(ofSend.get(0)), id);
          found.accept(ofSend.stream().map(question -> answer(question, now)).toList());
        },
        handOver);
  }

  private static String webhookId(Question question) {
    return Objects.requireNonNull(question.before().webhookId());
  }

  private static @Nullable String obstacle(RetryResult result) {
    return result.delivery().latest().webhookId() == null
        ? "its webhook is not known, and Keycloak shows a send by its webhook only"
        : SendReader.obstacle(result.delivery());
  }

  /** Reads the list of a webhook. Returns the questions that it does not answer. */
  private List<Question> readListed(
      String webhookId, List<Question> questions, Consumer<List<RetryOutcome>> handOver) {
    Map<String, List<Question>> open = OutcomeGroups.by(Question::id, questions);
    // What was sent again comes first in it.
    OutcomeGroups.readListed(
        open,
        KeycloakApi.PAGE_SIZE,
        (first, max) -> reader.page(webhookId, first, max),
        row -> row.value().id(),
        (question, row) -> answer(question, mapper.log(row, webhookId)),
        handOver);
    return open.values().stream().flatMap(List::stream).toList();
  }

  private static RetryOutcome answer(Question question, @Nullable WebhookLog now) {
    if (now == null) {
      return question.unknown("Keycloak no longer has its record");
    }
    if (now.status() == DeliveryStatus.SUCCEEDED || isNewer(now, question.before())) {
      return question.shown(now);
    }
    if (!question.settled()) {
      return question.pending("no new attempt in its record so far");
    }
    if (question.isAccepted()) {
      return question.unknown(
          "Keycloak accepted the resend, but its record shows no new attempt: the endpoint could"
              + " not be reached, which leaves no trace, or has not answered yet",
          now);
    }
    return isComparable(now, question.before())
        ? question.notSent("no new attempt in Keycloak's record")
        : question.unknown("Keycloak's record does not tell how many attempts there were", now);
  }

  /** Whether the record shows an attempt that it did not show before. */
  private static boolean isNewer(WebhookLog now, WebhookLog before) {
    Integer attempts = now.attemptNumber();
    Integer attemptsBefore = before.attemptNumber();
    if (attempts != null && attemptsBefore != null && attempts > attemptsBefore) {
      return true;
    }
    Instant at = now.attemptedAt();
    Instant atBefore = before.attemptedAt();
    return at != null && atBefore != null && at.isAfter(atBefore);
  }

  private static boolean isComparable(WebhookLog now, WebhookLog before) {
    return (now.attemptNumber() != null && before.attemptNumber() != null)
        || (now.attemptedAt() != null && before.attemptedAt() != null);
  }
}
