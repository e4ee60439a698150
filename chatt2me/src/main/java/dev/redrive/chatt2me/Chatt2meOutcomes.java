package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells what became of retries, from one scan of each webhook's logs. */
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
    List<RetryResult> toRead =
        http.retries().outcomesToRead(results, Chatt2meOutcomes::obstacle, outcomes);
    var known = new KnownLogs(results);
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(result -> Ids.ofWebhook(result.delivery()), toRead),
        (webhookId, ofWebhook, handOver) ->
            new LogSearch(http, reader, mapper, webhookId, known, handOver).run(ofWebhook),
        outcomes);
  }

  private static @Nullable String obstacle(RetryResult result) {
    if (result.delivery().latest().webhookId() == null) {
      return "its webhook is not known, and Chatt2.me lists logs only by webhook";
    }
    return result.newLogId() == null && result.delivery().knownByIdAlone()
        ? "nothing but its id is known, so that a new attempt of it cannot be told from others"
        : null;
  }
}
