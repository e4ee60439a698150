package consumer;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import java.time.Instant;
import java.util.List;

/** The README's snippet for a few deliveries, but for the base URL. Exits by itself: nobody calls System.exit. */
class Main {
  public static void main(String[] args) {
    String key = "a-key";
    Instant anHourAgo = Instant.parse("2026-02-09T12:00:00Z");
    try (WebhookRetryClient client = Chatt2meClient.builder().apiKey(key).baseUrl(args[0]).build()) {
      List<FailedDelivery> failures = client.failures(DeliveryQuery.since(anHourAgo)).toList();
      List<RetryResult> results = client.retryAll(failures);
      for (RetryOutcome outcome : client.outcomes(results)) {
        System.out.println(outcome.key().id() + " " + outcome.status());
      }
    }
  }
}
