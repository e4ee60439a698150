package dev.redrive.cli.commands;

import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.PlanPrinter;
import dev.redrive.cli.output.ProfilesPlan;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes a plan without a run, and shows it on stdout. */
final class Planning {
  private final Function<List<WebhookRetryClient>, Recovery> recoveries;
  private final OutputFormat format;
  private final Terminal terminal;

  /**
   * Creates it.
   *
   * @param recoveries sets a recovery up for these clients
   */
  Planning(
      Function<List<WebhookRetryClient>, Recovery> recoveries,
      OutputFormat format,
      Terminal terminal) {
    this.recoveries = recoveries;
    this.format = format;
    this.terminal = terminal;
  }

  /** Shows it. Returns the exit code: a profile that cannot be read does not hide the others. */
  int show(Connections connections) {
    if (!connections.areSeveral()) {
      RecoveryPlan plan = recoveries.apply(connections.clients()).plan();
      switch (format) {
        case TABLE -> PlanPrinter.print(plan, terminal.out());
        case JSON -> terminal.out().print().println(Json.line(PlanPrinter.fields(plan)));
      }
      return ExitCode.OK;
    }
    ProfilesPlan plan = together(connections);
    if (format == OutputFormat.JSON || !terminal.out().isTerminal()) {
      // A terminal shows them with the plan.
      plan.unread()
          .forEach((account, why) -> terminal.error(plan.names().get(account) + ": " + why));
    }
    switch (format) {
      case TABLE -> plan.print(terminal.out());
      case JSON -> terminal.out().print().println(Json.line(plan.fields()));
    }
    return plan.unread().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private ProfilesPlan together(Connections connections) {
    try {
      return new ProfilesPlan(
          recoveries.apply(connections.clients()).plan(), connections.names(), Map.of());
    } catch (OperationInterruptedException e) {
      throw e;
    } catch (RedriveException e) {
      // One of them cannot be read.
      return oneByOne(connections);
    }
  }

  private ProfilesPlan oneByOne(Connections connections) {
    var plans = new ArrayList<RecoveryPlan.ForAccount>();
    Map<Account, String> unread = new LinkedHashMap<>();
    Duration longest = Duration.ZERO;
    for (WebhookRetryClient client : connections.clients()) {
      try {
        RecoveryPlan plan = recoveries.apply(List.of(client)).plan();
        plans.addAll(plan.accounts());
        longest = plan.duration().compareTo(longest) > 0 ? plan.duration() : longest;
      } catch (OperationInterruptedException e) {
        throw e;
      } catch (RedriveException e) {
        unread.put(Account.of(client), e.getMessage() == null ? e.summary() : e.getMessage());
      }
    }
    return new ProfilesPlan(new RecoveryPlan(plans, longest), connections.names(), unread);
  }
}
