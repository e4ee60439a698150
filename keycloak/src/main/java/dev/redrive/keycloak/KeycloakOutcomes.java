package dev.redrive.keycloak;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.keycloak.KeycloakWire.SendRow;
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
  /**
   * The least number of open sends of a webhook for which a page of its list is read. What was sent
   * again comes first in it.
   */
  private static final int WORTH_A_PAGE = 8;

  private final ProviderHttp http;
  private final SendReader reader;
  private final KeycloakMapper mapper;

  KeycloakOutcomes(ProviderHttp http, SendReader reader, KeycloakMapper mapper) {
    this.http = http;
    this.reader = reader;
    this.mapper = mapper;
  }

  /**
   * A resend whose outcome to read.
   *
   * @param settled whether the settle time had passed before the reading began
   */
  private record Question(RetryResult result, boolean settled) {
    String id() {
      return ProviderHttp.canonicalId(result.key().id());
    }

    String webhookId() {
      return Objects.requireNonNull(result.delivery().latest().webhookId());
    }
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> handOver) {
    List<Question> questions =
        http.retries().outcomesToRead(results, KeycloakOutcomes::obstacle, handOver).stream()
            .map(result -> new Question(result, http.hasSettled(result)))
            .toList();
    var open = new ArrayList<Question>();
    OutcomeGroups.by(Question::webhookId, questions)
        .forEach((webhookId, asked) -> open.addAll(readListed(webhookId, asked, handOver)));
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(Question::id, open),
        (id, ofSend, found) -> {
          WebhookLog now = reader.read(ofSend.get(0).webhookId(), id);
          found.accept(ofSend.stream().map(question -> answer(question, now)).toList());
        },
        handOver);
  }

  private static @Nullable String obstacle(RetryResult result) {
    return result.delivery().latest().webhookId() == null
        ? "its webhook is not known, and Keycloak shows a send by its webhook only"
        : SendReader.obstacle(result.delivery());
  }

  /**
   * Reads pages of a webhook's list as long as each saves more than one read by id. Rows may move
   * meanwhile, because absence from a page is not used as evidence.
   *
   * @return the questions that the pages do not answer
   */
  private List<Question> readListed(
      String webhookId, List<Question> questions, Consumer<List<RetryOutcome>> handOver) {
    Map<String, List<Question>> open = OutcomeGroups.by(Question::id, questions);
    boolean goOn = open.size() >= WORTH_A_PAGE;
    for (int first = 0; goOn; ) {
      List<@Nullable Recorded<SendRow>> page = reader.page(webhookId, first, KeycloakApi.PAGE_SIZE);
      var found = new ArrayList<RetryOutcome>();
      int before = open.size();
      for (Recorded<SendRow> row : page) {
        String id = row == null ? null : ProviderHttp.canonicalId(row.value().id());
        List<Question> ofSend = id == null ? null : open.remove(id);
        if (row != null && ofSend != null) {
          WebhookLog now = mapper.log(row, webhookId);
          ofSend.forEach(question -> found.add(answer(question, now)));
        }
      }
      if (!found.isEmpty()) {
        handOver.accept(found);
      }
      first += page.size();
      goOn = before - open.size() > 1 && open.size() > 1;
    }
    return open.values().stream().flatMap(List::stream).toList();
  }

  private static RetryOutcome answer(Question question, @Nullable WebhookLog now) {
    RetryResult result = question.result();
    if (now == null) {
      return RetryOutcome.of(
          result, RetryOutcome.Status.UNKNOWN, "Keycloak no longer has its record");
    }
    if (now.status() == DeliveryStatus.SUCCEEDED || isNewer(now, result.delivery().latest())) {
      return RetryOutcome.of(result, now);
    }
    if (!question.settled()) {
      return RetryOutcome.of(
          result, RetryOutcome.Status.PENDING, "no new attempt in its record so far");
    }
    if (result.status() == RetryResult.Status.ACCEPTED) {
      return new RetryOutcome(
          result,
          RetryOutcome.Status.UNKNOWN,
          now,
          "Keycloak accepted the resend, but its record shows no new attempt: the endpoint could"
              + " not be reached, which leaves no trace, or has not answered yet");
    }
    return isComparable(now, result.delivery().latest())
        ? RetryOutcome.of(
            result, RetryOutcome.Status.NOT_SENT, "no new attempt in Keycloak's record")
        : new RetryOutcome(
            result,
            RetryOutcome.Status.UNKNOWN,
            now,
            "Keycloak's record does not tell how many attempts there were");
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
