package dev.redrive.cli.commands;

import dev.redrive.RedriveException;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.ledger.LedgerException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Round after round until someone stops it. A round that fails does not end it. */
final class CatchUpLoop {
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final Rest rest;

  CatchUpLoop(Terminal terminal, LongSupplier nanoTime, Rest rest) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.rest = rest;
  }

  /** Waits between rounds. */
  @FunctionalInterface
  interface Rest {
    /** Waits so long at the most, and returns whether to go on. */
    boolean goesOnAfter(Duration pause);
  }

  /**
   * Runs rounds.
   *
   * @param every from the start of a round to the start of the next
   * @param round runs one, shows it and returns it
   * @return the exit code
   */
  int run(Duration every, Supplier<CatchUpRound> round) {
    Duration pause;
    do {
      long startedAt = nanoTime.getAsLong();
      try {
        // Also after a round that was stopped at another machine, which took this one for dead.
        CatchUpRound unused = round.get();
      } catch (LedgerException | RedriveException e) {
        String problem = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        terminal.error(problem + " The next round catches up.");
      }
      pause = every.minusNanos(nanoTime.getAsLong() - startedAt);
    } while (rest.goesOnAfter(pause.isNegative() ? Duration.ZERO : pause));
    return ExitCode.INTERRUPTED;
  }
}
