package dev.redrive.recovery.engine;

import dev.redrive.recovery.StopRule;
import java.util.ArrayDeque;

/** The latest outcomes of an account, as the {@link StopRule} looks at them. */
final class OutcomeWindow {
  private final StopRule rule;
  private final ArrayDeque<Boolean> failures = new ArrayDeque<>();
  private int failed;

  OutcomeWindow(StopRule rule) {
    this.rule = rule;
  }

  synchronized void add(boolean hasFailed) {
    failures.addLast(hasFailed);
    failed += hasFailed ? 1 : 0;
    if (failures.size() > rule.window()) {
      failed -= failures.removeFirst() ? 1 : 0;
    }
  }

  synchronized boolean isBad() {
    return failures.size() >= rule.minimum() && failed > rule.failedShare() * failures.size();
  }

  synchronized String describe() {
    return failed + " of the latest " + failures.size() + " retries failed again";
  }
}
