package dev.redrive.cli.commands;

import dev.redrive.ProviderTraits;
import dev.redrive.TimeSource;
import dev.redrive.cli.CommandException;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.AccountOptions;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.FilterOptions;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.options.When;
import dev.redrive.cli.output.Fields;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code redrive ledger purge}. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = {
      "Forgets deliveries that were settled long ago, runs that have none left, and windows in which"
          + " no catch-up began since then.",
      "What the provider may still list is kept: a run would send it again. Shows what it would do,"
          + " and asks."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive ledger purge --before 90d",
      "  redrive ledger purge --before 2026-01-01T00:00:00Z \\",
      "      --provider chatt2me --listed-for 60d"
    })
public final class LedgerPurgeCommand extends BaseCommand {
  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final AccountOptions accounts = new AccountOptions();
  @Mixin private final Consent consent = new Consent();

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
    super(terminal);
  }

  @Override
  public Integer call() {
    consent.check(spec, terminal);
    try (RetryLedger state = ledger.openExisting()) {
      List<Account> named = LedgerSearch.accounts(state).stream().filter(accounts::fits).toList();
      if (named.isEmpty()) {
        throw new CommandException(
            "the ledger " + ledger + " has no such account: 'redrive ledger stats' lists them");
      }
      Map<Account, Duration> kept = retentions(named);
      Instant until = before();
      boolean isAgreed = consent.given(question(named, until, state.admin().contents()), terminal);
      LedgerAdmin.Purged purged =
          isAgreed ? purge(state.admin(), until, kept) : new LedgerAdmin.Purged(0, 0, 0);
      if (output.isJson()) {
        print(
            new Fields()
                .time("before", until)
                .value("deliveries", purged.deliveries())
                .value("runs", purged.runs())
                .value("windows", purged.windows()));
      } else {
        terminal.note(
            isAgreed
                ? "Forgotten: %d deliveries, %d runs and %d windows of catch-ups."
                    .formatted(purged.deliveries(), purged.runs(), purged.windows())
                : "Nothing is forgotten.");
      }
      return isAgreed ? ExitCode.OK : ExitCode.NOT_ALL_DELIVERED;
    }
  }

  /** In milliseconds, like a ledger's clock: it would take "0s" for the future otherwise. */
  private Instant before() {
    return before.at(TimeSource.system().now().atZone(Times.zone())).truncatedTo(ChronoUnit.MILLIS);
  }

  private static LedgerAdmin.Purged purge(
      LedgerAdmin admin, Instant until, Map<Account, Duration> kept) {
    long deliveries = 0;
    long runs = 0;
    long windows = 0;
    for (Map.Entry<Account, Duration> one : kept.entrySet()) {
      try {
        LedgerAdmin.Purged purged = admin.purge(one.getKey(), until, one.getValue());
        deliveries += purged.deliveries();
        runs += purged.runs();
        windows += purged.windows();
      } catch (IllegalArgumentException e) {
        throw new CommandException(
            e.getMessage()
                + (deliveries + runs + windows == 0 ? "" : ". Other accounts are done already"));
      }
    }
    return new LedgerAdmin.Purged(deliveries, runs, windows);
  }

  /** How long each account's provider lists a failure. */
  private Map<Account, Duration> retentions(List<Account> named) {
    Map<Account, Duration> kept = new LinkedHashMap<>();
    for (Account account : named) {
      String provider = Providers.displayName(account.provider());
      Duration documented = documented(account.provider());
      Duration used = listedFor == null ? documented : listedFor;
      if (used == null) {
        throw wrong(
            provider
                + " does not document how long it lists a failure, and what it still lists would be"
                + " sent again: say how long with --listed-for 60d");
      }
      if (documented != null && used.compareTo(documented) < 0) {
        throw wrong(
            "--listed-for is shorter than the %s that %s documents: leave it out, or use at least that"
                .formatted(Durations.format(documented), provider));
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

  private static String question(
      List<Account> named, Instant until, LedgerAdmin.Contents contents) {
    return "Forget what was settled before %s, among %s?"
        .formatted(
            Times.toTheSecond(until),
            named.stream()
                .map(account -> count(contents, account) + " deliveries of " + account)
                .collect(Collectors.joining(", ")));
  }

  private static long count(LedgerAdmin.Contents contents, Account account) {
    return contents.deliveries().getOrDefault(account, Map.of()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }
}
