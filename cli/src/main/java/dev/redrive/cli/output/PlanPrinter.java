package dev.redrive.cli.output;

import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.terminal.Progress;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows a plan. */
public final class PlanPrinter {
  private static final int MOST_NAMES = 10;
  private static final Set<String> NOT_TOLD = Set.of("(not told)");
  private static final String INDENT = "  ";

  private PlanPrinter() {}

  public static void print(RecoveryPlan plan, Terminal.Stream out) {
    plan.accounts().forEach(account -> print(account, out));
  }

  /** The plan of one account as one JSON object; {@link ProfilesPlan} has that of several. */
  public static Fields fields(RecoveryPlan plan) {
    var fields = new Fields();
    plan.accounts().forEach(account -> addAccount(fields, account));
    return fields;
  }

  /** Asks for all that goes out, and not for what is listed first only. */
  public static String question(RecoveryPlan plan, long limit) {
    long later = Progress.later(plan, limit);
    return later == 0
        ? "Send " + plan.toSend() + " now?"
        : "Send %d now, and up to %d more that the provider does not show yet?"
            .formatted(plan.toSend(), later);
  }

  static Fields addAccount(Fields fields, RecoveryPlan.ForAccount account) {
    RecoveryPlan.Dispatch dispatch = account.dispatch();
    return fields
        .account(account.account())
        .text("ledger", account.ledger().name())
        .value("remembered", account.ledger().ofProvider())
        .value("toSend", account.toSend())
        .value("resumed", account.resumed())
        .counts("skipped", ordered(account.skipped()))
        .value("requests", dispatch.requests())
        .value("batchSize", dispatch.batchSize())
        .millis("durationMs", dispatch.duration())
        .text("why", dispatch.why())
        .counts("byCause", ordered(account.byCause()))
        .counts("byEndpoint", ordered(account.byEndpoint()))
        .counts("byEventType", ordered(account.byEventType()))
        .time("oldest", account.oldest())
        .time("newest", account.newest())
        .value("outOfSight", account.outOfSight())
        .value("expiringSoon", account.expiringSoon())
        .texts("warnings", account.warnings());
  }

  private static void print(RecoveryPlan.ForAccount account, Terminal.Stream out) {
    out.println(out.bold(account.displayName()) + " (" + account.account().name() + ")");
    out.println(INDENT + summary(account));
    out.println(INDENT + ledger(account));
    if (account.toSend() > 0) {
      causes(account.byCause(), out);
      names("ENDPOINT", account.byEndpoint(), out);
      names("EVENT", account.byEventType(), out);
    }
    List<String> warnings = account.warnings();
    if (!account.skipped().isEmpty() || !warnings.isEmpty()) {
      out.println();
    }
    skipped(account.skipped(), out);
    warnings.forEach(
        w -> out.println(INDENT + out.yellow("warning: ") + ProviderText.clean(w, 500)));
    out.println();
  }

  private static String summary(RecoveryPlan.ForAccount account) {
    if (account.toSend() == 0) {
      return "nothing to send";
    }
    String failed =
        account.oldest() == null || account.newest() == null
            ? ""
            : ", failed from %s to %s"
                .formatted(Times.seconds(account.oldest()), Times.seconds(account.newest()));
    String resumed =
        account.resumed() == 0 ? "" : " (" + account.resumed() + " left over by an earlier run)";
    RecoveryPlan.Dispatch dispatch = account.dispatch();
    return "%s to send%s%s\n%s%s, %s; takes about %s"
        .formatted(
            count(account.toSend(), "delivery", "deliveries"),
            resumed,
            failed,
            INDENT,
            count(dispatch.requests(), "request", "requests"),
            dispatch.why(),
            Durations.rounded(dispatch.duration()));
  }

  /** What is sent a second time depends on it. */
  private static String ledger(RecoveryPlan.ForAccount account) {
    RetryLedger.About ledger = account.ledger();
    String knows =
        ledger.deliveries() == 0
            ? "new, it remembers nothing yet"
            : "remembers %s of %s"
                .formatted(
                    count(ledger.ofProvider(), "delivery", "deliveries"), account.displayName());
    return "ledger " + ProviderText.clean(ledger.name(), 200) + ": " + knows;
  }

  private static void causes(Map<FailureCause, Long> byCause, Terminal.Stream out) {
    out.println();
    try (var table = Table.indented(out, "CAUSE", "DELIVERIES", "WHAT TO DO")) {
      ordered(byCause).forEach((cause, n) -> table.row(cause, n, cause.advice()));
    }
  }

  private static void names(String header, Map<String, Long> counts, Terminal.Stream out) {
    if (counts.keySet().equals(NOT_TOLD)) {
      return;
    }
    out.println();
    try (var table = Table.indented(out, header, "DELIVERIES")) {
      long others = 0;
      int shown = 0;
      for (Map.Entry<String, Long> entry : ordered(counts).entrySet()) {
        if (shown++ < MOST_NAMES) {
          table.row(entry.getKey(), entry.getValue());
        } else {
          others += entry.getValue();
        }
      }
      if (others > 0) {
        table.row("(others)", others);
      }
    }
  }

  public static void skipped(Map<SkipReason, Long> skipped, Terminal.Stream out) {
    ordered(skipped)
        .forEach(
            (reason, n) ->
                out.println(INDENT + out.faint("skipped " + n + ": " + Skips.words(reason))));
  }

  /** The most frequent first. */
  public static <K extends Comparable<? super K>> Map<K, Long> ordered(Map<K, Long> counts) {
    Map<K, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<K, Long> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private static String count(long n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }
}
