package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
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
      String webhookId = result.delivery().latest().webhookId();
      boolean searched =
          result.needsOutcome() && webhookId != null && Ids.areOf(http, result.delivery());
      traces.add(
          searched
              ? searches
                  .computeIfAbsent(
                      Ids.ofWebhook(result.delivery()), id -> new LogSearch(reader, id, known))
                  .add(result, http.hasSettled(result))
              : null);
    }
    search(List.copyOf(searches.values()));
    var outcomes = new ArrayList<RetryOutcome>(results.size());
    for (int i = 0; i < results.size(); i++) {
      Trace trace = traces.get(i);
      RetryResult result = results.get(i);
      outcomes.add(trace == null ? unsearched(result) : trace.outcome(result, mapper));
    }
    return outcomes;
  }

  /** First pages at once, since most webhooks need no more; the long scans one after the other. */
  private void search(List<LogSearch> searches) {
    http.readEach(
        searches,
        search -> {
          search.begin();
          return search;
        });
    searches.forEach(LogSearch::run);
    searches.forEach(LogSearch::weigh);
  }

  private static RetryOutcome unsearched(RetryResult result) {
    if (!result.needsOutcome()) {
      return RetryOutcome.of(
          result,
          RetryOutcome.Status.NOT_SENT,
          Objects.requireNonNullElse(result.reason(), "it was not sent"));
    }
    return RetryOutcome.of(
        result,
        RetryOutcome.Status.UNKNOWN,
        result.delivery().latest().webhookId() == null
            ? "its webhook is not known, and Chatt2.me lists logs only by webhook"
            : "it belongs to another provider or account");
  }
}
