package dev.redrive.cli.options;

import dev.redrive.recovery.Recovery;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a recovery goes about it. */
public final class RecoveryOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--canary",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Send this many first, and stop if none is delivered; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int canary;

  @Option(
      names = "--max-rate",
      paramLabel = "N",
      description =
          "At most this many retry requests per second. Default: the provider's limit only.")
  private @Nullable Double maxRate;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "8",
      description = "At most this many retry requests at once. Default: ${DEFAULT-VALUE}.")
  private int concurrency;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "At most this many deliveries per request. Default: what the provider takes.")
  private @Nullable Integer batchSize;

  @Option(
      names = "--verify-timeout",
      paramLabel = "DURATION",
      converter = Durations.ToDuration.class,
      description =
          "How long to wait for outcomes after the last request: 90s, 2m. Default: as long as the"
              + " provider may need, at least 2m.")
  private @Nullable Duration verifyTimeout;

  @Option(
      names = "--again",
      description = "Send again what failed again, or was rejected, in an earlier run.")
  private boolean again;

  @Option(
      names = "--no-resume",
      description = "Leave out what earlier runs left queued; by default it is sent as well.")
  private boolean noResume;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public RecoveryOptions() {}

  public int concurrency() {
    return concurrency;
  }

  /**
   * Looks at the numbers before anything is done.
   *
   * @throws ParameterException if one cannot work
   */
  public void check() {
    check(concurrency >= 1, "--concurrency is " + concurrency + ": use at least 1");
    check(canary >= 0, "--canary is " + canary + ": use 0 for none, or a number such as 3");
    check(
        maxRate == null || (maxRate > 0 && Double.isFinite(maxRate)),
        "--max-rate is "
            + maxRate
            + ": use a number of requests a second above 0, such as 5 or 0.5");
    check(
        batchSize == null || batchSize >= 1,
        "--batch-size is " + batchSize + ": use at least 1, or leave it out");
  }

  /** Sets a recovery up. */
  public Recovery.Builder applyTo(Recovery.Builder recovery) {
    recovery.canary(canary).concurrency(concurrency);
    if (verifyTimeout != null) {
      recovery.verifyTimeout(verifyTimeout);
    }
    if (noResume) {
      recovery.leaveEarlierRuns();
    }
    if (maxRate != null) {
      recovery.maxRate(maxRate);
    }
    if (batchSize != null) {
      recovery.batchSize(batchSize);
    }
    return again ? recovery.anotherRound() : recovery;
  }

  private void check(boolean good, String problem) {
    if (!good) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
