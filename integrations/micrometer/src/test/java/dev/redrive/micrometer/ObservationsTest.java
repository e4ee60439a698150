package dev.redrive.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is traced. */
class ObservationsTest extends MetricsFixture {
  private TestObservationRegistry observations;
  private List<Observation.Context> stopped;

  /** Called by the constructor of the fixture. */
  @Override
  ObservationRegistry observations() {
    observations = TestObservationRegistry.create();
    stopped = new CopyOnWriteArrayList<>();
    observations
        .observationConfig()
        .observationHandler(
            new ObservationHandler<>() {
              @Override
              public void onStop(Observation.Context context) {
                stopped.add(context);
              }

              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }
            });
    return observations;
  }

  private List<Observation.Context> stopped(String name) {
    return stopped.stream().filter(context -> context.getName().equals(name)).toList();
  }

  @Test
  void aRecovery_isTheParentOfItsRequests() {
    fake.failures(20);
    fake.endpoint().up();
    fake.faults().on(Operation.RETRY).nth(2).inject(Fault.status(503));

    RecoveryReport report = recover();

    TestObservationRegistryAssert.assertThat(observations)
        .hasNumberOfObservationsWithNameEqualTo("redrive.recovery", 1)
        .hasNumberOfObservationsWithNameEqualTo("redrive.request", (int) fake.requestCount());
    assertThat(stopped("redrive.recovery"))
        .singleElement()
        .satisfies(
            recovery -> {
              assertThat(recovery.getLowCardinalityKeyValues())
                  .containsExactly(KeyValue.of("provider", "chatt2me"));
              assertThat(recovery.getHighCardinalityKeyValue("run").getValue())
                  .isEqualTo(report.run());
            });
    assertThat(stopped("redrive.request"))
        .hasSize((int) fake.requestCount())
        .allMatch(
            request ->
                request.getParentObservation() != null
                    && request
                        .getParentObservation()
                        .getContextView()
                        .getName()
                        .equals("redrive.recovery"))
        .extracting(request -> request.getLowCardinalityKeyValue("result").getValue())
        .contains("success", "unavailable");
  }

  @Test
  void aRequestOutsideOfARecovery_hasNoParent() {
    fake.failures(1);
    recover();
    int before = stopped("redrive.request").size();

    client.failures(DeliveryQuery.all()).toList();

    assertThat(stopped("redrive.request").subList(before, stopped("redrive.request").size()))
        .isNotEmpty()
        .allMatch(request -> request.getParentObservation() == null);
  }

  @Test
  void aRecoveryThatFails_isStopped() {
    fake.failures(1);
    var recovery =
        recovery()
            .alreadyProcessed(
                delivery -> {
                  throw new IllegalStateException("no inbox");
                })
            .build();

    assertThatThrownBy(recovery::run).hasMessage("no inbox");

    assertThat(stopped("redrive.recovery")).hasSize(1);
    assertThat(stopped("redrive.request")).hasSize((int) fake.requestCount());
  }

  @Test
  void noObservation_holdsAnIdOrAUrl() {
    List<String> ids = fake.failures(20);
    recover();

    assertThat(stopped)
        .flatMap(context -> context.getAllKeyValues().stream().toList())
        .isNotEmpty()
        .extracting(KeyValue::getValue)
        .noneMatch(value -> value.contains("://") || value.contains(fake.baseUrl()))
        .noneMatch(value -> ids.stream().anyMatch(value::contains))
        .noneMatch(value -> fake.webhookIds().stream().anyMatch(value::contains));
  }
}
