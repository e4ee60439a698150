package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.time.Instant;
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
    var known = new KnownLogs(results);
    var searches = new LinkedHashMap<String, LogSearch>();
    var traces = new ArrayList<@Nullable Trace>(results.size());
    for (RetryResult result : results) {
      boolean searched =
          http.outcomeWithoutReading(result) == null
              && result.delivery().latest().webhookId() != null;
      traces.add(
          searched
              ? searches
                  .computeIfAbsent(
                      Ids.ofWebhook(result.delivery()),
                      id -> new LogSearch(reader, mapper, id, known))
                  .add(result, startedAt(result), http.hasSettled(result))
              : null);
    }
    search(List.copyOf(searches.values()));
    var outcomes = new ArrayList<RetryOutcome>(results.size());
    for (int i = 0; i < results.size(); i++) {
      Trace trace = traces.get(i);
      RetryResult result = results.get(i);
      outcomes.add(trace == null ? unsearched(result) : trace.outcome(result));
    }
    return outcomes;
  }

  private void search(List<LogSearch> searches) {
    http.readEach(
        searches,
        search -> {
          search.run();
          return search;
        });
    searches.forEach(LogSearch::weigh);
  }

  /** When a request began at the earliest. */
  private Instant startedAt(RetryResult result) {
    return result.startedAt() != null
        ? result.startedAt()
        : result.requestedAt().minus(http.requestTimeout());
  }

  private RetryOutcome unsearched(RetryResult result) {
    RetryOutcome outcome = http.outcomeWithoutReading(result);
    return outcome != null
        ? outcome
        : RetryOutcome.of(
            result,
            RetryOutcome.Status.UNKNOWN,
            "its webhook is not known, and Chatt2.me lists logs only by webhook");
  }
}
