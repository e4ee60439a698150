package dev.redrive.voiso;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.WebhookLog;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Derives the cause of a failure from its reason, a free text of which only {@code Connection
 * timeout} is documented. It looks for an HTTP status, then for words that mean that the endpoint
 * did not respond; otherwise the cause is unknown. Only the beginning of the text is searched,
 * because the endpoint's whole response may follow, on which a regular expression could run long or
 * overflow the stack.
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

  /** Returns the endpoint's HTTP status; null if the reason has none. */
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

  /**
   * Maps a log to a failed delivery. A missing status does not mean that the endpoint did not
   * respond.
   */
  static FailedDelivery toFailedDelivery(WebhookLog log) {
    if (log.httpStatus() != null) {
      return FailedDelivery.of(log);
    }
    boolean unanswered = log.error() != null && NO_ANSWER.matcher(beginning(log.error())).find();
    return new FailedDelivery(log, unanswered ? FailureCause.NO_RESPONSE : FailureCause.UNKNOWN);
  }
}
