package dev.redrive.github;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id of a delivery in its key, {@code hook/delivery}: every path needs both.
 *
 * @param hook the id of the webhook, or {@link #APP}
 * @param delivery GitHub's id of the delivery
 */
record DeliveryId(String hook, String delivery) {
  /** In place of a webhook's id: the only one of a GitHub App, which has none. */
  static final String APP = "app";

  private static final Pattern SHAPE = Pattern.compile("(app|\\d{1,19})/(\\d{1,19})");

  /** Parses the id of a key; null if it is not one of a delivery. */
  static @Nullable DeliveryId parse(String keyId) {
    Matcher matcher = SHAPE.matcher(keyId);
    return matcher.matches() ? new DeliveryId(matcher.group(1), matcher.group(2)) : null;
  }

  /** Returns why a key cannot be retried; null if it can. */
  static @Nullable String refusal(String keyId) {
    return parse(keyId) == null ? "its id is not of the form hook/delivery: two numbers" : null;
  }

  /** Returns the path of a webhook below that of its owner. */
  static String path(String hook) {
    return hook.equals(APP) ? "hook" : "hooks/" + hook;
  }

  /** Returns the id as it is in a key. */
  String keyId() {
    return hook + "/" + delivery;
  }
}
