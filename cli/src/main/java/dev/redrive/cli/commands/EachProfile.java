package dev.redrive.cli.commands;

import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Connection;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.terminal.Terminal;
import java.util.function.Function;

/**
 * Lists for one profile after the other. One that fails is told, makes the command fail, and does
 * not hide the others.
 */
final class EachProfile<T> {
  private final Rows<T> rows;
  private final OutputFormat format;
  private final Terminal terminal;

  EachProfile(Rows<T> rows, OutputFormat format, Terminal terminal) {
    this.rows = rows;
    this.format = format;
    this.terminal = terminal;
  }

  /**
   * Writes all.
   *
   * @param lists lists what there is
   * @param told tells on stderr what the list does not show
   * @return the exit code
   */
  <L extends Iterable<? extends T>> int write(
      Connections connections, Function<WebhookRetryClient, L> lists, Afterwards<L> told) {
    if (!connections.areSeveral()) {
      WebhookRetryClient client = connections.all().get(0).client();
      L list = lists.apply(client);
      long count = rows.write(list, format, terminal.out());
      told.tell(client, list, count, "");
      return ExitCode.OK;
    }
    int exitCode = ExitCode.OK;
    try (Rows.Writer<Rows.OfProfile<T>> writer =
        rows.withProfile().writer(format, terminal.out())) {
      for (Connection one : connections.all()) {
        try {
          write(one, lists, told, writer);
        } catch (OperationInterruptedException e) {
          throw e;
        } catch (RedriveException e) {
          terminal.error(one.name() + ": " + e.getMessage());
          exitCode = ExitCode.FAILED;
        }
      }
    }
    return exitCode;
  }

  private <L extends Iterable<? extends T>> void write(
      Connection one,
      Function<WebhookRetryClient, L> lists,
      Afterwards<L> told,
      Rows.Writer<Rows.OfProfile<T>> writer) {
    long before = writer.count();
    L list = lists.apply(one.client());
    for (T row : list) {
      writer.write(new Rows.OfProfile<>(one.name(), row));
      // A closed pipe, as of "| head": the rest is for nobody.
      if (terminal.out().print().checkError()) {
        return;
      }
    }
    told.tell(one.client(), list, writer.count() - before, one.name() + ": ");
  }

  /** Tells what a list does not show. */
  @FunctionalInterface
  interface Afterwards<L> {
    /**
     * Tells it.
     *
     * @param count how many were listed
     * @param of whose they are, to begin each sentence with; empty if that is plain
     */
    void tell(WebhookRetryClient client, L list, long count, String of);
  }
}
