package dev.redrive.cli.page;

import dev.redrive.WebhookLog;
import dev.redrive.cli.commands.RunSummary;
import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the page that names what is not delivered, with why and what to do. */
public final class LeftSection {
  private static final String CELL_END = "</div></td>";

  private final Html html;
  private final RecoveryReport report;
  private final RunSummary summary;

  private LeftSection(Html html, RecoveryReport report, RunSummary summary) {
    this.html = html;
    this.report = report;
    this.summary = summary;
  }

  public static void write(Html html, RecoveryReport report, RunSummary summary) {
    new LeftSection(html, report, summary).write();
  }

  private void write() {
    html.open("section", "id", "left").element("h2", "What is left");
    if (summary.left().isEmpty()) {
      html.element("p", nothing(), "class", "note").close("section").newline();
      return;
    }
    html.open("table", "class", "left-over").open("thead").open("tr");
    List.of("Delivery", "Event", "Endpoint", "Why", "What to do")
        .forEach(column -> html.element("th", column, "scope", "col"));
    html.close("tr").close("thead").open("tbody");
    summary.left().forEach(this::row);
    html.close("tbody").close("table");
    if (summary.leftUnnamed() > 0) {
      html.element(
          "p",
          "And "
              + Charts.number(summary.leftUnnamed())
              + " more. 'redrive history "
              + report.run()
              + "' lists all of them.",
          "class",
          "note more");
    }
    html.close("section").newline();
  }

  private String nothing() {
    return report.allDelivered()
        ? "Nothing: no delivery of this run waits for anything."
        : "No delivery is listed here, and yet not everything is delivered, as the page's head says.";
  }

  private void row(LedgerEntry entry) {
    WebhookLog latest = entry.delivery().latest();
    Fate fate = Fate.of(entry.state());
    html.newline().open("tr");
    cell("Delivery")
        .element("code", entry.key().id())
        .element("small", HtmlReport.displayName(entry.account()))
        .markup(CELL_END);
    cell("Event").text(orDash(latest.eventType()));
    if (latest.createdAt() != null) {
      html.element("small", HtmlReport.DATE_TIME.format(latest.createdAt()));
    }
    html.markup(CELL_END);
    cell("Endpoint").text(RunSummary.endpoint(latest)).markup(CELL_END);
    cell("Why")
        .element("b", fate.words(), "class", "fate " + Charts.cssClass(fate))
        .markup(" ")
        .text(why(entry))
        .markup(CELL_END);
    cell("What to do").text(fate.advice(entry)).markup(CELL_END);
    html.close("tr");
  }

  private Html cell(String label) {
    return html.open("td", "data-label", label).open("div");
  }

  private static String why(LedgerEntry entry) {
    if (entry.reason() != null) {
      return entry.reason();
    }
    if (entry.state() != DeliveryState.FAILED_AGAIN) {
      return "";
    }
    Integer status = entry.delivery().latest().httpStatus();
    return status == null ? "the endpoint gave no answer" : "the endpoint answered HTTP " + status;
  }

  private static String orDash(@Nullable String text) {
    return text == null || text.isEmpty() ? "–" : text;
  }
}
