package dev.redrive.cli;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.RetryLedger;
import dev.redrive.recovery.SkipReason;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code --results}: one JSON line for each delivery of a run, skipped ones too. */
final class ResultsFile implements AutoCloseable {
  private final BufferedWriter file;

  /** Opens it at once, so that a file that cannot be written is known before anything is sent. */
  ResultsFile(Path path) {
    try {
      this.file = Files.newBufferedWriter(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void skipped(FailedDelivery delivery, SkipReason reason) {
    write(ResultLine.skipped(delivery, reason));
  }

  /** Adds what the ledger knows of a run's deliveries. */
  synchronized void add(String run, RetryLedger ledger) {
    ledger.entries(run, entry -> write(ResultLine.of(entry)));
  }

  private void write(Fields fields) {
    try {
      file.write(Json.line(fields));
      file.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
