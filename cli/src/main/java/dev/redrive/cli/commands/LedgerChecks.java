package dev.redrive.cli.commands;

import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks the ledger: whether it can be read and written, and who else uses it. */
public final class LedgerChecks {
  private final LedgerOption ledger;
  private final String where;
  private final Finding.About about;

  public LedgerChecks(LedgerOption ledger) {
    this.ledger = ledger;
    this.where = ledger.toString();
    this.about = new Finding.About("ledger", where);
  }

  public List<Finding> run() {
    try {
      Optional<RetryLedger> opened = ledger.openToRead();
      if (opened.isEmpty()) {
        return List.of(absent());
      }
      try (RetryLedger state = opened.get()) {
        return look(state);
      }
    } catch (LedgerException e) {
      return List.of(about.fail(message(e), null));
    }
  }

  private Finding absent() {
    Path folder = ledger.path().map(Path::getParent).orElse(null);
    while (folder != null && Files.notExists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && Files.isDirectory(folder) && Files.isWritable(folder)
        ? about.ok("none yet at " + where + ": the first recovery creates it")
        : about.fail(
            "none yet at " + where + ", and it cannot be created there",
            "Name a folder that you may write to with --ledger or REDRIVE_LEDGER.");
  }

  private List<Finding> look(RetryLedger state) {
    LedgerAdmin.Contents contents = state.admin().contents();
    List<LedgerRun> runs = state.runs(Integer.MAX_VALUE);
    var findings = new ArrayList<Finding>();
    findings.add(
        about.ok(
            "%s: %d deliveries of %d runs, schema %d"
                .formatted(
                    contents.name(),
                    contents.deliveriesInAll(),
                    contents.runs(),
                    contents.schema())));
    findings.add(writable(state, runs));
    List<String> alive = runs.stream().filter(LedgerRun::isAlive).map(LedgerRun::id).toList();
    findings.add(
        new Finding.About("runs", where)
            .ok(
                alive.isEmpty()
                    ? "no run is alive now"
                    : alive.size() + " alive now: " + String.join(", ", alive)));
    findings.addAll(leftUnderWay(state));
    return findings;
  }

  /** A change that changes nothing: a run that has ended is asked to stop. */
  private Finding writable(RetryLedger state, List<LedgerRun> runs) {
    var writing = new Finding.About("writing", where);
    String ended =
        runs.stream()
            .filter(run -> run.endedAt() != null)
            .map(LedgerRun::id)
            .findFirst()
            .orElse("");
    String problem = "";
    try {
      if (ledger.path().filter(file -> !Files.isWritable(file)).isPresent()) {
        problem = "the file may not be written";
      } else if (!ended.isEmpty()) {
        boolean unused = state.admin().stop(ended);
      }
    } catch (LedgerException e) {
      problem = message(e);
    }
    if (!problem.isEmpty()) {
      return writing.fail(
          problem, "Nothing can be sent without a record: give this user the right to write.");
    }
    return !ended.isEmpty()
        ? writing.ok("the ledger can be written")
        : writing.warn(
            "not tried, as no run has ended in it yet",
            "If it cannot be written, the first recovery says so before it sends anything.");
  }

  private static List<Finding> leftUnderWay(RetryLedger state) {
    var findings = new ArrayList<Finding>();
    for (Account account : LedgerSearch.accounts(state)) {
      for (RetryLedger.Holder holder : state.holders(account)) {
        if (holder.silence().compareTo(LedgerRun.LONGEST_SILENCE) >= 0) {
          findings.add(
              new Finding.About("runs", account.toString())
                  .warn(
                      "run %s left deliveries under way, last seen %s ago"
                          .formatted(holder.run(), Durations.format(holder.silence())),
                      "'redrive recover' reads what became of them."));
        }
      }
    }
    return findings;
  }

  private static String message(LedgerException e) {
    return e.getMessage() == null ? "cannot be used" : e.getMessage();
  }
}
