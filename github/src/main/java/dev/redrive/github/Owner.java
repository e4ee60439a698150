package dev.redrive.github;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose webhooks a client is about.
 *
 * @param place the path of the owner; names are not case-sensitive
 * @param appId the client id of a GitHub App; null for a repository or an organization
 */
record Owner(String place, @Nullable String appId) {
  private static final Pattern APP = Pattern.compile("app:([A-Za-z0-9._-]+)");
  private static final Pattern ORGANIZATION = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9_-]+/(?!\\.{1,2}$)[A-Za-z0-9._-]+");

  /** In place of an owner that is missing or none. */
  static final Owner NONE = new Owner("none", null);

  /** Parses a setting; {@link #NONE} if it names none. */
  static Owner parse(@Nullable String setting) {
    String text = Objects.requireNonNullElse(setting, "");
    Matcher app = APP.matcher(text);
    if (app.matches()) {
      return new Owner("app", app.group(1));
    }
    String name = text.toLowerCase(Locale.ROOT);
    return REPOSITORY.matcher(text).matches()
        ? new Owner("repos/" + name, null)
        : ORGANIZATION.matcher(text).matches() ? new Owner("orgs/" + name, null) : NONE;
  }

  /** Returns what tells the owner from others on the server. */
  String name() {
    return appId == null ? place : place + "/" + appId;
  }

  /** Whether a webhook of the owner may have this id; null for any webhook. */
  boolean mayHave(@Nullable String webhookId) {
    return webhookId == null
        || (appId == null ? webhookId.matches("\\d{1,19}") : webhookId.equals(DeliveryId.APP));
  }
}
