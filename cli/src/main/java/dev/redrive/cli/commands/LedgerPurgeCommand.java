package dev.redrive.cli.commands;

import dev.redrive.ProviderTraits;
import dev.redrive.TimeSource;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.AccountOptions;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.options.When;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redrive ledger purge}. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = {
      "Forgets deliveries that were settled long ago, and runs that have none left.",
      "What the provider may still list is kept: a run would send it again. Shows what it would do,"
          + " and asks."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive ledger purge --before 90d",
      "  redrive ledger purge --before 2026-01-01T00:00:00Z --provider chatt2me --listed-for 60d"
    })
public final class LedgerPurgeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final AccountOptions accounts = new AccountOptions();
  @Mixin private final Consent consent = new Consent();

  @Spec private CommandSpec spec;

  @Option(
      names = "--before",
      required = true,
      paramLabel = "TIME",
      converter = FilterOptions.ToWhen.class,
      description = "Settled before this time: 2026-03-01, an instant, or an age (90d).")
  private When before;

  @Option(
      names = "--listed-for",
      paramLabel = "DURATION",
      converter = Durations.ToDuration.class,
      description =
          "How long the provider lists a failure: 60d. Default: what it documents; needed where it"
              + " documents nothing.")
  private @Nullable Duration listedFor;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public LedgerPurgeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    consent.check(spec, terminal);
    Optional<RetryLedger> opened = ledger.openToRead();
    if (opened.isEmpty()) {
      terminal.error("there is no ledger at " + ledger + ": check --ledger");
      return ExitCode.FAILED;
    }
    try (RetryLedger state = opened.get()) {
      List<Account> named = LedgerSearch.accounts(state).stream().filter(accounts::fits).toList();
      if (named.isEmpty()) {
        terminal.error(
            "the ledger " + ledger + " has no such account: 'redrive ledger stats' lists them");
        return ExitCode.FAILED;
      }
      Map<Account, Duration> kept = retentions(named);
      if (!consent.given(question(named, state.admin().contents()), terminal)) {
        terminal.note("Nothing is forgotten.");
        return ExitCode.NOT_ALL_DELIVERED;
      }
      return purge(state.admin(), kept);
    }
  }

  /** In milliseconds, like a ledger's clock: it would take "0s" for the future otherwise. */
  private Instant before() {
    return before.at(TimeSource.system().now().atZone(Times.zone())).truncatedTo(ChronoUnit.MILLIS);
  }

  private int purge(LedgerAdmin admin, Map<Account, Duration> kept) {
    long deliveries = 0;
    long runs = 0;
    for (Map.Entry<Account, Duration> one : kept.entrySet()) {
      LedgerAdmin.Purged purged;
      try {
        purged = admin.purge(one.getKey(), before(), one.getValue());
      } catch (IllegalArgumentException e) {
        terminal.error(
            e.getMessage() + (deliveries + runs == 0 ? "" : ". Other accounts are done already"));
        return ExitCode.FAILED;
      }
      deliveries += purged.deliveries();
      runs += purged.runs();
    }
    terminal.note("Forgotten: " + deliveries + " deliveries and " + runs + " runs.");
    return ExitCode.OK;
  }

  /** How long each account's provider lists a failure. */
  private Map<Account, Duration> retentions(List<Account> named) {
    Map<Account, Duration> kept = new LinkedHashMap<>();
    for (Account account : named) {
      Duration documented = documented(account.provider());
      Duration used = listedFor == null ? documented : listedFor;
      if (used == null) {
        throw new ParameterException(
            spec.commandLine(),
            Providers.displayName(account.provider())
                + " does not document how long it lists a failure, and what it still lists would be"
                + " sent again: say how long with --listed-for 60d");
      }
      if (listedFor != null && documented != null && listedFor.compareTo(documented) < 0) {
        throw new ParameterException(
            spec.commandLine(),
            "--listed-for is shorter than the "
                + Durations.format(documented)
                + " that "
                + Providers.displayName(account.provider())
                + " documents: leave it out, or use at least that");
      }
      kept.put(account, used);
    }
    return kept;
  }

  /** The longest of what the provider's API versions document; null if one documents nothing. */
  private static @Nullable Duration documented(String provider) {
    List<ProviderTraits> all =
        Providers.find(provider).map(ProvidersCommand::traits).orElse(List.of());
    boolean allTell = !all.isEmpty() && all.stream().allMatch(one -> one.retention() != null);
    return allTell
        ? all.stream().map(ProviderTraits::retention).max(Duration::compareTo).orElse(null)
        : null;
  }

  private String question(List<Account> named, LedgerAdmin.Contents contents) {
    return "Forget what was settled before "
        + Listings.seconds(before())
        + ", among "
        + named.stream()
            .map(account -> count(contents, account) + " deliveries of " + account)
            .collect(Collectors.joining(", "))
        + "?";
  }

  private static long count(LedgerAdmin.Contents contents, Account account) {
    return contents.deliveries().getOrDefault(account, Map.of()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }
}
