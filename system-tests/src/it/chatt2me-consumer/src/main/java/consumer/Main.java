package consumer;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import java.util.List;

/** Retries what failed and exits by itself: nobody calls System.exit. */
class Main {
  public static void main(String[] args) {
    try (WebhookRetryClient client =
        Chatt2meClient.builder().apiKey("a-key").baseUrl(args[0]).build()) {
      List<FailedDelivery> failures = client.failures(DeliveryQuery.all()).stream().toList();
      List<RetryResult> results = client.retryAll(failures);
      for (RetryOutcome outcome : client.outcomes(results)) {
        System.out.println(outcome.key().id() + " " + outcome.status());
      }
    }
  }
}
