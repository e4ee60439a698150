package dev.redrive.cli.commands;

import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.Errors;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.terminal.Terminal;

/**
 * A command that lists what accounts have, one profile after the other. A profile that fails is
 * told, makes the command fail, and does not hide the others.
 */
abstract class ListCommand<T, L extends Iterable<T>> extends AccountCommand {
  private final Rows<T> rows;

  ListCommand(Terminal terminal, Rows<T> rows) {
    super(terminal);
    this.rows = rows;
  }

  /** Lists what there is. */
  abstract L list(WebhookRetryClient client);

  /**
   * Tells on stderr what the list does not show.
   *
   * @param count how many were listed
   * @param of whose they are, to begin each sentence with; empty if that is plain
   */
  abstract void tell(WebhookRetryClient client, L list, long count, String of);

  @Override
  public Integer call() {
    try (Connections connections = connection.open()) {
      if (connections.areSeveral()) {
        return listEach(connections);
      }
      WebhookRetryClient client = connections.all().get(0).client();
      L list = list(client);
      tell(client, list, rows.write(list, output.format(), terminal.out()), "");
      return ExitCode.OK;
    }
  }

  private int listEach(Connections connections) {
    int exitCode = ExitCode.OK;
    try (Rows.Writer<Rows.OfProfile<T>> writer =
        rows.withProfile().writer(output.format(), terminal.out())) {
      for (Connections.One one : connections.all()) {
        try {
          long before = writer.count();
          L list = list(one.client());
          if (!writer.writeAll(list, row -> new Rows.OfProfile<>(one.name(), row))) {
            return exitCode;
          }
          tell(one.client(), list, writer.count() - before, one.name() + ": ");
        } catch (OperationInterruptedException e) {
          throw e;
        } catch (RedriveException e) {
          terminal.error(one.name() + ": " + Errors.said(e));
          exitCode = ExitCode.FAILED;
        }
      }
    }
    return exitCode;
  }
}
