package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Statuses.outcomeStatuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Outcomes whose reads fail, or hold what no documentation knows. */
public interface OutcomeFaultsContract extends ContractPart {
  @Test
  default void outcomes_whenNobodyListens_sayWhichServer() {
    List<RetryResult> results = client().retryAll(failed(2));
    String server = fake().baseUrl().replace("http://", "");
    fake().close();

    assertThatThrownBy(() -> client(settings -> {}).outcomes(results))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(server);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void outcomes_whenReadsFailOnce(Trouble trouble) {
    fake().endpoint().down(500);
    List<RetryResult> results = client().retryAll(failed(3));
    fake().faults().on(Operation.LIST, Operation.READ).inject(trouble.fault);
    WebhookRetryClient client = trouble.client(this);

    if (trouble.passes()) {
      assertTruthful(client.outcomes(results));
      assertThat(fake().faults().injected()).isEqualTo(1);
      assertThat(outcomeStatuses(told(results))).containsOnly(Status.FAILED_AGAIN);
    } else {
      assertTruthful(outcomesOrError(trouble, client, results));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void outcomes_whenAllReadsFail_claimNothing(Trouble trouble) {
    fake().endpoint().down(500);
    List<RetryResult> results = retriedUnder(Fault.lostAnswer(), 2);
    settle();
    fake().faults().on(Operation.LIST, Operation.READ).always().inject(trouble.fault);

    Set<Status> allowed = EnumSet.of(Status.PENDING, Status.UNKNOWN);
    if (trouble == Trouble.STATUS_404 && !can(Capability.LOGS)) {
      // In the provider's own words: a record that is gone, as are those of what was delivered.
      allowed.add(Status.DELIVERED);
    }
    assertThat(allowed)
        .containsAll(outcomeStatuses(outcomesOrError(trouble, trouble.client(this), results)));
    assertThat(fake().faults().injected()).isPositive();
  }

  @Test
  default void outcomes_whenEnumsHaveUnknownValues_claimNothingFalse() {
    fake().endpoint().down(500);
    List<RetryResult> results = client().retryAll(failed(5));
    fake().faults().onAny().always().inject(Fault.unknownEnumValues());

    assertTruthful(client().outcomes(results));
  }

  @Test
  default void outcomes_whenAnswersHaveUnknownFields_areTold() {
    List<RetryResult> results = client().retryAll(failed(5));
    fake().faults().onAny().always().inject(Fault.unknownFields());

    assertThat(outcomeStatuses(told(results))).containsOnly(Status.DELIVERED);
  }

  /** The outcomes, none if reading them ends with the error that is due. */
  private List<RetryOutcome> outcomesOrError(
      Trouble trouble, WebhookRetryClient client, List<RetryResult> results) {
    try {
      return client.outcomes(results);
    } catch (RedriveException e) {
      assertThatThrownBy(
              () -> {
                throw e;
              })
          // A record that is gone answers 404, whatever spoils the body of that answer.
          .isInstanceOfAny(trouble.error, NotFoundException.class)
          .hasMessageContaining(traits().displayName());
      return List.of();
    }
  }
}
