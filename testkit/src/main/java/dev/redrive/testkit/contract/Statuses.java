package dev.redrive.testkit.contract;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.util.List;

/** The statuses of results and outcomes, in their order. */
final class Statuses {
  private Statuses() {}

  static List<RetryResult.Status> statuses(List<RetryResult> results) {
    return results.stream().map(RetryResult::status).toList();
  }

  static List<RetryOutcome.Status> outcomeStatuses(List<RetryOutcome> outcomes) {
    return outcomes.stream().map(RetryOutcome::status).toList();
  }
}
