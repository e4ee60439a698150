package dev.redrive.cli.output;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times for people: in the zone of this machine, or in UTC with {@code --utc}. */
public final class Times {
  private static volatile ZoneId zone = ZoneId.systemDefault();

  private Times() {}

  /** Sets the zone for the whole process; a command line sets it once, before its command runs. */
  public static void use(ZoneId next) {
    zone = next;
  }

  /** The zone in which people read and write times. */
  public static ZoneId zone() {
    return zone;
  }

  /** A time to the second, with its offset; it can be typed in again. */
  public static @Nullable String seconds(@Nullable Instant time) {
    return time == null ? null : toTheSecond(time);
  }

  /** The same of a time that is known. */
  public static String toTheSecond(Instant time) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        time.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }
}
