package dev.redrive.cli.output;

import dev.redrive.FailedDelivery;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.page.HtmlReport;
import dev.redrive.cli.page.RunFacts;
import dev.redrive.cli.page.WebhookNames;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code --results} and {@code --report}: what a run leaves behind. A run that has nothing to tell
 * leaves the files of an earlier one alone.
 */
public final class OutputFiles implements AutoCloseable {
  private final Terminal terminal;
  private final Wanted wanted;
  private final @Nullable NewFile results;
  private final @Nullable NewFile page;
  private boolean isWritten;

  /** Why a delivery that was skipped could not be written; null if all were. */
  private @Nullable UncheckedIOException broken;

  /**
   * Which files are wanted, and what only their page tells.
   *
   * @param results one JSON line per delivery; null for none
   * @param page the HTML page; null for none
   * @param invocation how the run was started
   * @param names reads the names of webhooks, if they are needed
   */
  public record Wanted(
      @Nullable Path results,
      @Nullable Path page,
      Invocation invocation,
      Supplier<WebhookNames> names) {
    /** A page alone, which need not tell how to start the run again. */
    public Wanted(Path page) {
      this(null, page, Invocation.NONE, () -> WebhookNames.NONE);
    }
  }

  /**
   * Opens them at once.
   *
   * @throws UncheckedIOException if one cannot be written
   */
  public OutputFiles(Terminal terminal, Wanted wanted) {
    this.terminal = terminal;
    this.wanted = wanted;
    this.page = wanted.page() == null ? null : new NewFile(wanted.page());
    try {
      this.results = wanted.results() == null ? null : new NewFile(wanted.results());
    } catch (UncheckedIOException e) {
      if (this.page != null) {
        this.page.close();
      }
      throw e;
    }
  }

  /** A delivery that the run leaves out; the ledger does not name it under the run. */
  public synchronized void skipped(FailedDelivery delivery, SkipReason reason) {
    if (results == null || broken != null) {
      return;
    }
    try {
      line(results, ResultLine.skipped(delivery, reason));
    } catch (UncheckedIOException e) {
      // The recovery goes on; the file is not kept.
      broken = e;
    }
  }

  /** Writes what became of the run, over earlier files, if there is anything to tell. */
  public synchronized void write(RecoveryReport report, RetryLedger ledger) {
    if (broken != null) {
      throw broken;
    }
    if (!isWorthWriting(report)) {
      return;
    }
    try {
      if (results != null) {
        NewFile file = results;
        ledger.entries(report.run(), entry -> line(file, ResultLine.of(entry)));
        file.keep();
      }
      if (page != null) {
        String unused =
            HtmlReport.write(
                RunFacts.of(report),
                ledger,
                namesAfter(report.end()),
                wanted.invocation(),
                Map.of(),
                page.writer());
        page.keep();
        terminal.note("The report is in " + page.path());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    isWritten = true;
  }

  /** Where the provider failed or the user is leaving, nobody waits for names. */
  private WebhookNames namesAfter(RecoveryReport.End end) {
    return switch (end) {
      case FINISHED, STOPPED -> wanted.names().get();
      case FAILED, CANCELLED, DECLINED -> WebhookNames.NONE;
    };
  }

  private static boolean isWorthWriting(RecoveryReport report) {
    return switch (report.end()) {
      case FINISHED, STOPPED -> true;
      case FAILED -> report.counts().found() > 0;
      case CANCELLED -> report.requests() > 0 || report.counts().delivered() > 0;
      case DECLINED -> false;
    };
  }

  private static void line(NewFile file, Fields fields) {
    try {
      file.write(Json.line(fields) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (results;
        page) {
      if (!isWritten && (results != null || page != null)) {
        String names =
            Stream.of(results, page)
                .filter(Objects::nonNull)
                .map(file -> file.path().toString())
                .collect(Collectors.joining(" and "));
        terminal.note(
            "Not written: " + names + ". What an earlier run wrote there is still there.");
      }
    }
  }
}
