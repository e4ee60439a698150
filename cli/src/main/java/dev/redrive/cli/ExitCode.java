package dev.redrive.cli;

import dev.redrive.recovery.RecoveryReport;

/** What the exit codes of every command mean. */
public final class ExitCode {
  /** All delivered, or nothing to do. */
  public static final int OK = 0;

  /** The run failed: key, network, provider, ledger, file. */
  public static final int FAILED = 1;

  /** The command line or the settings are wrong. */
  public static final int USAGE = 2;

  /**
   * It finished, stopped or was declined, and not everything is delivered, including what another
   * run holds.
   */
  public static final int NOT_ALL_DELIVERED = 3;

  /** Ctrl-C; the state is kept. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** What a run's end is as an exit code. */
  public static int of(RecoveryReport report) {
    return switch (report.end()) {
      case CANCELLED -> INTERRUPTED;
      case FAILED -> FAILED;
      case FINISHED, STOPPED, DECLINED -> report.allDelivered() ? OK : NOT_ALL_DELIVERED;
    };
  }
}
