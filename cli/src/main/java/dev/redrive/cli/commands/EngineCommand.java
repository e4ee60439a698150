package dev.redrive.cli.commands;

import dev.redrive.DeliveryQuery;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.Errors;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.RecoveryOptions;
import dev.redrive.cli.output.ProfilesPlan;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** A command that sets a recovery up: what to recover, how, and with which ledger. */
abstract class EngineCommand extends AccountCommand {
  @Mixin final FilterOptions filter = new FilterOptions();
  @Mixin final RecoveryOptions recovery = new RecoveryOptions();
  @Mixin final LedgerOption ledger = new LedgerOption();

  EngineCommand(Terminal terminal) {
    super(terminal);
  }

  /**
   * The clients, once all options are looked at.
   *
   * @throws picocli.CommandLine.ParameterException if one cannot work
   */
  final Connections open() {
    recovery.check();
    DeliveryQuery unused = filter.query();
    return connection.open(recovery.concurrency());
  }

  final Recovery.Builder recovery(List<WebhookRetryClient> clients) {
    return recovery.applyTo(Recovery.of(clients)).query(filter.query());
  }

  /** Shows the plan. Returns the exit code: a profile that cannot be read hides no other. */
  final int plan(Connections connections) {
    ProfilesPlan plan;
    try (RetryLedger known = ledger.openToPlan()) {
      plan = together(connections, known);
    }
    if (output.isJson() || !terminal.out().isTerminal()) {
      // A terminal shows them with the plan.
      plan.unread()
          .forEach((account, why) -> terminal.error(plan.names().get(account) + ": " + why));
    }
    if (output.isJson()) {
      print(plan.fields());
    } else {
      plan.print(terminal.out());
    }
    return plan.unread().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private ProfilesPlan together(Connections connections, RetryLedger known) {
    try {
      RecoveryPlan plan = recovery(connections.clients()).ledger(known).build().plan();
      return new ProfilesPlan(plan, connections.names(), Map.of());
    } catch (RedriveException e) {
      if (e instanceof OperationInterruptedException || !connections.areSeveral()) {
        throw e;
      }
      // One of them cannot be read.
      return oneByOne(connections, known);
    }
  }

  private ProfilesPlan oneByOne(Connections connections, RetryLedger known) {
    var plans = new ArrayList<RecoveryPlan.ForAccount>();
    Map<Account, String> unread = new LinkedHashMap<>();
    Duration longest = Duration.ZERO;
    for (WebhookRetryClient client : connections.clients()) {
      try {
        RecoveryPlan plan = recovery(List.of(client)).ledger(known).build().plan();
        plans.addAll(plan.accounts());
        longest = plan.duration().compareTo(longest) > 0 ? plan.duration() : longest;
      } catch (OperationInterruptedException e) {
        throw e;
      } catch (RedriveException e) {
        unread.put(Account.of(client), Errors.said(e));
      }
    }
    return new ProfilesPlan(new RecoveryPlan(plans, longest), connections.names(), unread);
  }
}
