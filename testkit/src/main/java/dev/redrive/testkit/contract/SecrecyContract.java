package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is shown, printed and logged holds no secret. */
public interface SecrecyContract extends ContractPart {
  @Test
  default void nothing_thatIsShownHoldsASecret() {
    fake(settings -> settings.apiKey("sk-planted-0123456789abcdef-KEY"));
    String key = apiKey(fake());
    var secrets = new PlantedSecrets(key);
    var shown = new ShownText();
    try (shown) {
      List<FailedDelivery> deliveries = failed(manyFailures());
      deliveries.forEach(delivery -> secrets.addFrom(delivery.latest()));
      show(shown, deliveries);
      var next = deliveries.iterator();
      for (Trouble trouble : Trouble.values()) {
        if (trouble != Trouble.STALL) {
          showTrouble(shown, trouble.fault, next.next());
        }
      }
      for (String body :
          List.of(
              "{\"message\":\"no such key: KEY\",\"error\":\"bad KEY\",\"errorMessage\":\"KEY\"}",
              "{\"error\":{\"message\":\"no such key: KEY\",\"stack\":\"at KEY\"}}",
              "{\"errors\":{\"KEY\":[\"KEY\"]},\"errorCode\":\"KEY\"}",
              "KEY")) {
        Fault echo = Fault.answer(401, "application/json", body.replace("KEY", key));
        showTrouble(shown, echo, deliveries.get(0));
        showTrouble(
            shown,
            Fault.answer(400, "application/json", body.replace("KEY", key)),
            deliveries.get(0));
      }
    }

    assertThat(shown.text()).contains(traits().displayName());
    assertThat(shown.text()).as("what is logged at debug").contains("next attempt in");
    assertThat(secrets.shownIn(shown.text())).as("secrets that are shown").isEmpty();
  }

  private void show(ShownText shown, List<FailedDelivery> deliveries) {
    shown.add(client(), traits(), DeliveryQuery.all(), client().failures(DeliveryQuery.all()));
    shown.add(deliveries.toArray());
    List<RetryResult> results = client().retryAll(deliveries.subList(0, 10));
    shown.add(results.toArray());
    shown.add(client().outcomes(results).toArray());
    if (can(Capability.WEBHOOKS)) {
      shown.add(client().webhooks().toArray());
    }
    if (can(Capability.LOGS)) {
      List<WebhookLog> logs = client().logs(DeliveryQuery.all()).toList();
      shown.add(logs.toArray());
    }
  }

  private void showTrouble(ShownText shown, Fault fault, FailedDelivery delivery) {
    RetryResult accepted = RetryResult.accepted(delivery, null, time().now());
    fake().faults().onAny().always().inject(fault);
    RetryResult result = client().retry(delivery);
    shown.add(result, String.valueOf(result.reason()));
    if (result.error() != null) {
      shown.add(result.error());
    }
    for (Runnable read :
        List.<Runnable>of(
            () -> list(client()),
            () -> client().webhooks(),
            () -> client().outcomes(List.of(accepted)))) {
      try {
        read.run();
      } catch (RedriveException e) {
        shown.add(e, e.call(), e.advice(), e.summary());
      }
    }
    fake().faults().clear();
  }
}
