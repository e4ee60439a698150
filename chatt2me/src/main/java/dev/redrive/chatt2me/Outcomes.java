package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what became of retries, from one scan of each webhook's logs. */
final class Outcomes {
  private final ProviderHttp http;
  private final LogReader reader;
  private final Mapper mapper;

  Outcomes(ProviderHttp http, LogReader reader, Mapper mapper) {
    this.http = http;
    this.reader = reader;
    this.mapper = mapper;
  }

  List<RetryOutcome> of(List<RetryResult> results) {
    var outcomes = new RetryOutcome[results.size()];
    var toRead = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < outcomes.length; i++) {
      RetryResult result = results.get(i);
      outcomes[i] = withoutReading(result);
      if (outcomes[i] == null) {
        toRead.computeIfAbsent(Ids.ofWebhook(result.delivery()), id -> new ArrayList<>()).add(i);
      }
    }
    var known = new KnownLogs(results);
    http.readEach(
        List.copyOf(toRead.entrySet()),
        ofWebhook -> {
          List<Integer> places = ofWebhook.getValue();
          List<RetryOutcome> read =
              new LogSearch(http, reader, mapper, ofWebhook.getKey(), known)
                  .outcomes(places.stream().map(results::get).toList());
          for (int i = 0; i < read.size(); i++) {
            outcomes[places.get(i)] = read.get(i);
          }
          return read;
        });
    return List.of(outcomes);
  }

  private @Nullable RetryOutcome withoutReading(RetryResult result) {
    RetryOutcome outcome = http.outcomeWithoutReading(result);
    return outcome != null || result.delivery().latest().webhookId() != null
        ? outcome
        : RetryOutcome.of(
            result,
            RetryOutcome.Status.UNKNOWN,
            "its webhook is not known, and Chatt2.me lists logs only by webhook");
  }
}
