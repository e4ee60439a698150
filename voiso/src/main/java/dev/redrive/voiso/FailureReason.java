package dev.redrive.voiso;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.WebhookLog;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the cause of a failure from its reason, free text of which only {@code Connection timeout}
 * is documented: an HTTP status in it, else words for an endpoint that did not answer, else
 * unknown. It is looked for in the text's beginning: behind it may follow a whole page of the
 * endpoint's, on which an expression would take long, or more stack than there is.
 */
final class FailureReason {
  private static final int LOOKED_AT = 1_000;

  private static final String STATUS =
      "([345]\\d\\d)\\b(?!\\W*(?:ms|milli\\w*|s|sec\\w*|min\\w*|bytes?|kb)\\b)";
  private static final Pattern HTTP_STATUS =
      Pattern.compile(
          "(?:^|http(?:/[\\d.]+)?|status|code|response|responded|returned|received|got|error)"
              + "(?:\\W+(?:status|code|with|was|is))*\\W*"
              + STATUS);
  private static final Pattern NO_ANSWER =
      Pattern.compile(
          "time[ -]?out|timed[ -]out|connect|network|refused|reset|unreachable|closed|broken pipe"
              + "|no route|no response|\\bdns\\b|resolv|unknown host|\\bssl\\b|\\btls\\b"
              + "|certificate|handshake|\\beof\\b");

  private FailureReason() {}

  /** The endpoint's HTTP status; null if the reason names none. */
  static @Nullable Integer httpStatus(@Nullable String reason) {
    if (reason == null) {
      return null;
    }
    Matcher status = HTTP_STATUS.matcher(beginning(reason));
    return status.find() ? Integer.valueOf(status.group(1)) : null;
  }

  private static String beginning(String reason) {
    return reason.substring(0, Math.min(reason.length(), LOOKED_AT)).toLowerCase(Locale.ROOT);
  }

  /** The failed delivery that a log stands for. No status told is not no answer. */
  static FailedDelivery toFailedDelivery(WebhookLog log) {
    if (log.httpStatus() != null) {
      return FailedDelivery.of(log);
    }
    boolean unanswered = log.error() != null && NO_ANSWER.matcher(beginning(log.error())).find();
    return new FailedDelivery(log, unanswered ? FailureCause.NO_RESPONSE : FailureCause.UNKNOWN);
  }
}
