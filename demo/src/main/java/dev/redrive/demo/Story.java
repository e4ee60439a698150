package dev.redrive.demo;

import dev.redrive.cli.terminal.Terminal;
import dev.redrive.demo.World.Arrivals;
import java.util.List;
import java.util.Locale;

/** What the demo prints: at most 24 lines of 80 columns. */
final class Story {
  private final Terminal.Stream out;

  Story(Terminal.Stream out) {
    this.out = out;
  }

  void opens(int providers, int failures, int refused, int lost) {
    say(
        number(providers * failures)
            + " webhook deliveries failed at "
            + (providers == 1 ? "a provider" : providers + " providers")
            + ", fakes on this machine.");
    say(
        "The receiver is up again, but for "
            + refused
            + " events. 1 of "
            + lost
            + " answers to retries is lost.");
  }

  void act(int number, String title) {
    say("");
    say(out.bold(number + ". " + title));
  }

  /** A step, and what the receivers have seen since the act began. */
  void tell(String step, Arrivals arrivals) {
    String counts =
        count(arrivals.twice(), "delivered twice") + ", " + count(arrivals.never(), "lost");
    step(step, arrivals.isExact() ? out.green(counts) : out.red(counts));
  }

  void step(String step, String result) {
    say(String.format("   %-39s %s", step, result));
  }

  private static String count(int number, String what) {
    return (number == 0 ? "none" : number(number)) + " " + what;
  }

  /** Who did what, by what the receivers recorded. */
  void table(List<Row> rows) {
    say("");
    say(
        out.bold(
            String.format(
                "%-20s %17s %18s %19s", "", "THE OBVIOUS LOOP", "REDRIVE", "REDRIVE, KILLED")));
    say(out.bold(line("RECEIVED", "TWICE", "NEVER", "TWICE", "NEVER", "TWICE", "NEVER")));
    rows.forEach(row -> say(row.toString()));
  }

  /** One line of the table. */
  record Row(String name, Arrivals obvious, Arrivals redrive, Arrivals killed) {
    @Override
    public String toString() {
      return line(
          name,
          number(obvious.twice()),
          number(obvious.never()),
          number(redrive.twice()),
          number(redrive.never()),
          number(killed.twice()),
          number(killed.never()));
    }
  }

  private static String line(Object... cells) {
    return String.format("%-20s %8s %8s %9s %8s %10s %8s", cells);
  }

  static String number(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  void say(String line) {
    out.print().println(line);
  }
}
