package dev.redrive.cli.commands;

import dev.redrive.DeliveryKey;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.CommandException;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerAdmin.History;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code redrive show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one delivery in full: its attempts, its first failure, what each run did, and what to"
          + " do next.",
      "Shows what the ledger knows; with --profile, or --provider and its options, it asks the"
          + " provider, too."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive show b2c3d4e5-f6a7-8901-bcde-f23456789012",
      "  redrive show --provider chatt2me b2c3d4e5-f6a7-8901-bcde-f23456789012",
      "  redrive show --provider baanx EVENT-ID/WEBHOOK-ID",
      "  redrive show --provider onlyoffice \\",
      "      --base-url https://portal.example.com 1041",
      "  redrive show --provider voiso --base-url https://cluster.voiso.com \\",
      "      aabbccddeeff001122334455 --output json",
      "  redrive show --provider github --setting owner=octocat/site HOOK/DELIVERY",
      "  redrive show --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive \\",
      "      b2c3d4e5-f6a7-8901-bcde-f23456789012"
    })
public final class ShowCommand extends AccountCommand {
  @Mixin private final LedgerOption ledger = new LedgerOption();

  @Parameters(
      paramLabel = "ID",
      description = "The id of a delivery, or of one of its attempts that the ledger knows.")
  private String id;

  @SuppressWarnings("NullAway.Init") // picocli sets the id.
  public ShowCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (!isConnected()) {
      return show(inLedger(null).stream().map(DeliveryView::ofLedger).toList(), "");
    }
    try (WebhookRetryClient client = connection.connect()) {
      Account account = Account.of(client);
      List<History> known = inLedger(account);
      History history = known.isEmpty() ? null : known.get(0);
      Attempts attempts =
          Attempts.read(client, id, history == null ? null : history.entry(), terminal);
      boolean isKnown = history != null || !attempts.logs().isEmpty();
      return show(
          isKnown ? List.of(new DeliveryView(account, history, attempts)) : List.of(),
          attempts.remark() == null ? "" : "; " + attempts.remark());
    }
  }

  private List<History> inLedger(@Nullable Account account) {
    Optional<RetryLedger> opened = ledger.openToRead();
    if (opened.isEmpty()) {
      return List.of();
    }
    try (RetryLedger state = opened.get()) {
      return account == null
          ? LedgerSearch.find(state, id, any -> true)
          : state
              .admin()
              .find(new DeliveryKey(account.provider(), account.name(), id))
              .map(List::of)
              .orElse(List.of());
    }
  }

  private int show(List<DeliveryView> views, String remark) {
    if (views.isEmpty()) {
      throw new CommandException(
          "nothing is known of %s: it is not in the ledger %s%s"
              .formatted(
                  id,
                  ledger,
                  isConnected()
                      ? ", and the provider does not show it" + remark
                      : "; --provider and its options ask the provider, too"));
    }
    if (output.isJson()) {
      views.forEach(view -> print(view.fields()));
    } else {
      views.forEach(view -> view.print(terminal.out()));
    }
    return ExitCode.OK;
  }
}
