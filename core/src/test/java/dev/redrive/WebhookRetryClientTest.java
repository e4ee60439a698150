package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WebhookRetryClientTest {
  @Test
  void outcomes_areInTheOrderOfTheResults_whateverTheOrderTheyComeIn() {
    RetryResult one = result("a");
    RetryResult equal = result("a");
    RetryResult other = result("b");
    assertThat(equal).isEqualTo(one).isNotSameAs(one);
    List<RetryResult> results = List.of(one, equal, other, other);

    List<RetryOutcome> outcomes = backwards().outcomes(results);

    assertThat(outcomes).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(outcomes.get(i).result()).isSameAs(results.get(i));
    }
  }

  private static RetryResult result(String id) {
    var log =
        WebhookLog.builder(new DeliveryKey("acme", "main", id), DeliveryStatus.FAILED).build();
    return RetryResult.accepted(FailedDelivery.of(log), "new", Instant.EPOCH);
  }

  /** A client that does nothing but hand outcomes over one by one, the last one first. */
  private static WebhookRetryClient backwards() {
    return (WebhookRetryClient)
        Proxy.newProxyInstance(
            WebhookRetryClient.class.getClassLoader(),
            new Class<?>[] {WebhookRetryClient.class},
            (proxy, method, arguments) -> {
              if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
              }
              @SuppressWarnings("unchecked")
              var results = new ArrayList<>((List<RetryResult>) arguments[0]);
              @SuppressWarnings("unchecked")
              var reader = (Consumer<List<RetryOutcome>>) arguments[1];
              Collections.reverse(results);
              results.forEach(
                  result ->
                      reader.accept(
                          List.of(RetryOutcome.of(result, RetryOutcome.Status.DELIVERED, "told"))));
              return null;
            });
  }
}
