package dev.redrive.cli.page;

import dev.redrive.cli.options.Invocation;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.RetryLedger;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.WriterOutput;
import java.io.Writer;
import java.util.Map;

/**
 * A run of a recovery as one HTML page that needs nothing else: no network, and no script to read
 * it. Contains ids, event types, endpoints without query and reasons; no payload, response or key.
 */
public final class HtmlReport {
  private static final String TEMPLATES = "dev.redrive.cli.page.html";

  private HtmlReport() {}

  /**
   * Writes the page.
   *
   * @param ledger tells what became of each delivery of the run
   * @param invocation how the run was started, or how the page of the run was asked for
   * @param profiles the names of profiles by their accounts, for the next command
   * @return the next command; empty if there is none
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read
   */
  public static String write(
      RunFacts facts,
      RetryLedger ledger,
      WebhookNames names,
      Invocation invocation,
      Map<Account, String> profiles,
      Writer out) {
    var summary = new RunSummary(facts.state(), names);
    ledger.entries(facts.run(), summary::add);
    Page page =
        new PageBuilder(facts, summary, ledger, names, invocation)
            .build(NextCommand.of(facts, summary, invocation, profiles));
    TemplateEngine.createPrecompiled(
            null, ContentType.Html, HtmlReport.class.getClassLoader(), TEMPLATES)
        .render("page.jte", page, new CleanOutput(new WriterOutput(out)));
    return page.next();
  }
}
