package dev.redrive.cli.output;

import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.Words;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shows what a recovery did. */
public final class ReportPrinter {
  private static final String INDENT = "  ";
  private static final int LONGEST = 2000;

  /** Beyond so many of one kind a person is sent to the history. */
  private static final int MOST_ON_A_TERMINAL = 20;

  private final RecoveryReport report;
  private final RetryLedger ledger;

  /** The names of several profiles by their accounts, in their order; empty for one. */
  private final Map<Account, String> names;

  private final ProfilesReport profiles;

  public ReportPrinter(RecoveryReport report, RetryLedger ledger) {
    this(report, ledger, Map.of());
  }

  /** For a run of several profiles, which {@code names} tells apart; empty for one. */
  public ReportPrinter(RecoveryReport report, RetryLedger ledger, Map<Account, String> names) {
    this.report = report;
    this.ledger = ledger;
    this.names = names;
    this.profiles = new ProfilesReport(report, names);
  }

  /** A problem, and whose it is where that is not plain. */
  public String said(RecoveryReport.Problem problem) {
    Account account = problem.account();
    return account == null || report.byAccount().size() == 1
        ? problem.what()
        : names.getOrDefault(account, account.toString()) + ": " + problem.what();
  }

  /** As one JSON object; of several profiles the sums, and each by itself. */
  public Fields fields() {
    boolean single = report.byAccount().size() == 1;
    Account only = single ? report.byAccount().keySet().iterator().next() : null;
    Fields fields =
        new Fields()
            .text("run", report.run())
            .text("provider", only == null ? null : only.provider())
            .text("account", only == null ? null : only.name());
    add(fields, report.counts())
        .value("requests", report.requests())
        .millis("elapsedMs", report.elapsed())
        .value("end", report.end())
        .value("outOfSight", report.outOfSight())
        .texts("problems", report.problems().stream().map(this::said).toList());
    if (!names.isEmpty()) {
      fields.objects("profiles", profiles.fields());
    }
    return fields;
  }

  /** As a table, and every delivery that was not delivered, with why and what to do. */
  public void print(Terminal.Stream out) {
    out.println(headline(out));
    if (!out.isTerminal()) {
      // A terminal shows them on stderr; a file would lack them.
      report.problems().forEach(p -> out.println("Why: " + ProviderText.clean(said(p), LONGEST)));
    }
    out.println();
    table(out);
    PlanPrinter.skipped(report.counts().skipped(), out);
    if (report.counts().notDelivered() > 0 && hasBegun()) {
      notDelivered(out);
    }
    out.println();
    out.println(out.faint("Run " + report.run()));
  }

  /** Whether anything was sent, or was about to be. */
  private boolean hasBegun() {
    return switch (report.end()) {
      case FINISHED, STOPPED -> true;
      case FAILED, CANCELLED, DECLINED -> report.requests() > 0;
    };
  }

  private String headline(Terminal.Stream out) {
    String words = profiles.headline();
    String coloured =
        report.allDelivered()
            ? out.green(words)
            : report.end() == RecoveryReport.End.FAILED ? out.red(words) : out.yellow(words);
    long requests = report.requests();
    String sent =
        requests == 0
            ? ""
            : ", " + requests + (requests == 1 ? " retry request" : " retry requests");
    return "%s (%s%s)".formatted(coloured, Durations.format(report.elapsed()), sent);
  }

  private void table(Terminal.Stream out) {
    // What is not zero throughout, and what people look for first.
    List<Fate> shown =
        Arrays.stream(Fate.values())
            .filter(fate -> fate == Fate.DELIVERED || fate.in(report.counts()) > 0)
            .toList();
    var headers =
        new ArrayList<>(
            names.isEmpty()
                ? List.of("PROVIDER", "ACCOUNT", "FOUND")
                : List.of("PROFILE", "END", "FOUND"));
    shown.forEach(fate -> headers.add(fate.toString()));
    try (var table = Table.indented(out, headers.toArray(String[]::new))) {
      if (names.isEmpty()) {
        report
            .byAccount()
            .forEach((a, own) -> table.row(cells(a.provider(), a.name(), shown, own.counts())));
      } else {
        names.forEach(
            (account, name) ->
                table.row(cells(name, Words.of(profiles.end(account)), shown, of(account))));
        table.row(cells("in all", Words.of(report.end()), shown, report.counts()));
      }
    }
  }

