package dev.redrive.testkit.contract;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Times as JSON that an API may write, and JSON in their place that is none. */
final class OddTimes {
  /** Each keeps whole seconds at least. */
  static final Map<String, Function<Instant, String>> SPELLINGS = spellings();

  static final List<String> UNREADABLE =
      List.of(
          text("soon"),
          text(""),
          text("2026-13-45T99:00:00Z"),
          text("12/23/2023 11:26 PM"),
          text("Zulu"),
          "null",
          "{}",
          "0");

  private OddTimes() {}

  private static Map<String, Function<Instant, String>> spellings() {
    var spellings = new LinkedHashMap<String, Function<Instant, String>>();
    spellings.put("+0100", at -> text("uuuu-MM-dd'T'HH:mm:ssxx", ZoneOffset.ofHours(1), at));
    spellings.put("-05:00", at -> text("uuuu-MM-dd'T'HH:mm:ssxxx", ZoneOffset.ofHours(-5), at));
    spellings.put("space for T", at -> text("uuuu-MM-dd HH:mm:ss", ZoneOffset.UTC, at));
    spellings.put("RFC 1123", at -> text("EEE, dd MMM uuuu HH:mm:ss 'GMT'", ZoneOffset.UTC, at));
    spellings.put("[UTC]", at -> text(at + "[UTC]"));
    spellings.put("epoch s", at -> "" + at.getEpochSecond());
    spellings.put("epoch ms", at -> "" + at.toEpochMilli());
    spellings.put("epoch s as text", at -> text("" + at.getEpochSecond()));
    return spellings;
  }

  private static String text(String pattern, ZoneOffset offset, Instant at) {
    return text(DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(offset).format(at));
  }

  private static String text(String value) {
    return '"' + value + '"';
  }
}
