package dev.redrive.cli.page;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that goes on with what is left.
 *
 * @param line the command, to copy; several are one a line
 * @param note what it does
 */
record NextCommand(String line, String note) {
  static final NextCommand NONE = new NextCommand("", "");
  private static final String AGAIN = "--again";

  /**
   * Returns it.
   *
   * @param invocation how the run was started, or how the page of the run was asked for
   * @param profiles the names of profiles by their accounts
   */
  static NextCommand of(
      RunFacts facts, RunSummary summary, Invocation invocation, Map<Account, String> profiles) {
    if (!invocation.isKnown()) {
      return NONE;
    }
    if (facts.state() == RunFacts.State.RUNNING) {
      var again = new Invocation(List.of("redrive", "report", facts.run()), ledger(invocation));
      return new NextCommand(again.line(), "The run goes on. This writes the page again:");
    }
    boolean isQueued = summary.of(Fate.NOT_SENT) + summary.of(Fate.PENDING) > 0;
    boolean isAgain = summary.of(Fate.FAILED_AGAIN) > 0;
    if (!isQueued && !isAgain) {
      return NONE;
    }
    List<Invocation> commands =
        facts.report() == null
            ? recover(facts.accounts(), profiles, ledger(invocation))
            : List.of(invocation);
    return new NextCommand(
        commands.stream()
            .map(command -> isAgain ? command.with(AGAIN, "") : command)
            .map(Invocation::line)
            .collect(Collectors.joining("\n")),
        note(isQueued, isAgain));
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

  private static List<Invocation.Given> ledger(Invocation invocation) {
    return invocation.options("--ledger");
  }

  /** One command for all accounts that have a profile, and one for each that has none. */
  private static List<Invocation> recover(
      List<Account> accounts, Map<Account, String> profiles, List<Invocation.Given> ledger) {
    var commands = new ArrayList<List<Invocation.Given>>();
    String named =
        accounts.stream()
            .map(profiles::get)
            .filter(Objects::nonNull)
            .distinct()
            .collect(Collectors.joining(","));
    if (!named.isEmpty()) {
      commands.add(List.of(new Invocation.Given("--profile", named)));
    }
    accounts.stream()
        .filter(account -> !profiles.containsKey(account))
        .forEach(account -> commands.add(connection(account)));
    return commands.stream()
        .map(options -> Stream.concat(options.stream(), ledger.stream()).toList())
        .map(options -> new Invocation(List.of("redrive", "recover"), options))
        .toList();
  }

  private static List<Invocation.Given> connection(Account account) {
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
    provider.stream()
        .flatMap(each -> each.settings().stream())
        .filter(setting -> setting.required() && !setting.secret())
        .map(ProviderSetting::name)
        .filter(name -> !name.equals(ProviderSetting.BASE_URL))
        .forEach(
            name ->
                options.add(
                    new Invocation.Given("--setting", name + "=" + name.toUpperCase(Locale.ROOT))));
    return options;
  }
}