  private static @Nullable Object[] cells(
      String first, String second, List<Fate> shown, DeliveryCounts counts) {
    var cells = new ArrayList<@Nullable Object>(List.of(first, second, counts.found()));
    shown.forEach(fate -> cells.add(fate.in(counts)));
    return cells.toArray();
  }

  /** What deliveries that were not delivered have in common. */
  private record Kind(Fate fate, String why, String advice) {}

  private void notDelivered(Terminal.Stream out) {
    Map<Kind, Long> kinds = new LinkedHashMap<>();
    ledger.entries(
        report.run(),
        entry -> {
          if (Fate.of(entry.state()).isNotDelivered()) {
            kinds.merge(kind(entry), 1L, Long::sum);
          }
        });
    kinds.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().fate()))
        .forEach(entry -> print(entry.getKey(), entry.getValue(), out));
  }

  private void print(Kind kind, long count, Terminal.Stream out) {
    out.println();
    out.println(
        out.red(kind.fate().words() + " " + count)
            + (kind.why().isEmpty() ? "" : ": " + kind.why()));
    out.println(INDENT + kind.advice());
    long most = out.isTerminal() ? MOST_ON_A_TERMINAL : Long.MAX_VALUE;
    long[] shown = {0};
    String[] headers =
        names.isEmpty()
            ? new String[] {"ID", "EVENT", "FAILED AT", "ENDPOINT"}
            : new String[] {"PROFILE", "ID", "EVENT", "FAILED AT", "ENDPOINT"};
    try (var table = Table.indented(out, headers)) {
      ledger.entries(
          report.run(),
          entry -> {
            if (Fate.of(entry.state()).isNotDelivered()
                && kind(entry).equals(kind)
                && shown[0]++ < most) {
              table.row(row(entry));
            }
          });
    }
    if (count > most) {
      out.println(
          "%s… and %d more: 'redrive history %s' names them all"
              .formatted(INDENT, count - most, report.run()));
    }
  }

  private @Nullable Object[] row(LedgerEntry entry) {
    WebhookLog latest = entry.delivery().latest();
    var cells = new ArrayList<@Nullable Object>();
    if (!names.isEmpty()) {
      cells.add(names.getOrDefault(entry.account(), entry.account().name()));
    }
    cells.add(entry.key().id());
    cells.add(latest.eventType());
    cells.add(Times.seconds(latest.createdAt()));
    cells.add(ProviderText.endpoint(latest.endpoint()));
    return cells.toArray();
  }

  private static Kind kind(LedgerEntry entry) {
    Fate fate = Fate.of(entry.state());
    String why = entry.reason() == null ? "" : ProviderText.clean(entry.reason());
    if (fate == Fate.FAILED_AGAIN) {
      why = Fate.failure(entry.delivery().cause(), entry.delivery().latest().httpStatus());
    }
    return new Kind(fate, why, fate.advice(entry));
  }

  private DeliveryCounts of(Account account) {
    return Objects.requireNonNull(report.byAccount().get(account)).counts();
  }

  /** Adds the counts, as 'recover' tells them. */
  public static Fields add(Fields fields, DeliveryCounts counts) {
    return fields
        .value("found", counts.found())
        .counts("skipped", PlanPrinter.ordered(counts.skipped()))
        .value("delivered", counts.delivered())
        .value("failedAgain", counts.failedAgain())
        .value("pending", counts.pending())
        .value("rejected", counts.rejected())
        .value("unknown", counts.unknown())
        .value("notSent", counts.notSent());
  }
}
