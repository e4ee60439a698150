package dev.redrive.spring;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.recovery.ledger.LedgerException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Tells why the application cannot start, in place of a stack trace. */
final class RedriveFailureAnalyzer implements FailureAnalyzer {
  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidConfigurationException) {
        return analysis(cause, "Correct the properties under 'redrive'.");
      }
      if (cause instanceof LedgerException) {
        return analysis(
            cause,
            "Correct redrive.ledger.url, or the application's DataSource if the ledger is in it.");
      }
    }
    return null;
  }

  private static FailureAnalysis analysis(Throwable cause, String action) {
    return new FailureAnalysis(cause.getMessage(), action, cause);
  }
}
