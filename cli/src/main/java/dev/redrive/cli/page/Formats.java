package dev.redrive.cli.page;

import dev.redrive.FailureCause;
import dev.redrive.cli.options.Providers;
import dev.redrive.recovery.Account;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the page writes numbers, times and names. Times are UTC: the page is read anywhere. */
public final class Formats {
  static final DateTimeFormatter DATE_TIME = utc("d MMM uuuu HH:mm:ss");
  static final DateTimeFormatter SHORT = utc("d MMM HH:mm:ss");
  static final DateTimeFormatter TIME = utc("HH:mm:ss");
  static final DateTimeFormatter DATE = utc("d MMM uuuu");

  static final Comparator<Account> ACCOUNTS =
      Comparator.comparing(Account::provider).thenComparing(Account::name);

  private Formats() {}

  static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** Returns a number with separated thousands. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String quantity(long number, String one, String many) {
    return number(number) + " " + (number == 1 ? one : many);
  }

  /** Returns a number that fits above a bar. */
  static String compact(long number) {
    if (number < 1000) {
      return Long.toString(number);
    }
    return number < 10_000
        ? String.format(Locale.ROOT, "%.1fk", number / 1000.0)
        : number < 1_000_000
            ? number / 1000 + "k"
            : String.format(Locale.ROOT, "%.1fM", number / 1e6);
  }

  static String time(@Nullable Instant time) {
    return time == null ? "time not known" : DATE_TIME.format(time);
  }

  /** Returns a share of a whole as SVG writes it. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.3f%%", share * 100);
  }

  /** Returns a cause as people write it. */
  static String name(FailureCause cause) {
    String name = cause.name().replace('_', ' ');
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  static String name(Account account) {
    return Providers.displayName(account.provider()) + " (" + account.name() + ")";
  }
}
