package dev.redrive.cli.output;

import dev.redrive.ProviderText;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows a plan: of one account in full, of several profiles with a line for each.
 *
 * @param plan what was read
 * @param names the names of several profiles by their accounts, in their order; empty for one
 * @param unread why profiles could not be read: the plan lacks these
 */
public record ProfilesPlan(
    RecoveryPlan plan, Map<Account, String> names, Map<Account, String> unread) {
  private static final int LONGEST = 500;

  public void print(Terminal.Stream out) {
    if (names.isEmpty()) {
      PlanPrinter.print(plan, out);
    } else {
      printProfiles(out);
    }
  }

  private void printProfiles(Terminal.Stream out) {
    try (var table = Table.indented(out, "PROFILE", "TO SEND", "SKIPPED", "REQUESTS", "TAKES")) {
      names.forEach(
          (account, name) -> {
            RecoveryPlan.ForAccount of = of(account);
            if (of == null) {
              table.row(name, null, null, null, "could not be read");
            } else {
              table.row(
                  name,
                  of.toSend(),
                  of.skipped().values().stream().mapToLong(Long::longValue).sum(),
                  of.dispatch().requests(),
                  of.toSend() == 0 ? null : time(of.dispatch().duration()));
            }
          });
      table.row(
          "in all",
          plan.toSend(),
          plan.skipped(),
          plan.requests(),
          plan.toSend() == 0 ? null : time(plan.duration()));
    }
    if (plan.toSend() > 0) {
      causes(out);
    }
    out.println();
    PlanPrinter.skipped(sums(RecoveryPlan.ForAccount::skipped), out);
    ledger(out);
    unread.forEach((account, why) -> tell(account, "not in this plan: " + why, out));
    plan.accounts()
        .forEach(of -> of.warnings().forEach(warning -> tell(of.account(), warning, out)));
    out.println();
  }

  /** Of several profiles the sums, and the plan of each. */
  public Fields fields() {
    if (names.isEmpty()) {
      return PlanPrinter.fields(plan);
    }
    var profiles = new ArrayList<Fields>();
    names.forEach(
        (account, name) -> {
          var fields = new Fields().text("profile", name);
          RecoveryPlan.ForAccount of = of(account);
          profiles.add(
              of == null
                  ? fields.account(account).text("problem", unread.get(account))
                  : PlanPrinter.addAccount(fields, of));
        });
    return new Fields()
        .value("toSend", plan.toSend())
        .counts("skipped", PlanPrinter.ordered(sums(RecoveryPlan.ForAccount::skipped)))
        .value("requests", plan.requests())
        .millis("durationMs", plan.duration())
        .objects("profiles", profiles);
  }

  private void causes(Terminal.Stream out) {
    out.println();
    try (var table = Table.indented(out, "CAUSE", "DELIVERIES")) {
      PlanPrinter.ordered(sums(RecoveryPlan.ForAccount::byCause)).forEach(table::row);
    }
  }

  private <K> Map<K, Long> sums(Function<RecoveryPlan.ForAccount, Map<K, Long>> counts) {
    Map<K, Long> sums = new HashMap<>();
    plan.accounts()
        .forEach(of -> counts.apply(of).forEach((what, n) -> sums.merge(what, n, Long::sum)));
    return sums;
  }

  private void ledger(Terminal.Stream out) {
    List<RecoveryPlan.ForAccount> accounts = plan.accounts();
    if (!accounts.isEmpty()) {
      out.println("  ledger " + ProviderText.clean(accounts.get(0).ledger().name(), LONGEST));
    }
  }

  private void tell(Account account, String warning, Terminal.Stream out) {
    String name = Objects.requireNonNullElse(names.get(account), account.toString());
    out.println(
        "  " + out.yellow("warning: ") + name + ": " + ProviderText.clean(warning, LONGEST));
  }

  private RecoveryPlan.@Nullable ForAccount of(Account account) {
    return plan.accounts().stream()
        .filter(of -> of.account().equals(account))
        .findFirst()
        .orElse(null);
  }

  private static String time(Duration duration) {
    return "about " + Durations.rounded(duration);
  }
}
