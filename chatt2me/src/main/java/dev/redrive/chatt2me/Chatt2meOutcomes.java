package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

  void read(List<RetryResult> results, Consumer<List<RetryOutcome>> outcomes) {
    Map<String, List<RetryResult>> byWebhook =
        http.outcomesToRead(results, Chatt2meOutcomes::obstacle, outcomes).stream()
            .collect(
                Collectors.groupingBy(
                    result -> Ids.ofWebhook(result.delivery()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    var known = new KnownLogs(results);
    http.<Map.Entry<String, List<RetryResult>>, RetryOutcome>readEach(
        List.copyOf(byWebhook.entrySet()),
        (ofWebhook, handOver) ->
            new LogSearch(http, reader, mapper, ofWebhook.getKey(), known, handOver)
                .run(ofWebhook.getValue()),
        outcomes);
  }

  private static @Nullable String obstacle(RetryResult result) {
    return result.delivery().latest().webhookId() == null
        ? "its webhook is not known, and Chatt2.me lists logs only by webhook"
        : null;
  }
}
