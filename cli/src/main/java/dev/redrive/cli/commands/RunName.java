package dev.redrive.cli.commands;

import dev.redrive.cli.CommandException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.List;
import java.util.stream.Collectors;

/** How a user names a run of a ledger: its id, the beginning of it, or {@code last}. */
public final class RunName {
  private static final String LAST = "last";
  private static final int MOST_SHOWN = 3;

  private RunName() {}

  /**
   * Returns the run of this name.
   *
   * @param where the ledger, for messages
   * @throws CommandException if there is none, or if the beginning fits several
   */
  public static LedgerRun find(String name, RetryLedger ledger, Object where) {
    if (name.equals(LAST)) {
      return ledger.runs(1).stream()
          .findFirst()
          .orElseThrow(() -> new CommandException("there are no runs yet in " + where));
    }
    List<LedgerRun> fits =
        ledger.runs(Integer.MAX_VALUE).stream()
            .filter(run -> !name.isEmpty() && run.id().startsWith(name))
            .toList();
    for (LedgerRun run : fits) {
      if (run.id().equals(name)) {
        return run;
      }
    }
    if (fits.isEmpty()) {
      throw new CommandException(
          "there is no run " + name + " in " + where + ": 'redrive history' lists them");
    }
    if (fits.size() > 1) {
      throw new CommandException(ambiguous(name, fits));
    }
    return fits.get(0);
  }

  private static String ambiguous(String name, List<LedgerRun> fits) {
    return "'%s' is the beginning of %d runs (%s%s): type more of it, or 'last' for the newest of all"
        .formatted(
            name,
            fits.size(),
            fits.stream().limit(MOST_SHOWN).map(LedgerRun::id).collect(Collectors.joining(", ")),
            fits.size() > MOST_SHOWN ? ", …" : "");
  }
}
