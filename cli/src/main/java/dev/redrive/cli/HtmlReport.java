package dev.redrive.cli;

import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger;
import java.io.IOException;
import java.nio.file.Path;

/** A run of a recovery as one HTML page that needs nothing else: no network, no script. */
final class HtmlReport {
  private HtmlReport() {}

  /**
   * Writes the page, over what was there.
   *
   * @param ledger tells what became of each delivery of the run
   * @throws IOException if the file cannot be written
   * @throws dev.redrive.recovery.LedgerException if the ledger cannot be read
   */
  static void write(Path file, RecoveryReport report, RetryLedger ledger) throws IOException {
    throw new UnsupportedOperationException();
  }
}
