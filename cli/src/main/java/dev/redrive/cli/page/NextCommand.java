package dev.redrive.cli.page;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The command that goes on with what is left.
 *
 * @param line the command, to copy; several are one a line
 * @param note what it does
 */
record NextCommand(String line, String note) {
  static final NextCommand NONE = new NextCommand("", "");
  private static final String AGAIN = "--again";
  private static final String LEDGER = "--ledger";

  /**
   * Returns it.
   *
   * @param invocation how the run was started, or how the page of the run was asked for
   */
  static NextCommand of(RunFacts facts, RunSummary summary, Invocation invocation) {
    if (!invocation.isKnown()) {
      return NONE;
    }
    if (facts.state() == RunFacts.State.RUNNING) {
      String line =
          new Invocation(List.of("redrive", "report", facts.run()), invocation.options(LEDGER))
              .line();
      return new NextCommand(line, "The run goes on. This writes the page again:");
    }
    boolean isQueued = summary.of(Fate.NOT_SENT) + summary.of(Fate.PENDING) > 0;
    boolean isAgain = summary.of(Fate.FAILED_AGAIN) > 0;
    if (!isQueued && !isAgain) {
      return NONE;
    }
    String line =
        recover(facts, invocation).stream()
            .map(command -> isAgain ? command.with(AGAIN, "") : command)
            .map(Invocation::line)
            .collect(Collectors.joining("\n"));
    return new NextCommand(line, note(isQueued, isAgain));
  }

  private static String note(boolean isQueued, boolean isAgain) {
    if (!isAgain) {
      return "This goes on with what is left. It sends nothing twice, and asks first:";
    }
    return isQueued
        ? "Once the endpoint is fixed, this goes on with what is left and sends again what failed"
            + " again. It asks first:"
        : "Once the endpoint is fixed, this sends again what failed again. It asks first:";
  }

  /** The same command; a command for each account if it is not known. */
  private static List<Invocation> recover(RunFacts facts, Invocation invocation) {
    if (facts.report() != null) {
      return List.of(invocation);
    }
    return facts.accounts().stream()
        .map(account -> recover(account, invocation.options(LEDGER)))
        .toList();
  }

  private static Invocation recover(Account account, List<Invocation.Given> ledger) {
    var options = new ArrayList<Invocation.Given>();
    options.add(new Invocation.Given("--provider", account.provider()));
    Optional<ProviderFactory> provider = Providers.find(account.provider());
    // By default an account is called by the authority of its base URL, which may not be the usual.
    if (account.name().matches("[\\w.-]+\\.[\\w-]+(:\\d+)?")) {
      options.add(new Invocation.Given("--base-url", "https://" + account.name()));
    } else if (provider.isPresent() && Providers.needs(provider.get(), ProviderSetting.BASE_URL)) {
      options.add(new Invocation.Given("--base-url", "URL"));
    }
    options.add(new Invocation.Given("--account", account.name()));
    options.addAll(ledger);
    return new Invocation(List.of("redrive", "recover"), options);
  }
}
