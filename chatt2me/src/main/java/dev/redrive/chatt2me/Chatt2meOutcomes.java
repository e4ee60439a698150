package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of retries, with one scan of the logs of each webhook. */
final class Chatt2meOutcomes {
  private final ProviderHttp http;
  private final LogReader reader;
  private final Chatt2meMapper mapper;

  Chatt2meOutcomes(ProviderHttp http, LogReader reader, Chatt2meMapper mapper) {
    this.http = http;
    this.reader = reader;
    this.mapper = mapper;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> outcomes) {
    List<Question> questions =
        http.retries().questions(results, Chatt2meOutcomes::obstacle, outcomes);
    var known = new KnownLogs(results);
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(question -> Ids.ofWebhook(question.result().delivery()), questions),
        (webhookId, ofWebhook, handOver) ->
            new LogSearch(reader, mapper, webhookId, known, handOver).run(ofWebhook),
        outcomes);
  }

  private static @Nullable String obstacle(RetryResult result) {
    if (result.delivery().latest().webhookId() == null) {
      return "its webhook is not known, and Chatt2.me lists logs by webhook only";
    }
    return result.newLogId() == null && result.delivery().knownByIdAlone()
        ? "only its id is known, so its new attempt cannot be distinguished from other logs"
        : null;
  }
}
