package dev.redrive.cli.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the template shows.
 *
 * @param left how many are not delivered, for the link to them; empty if there are none
 * @param notices what to know before reading on
 * @param next the next command; empty if there is none
 * @param nextNote what it does
 * @param skipped what was skipped, and why
 * @param withoutTime what the first chart leaves out; empty if nothing
 * @param nothingLeft what to say if nothing is left
 * @param facts how the run was made
 */
public record Page(
    Assets assets,
    String headline,
    String lead,
    String left,
    List<String> notices,
    List<Problem> problems,
    String next,
    String nextNote,
    List<Total> totals,
    List<Share> shares,
    List<String> skipped,
    List<AccountRow> accounts,
    @Nullable Chart failures,
    String withoutTime,
    @Nullable Chart recovery,
    List<Ranked> causes,
    List<Ranked> endpoints,
    String nothingLeft,
    List<Group> leftOver,
    List<Group> delivered,
    List<Fact> facts) {

  /**
   * A problem.
   *
   * @param account whose; empty if nobody's
   */
  public record Problem(String account, String what) {}

  /** A number of the run. */
  public record Total(String number, String words, String css) {}

  /** A part of the bar that is divided among them. */
  public record Share(String x, String width, String css) {}

  /** An account and its numbers. */
  public record AccountRow(String provider, String account, Count count) {}

  /**
   * A name in a list of the most frequent ones.
   *
   * @param detail below the name; empty for nothing
   * @param left how many are left; empty if none
   */
  public record Ranked(
      String name,
      String detail,
      String number,
      String left,
      String all,
      String good,
      String bad,
      String note) {}

  /**
   * Deliveries that have something in common.
   *
   * @param css the class of its colour
   * @param advice what to do; empty for nothing
   * @param isOpen whether it is shown at first
   * @param hasEndpoint whether the rows name the endpoint, because the group does not
   * @param rest what is not in the page; empty if all are
   */
  public record Group(
      String title,
      String detail,
      String number,
      String css,
      String advice,
      boolean isOpen,
      boolean hasEndpoint,
      List<Row> rows,
      String rest) {}

  /**
   * A delivery.
   *
   * @param failedAt when it failed first, for people
   * @param failedOrder the same, to sort by
   * @param failure how it failed first
   * @param since what was done since
   * @param settledOrder when its outcome was known, to sort by
   */
  public record Row(
      String id,
      String account,
      String event,
      Endpoint endpoint,
      String failedAt,
      long failedOrder,
      String failure,
      List<String> since,
      long settledOrder) {}

  /**
   * Something about the run.
   *
   * @param isCode whether it is typed as it stands
   */
  public record Fact(String name, String value, boolean isCode) {}
}
