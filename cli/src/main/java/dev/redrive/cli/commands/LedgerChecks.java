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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the ledger: whether it can be read and written, and who else uses it. */
public final class LedgerChecks {
  private static final String CHECK = "ledger";

  private final LedgerOption ledger;
  private final String where;

  public LedgerChecks(LedgerOption ledger) {
    this.ledger = ledger;
    this.where = ledger.toString();
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
      return List.of(Finding.fail(CHECK, where, message(e), null));
    }
  }

  private Finding absent() {
    Path folder = ledger.path().map(Path::getParent).orElse(null);
    while (folder != null && Files.notExists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && Files.isDirectory(folder) && Files.isWritable(folder)
        ? Finding.ok(CHECK, where, "none yet at " + where + ": the first recovery creates it")
        : Finding.fail(
            CHECK,
            where,
            "none yet at " + where + ", and it cannot be created there",
            "Name a folder that you may write to with --ledger or REDRIVE_LEDGER.");
  }

  private List<Finding> look(RetryLedger state) {
    var findings = new ArrayList<Finding>();
    LedgerAdmin.Contents contents = state.admin().contents();
    List<LedgerRun> runs = state.runs(Integer.MAX_VALUE);
    findings.add(
        Finding.ok(
            CHECK,
            where,
            contents.name()
                + ": "
                + contents.deliveriesInAll()
                + " deliveries of "
                + contents.runs()
                + " runs, schema "
                + contents.schema()));
    findings.add(writable(state, runs));
    findings.add(shared(runs));
    findings.addAll(leftUnderWay(state));
    return findings;
  }

  /** A change that changes nothing: a run that has ended is asked to stop. */
  private Finding writable(RetryLedger state, List<LedgerRun> runs) {
    String problem =
        ledger.path().filter(file -> !Files.isWritable(file)).isPresent()
            ? "the file may not be written"
            : problem(state, runs);
    if (problem != null) {
      return Finding.fail(
          "writing",
          where,
          problem,
          "Nothing can be sent without a record: give this user the right to write.");
    }
    return runs.stream().anyMatch(run -> run.endedAt() != null)
        ? Finding.ok("writing", where, "the ledger can be written")
        : Finding.warn(
            "writing",
            where,
            "not tried, as no run has ended in it yet",
            "If it cannot be written, the first recovery says so before it sends anything.");
  }

  private static @Nullable String problem(RetryLedger state, List<LedgerRun> runs) {
    try {
      runs.stream()
          .filter(run -> run.endedAt() != null)
          .findFirst()
          .ifPresent(ended -> state.admin().stop(ended.id()));
      return null;
    } catch (LedgerException e) {
      return message(e);
    }
  }

  private Finding shared(List<LedgerRun> runs) {
    List<LedgerRun> alive = runs.stream().filter(LedgerRun::isAlive).toList();
    return Finding.ok(
        "runs",
        where,
        alive.isEmpty()
            ? "no run is alive now"
            : alive.size()
                + " alive now: "
                + alive.stream().map(LedgerRun::id).collect(Collectors.joining(", ")));
  }

  private List<Finding> leftUnderWay(RetryLedger state) {
    var findings = new ArrayList<Finding>();
    for (Account account : LedgerSearch.accounts(state)) {
      for (RetryLedger.Holder holder : state.holders(account)) {
        if (holder.silence().compareTo(LedgerRun.LONGEST_SILENCE) >= 0) {
          findings.add(
              Finding.warn(
                  "runs",
                  account.toString(),
                  "run "
                      + holder.run()
                      + " left deliveries under way, last seen "
                      + Durations.format(holder.silence())
                      + " ago",
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
