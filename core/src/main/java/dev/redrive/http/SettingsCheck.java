package dev.redrive.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Checks a client's settings, and collects the problems, each with how to fix it. */
final class SettingsCheck {
  private static final String UUID_SHAPE = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<String> problems = new ArrayList<>();

  void problem(String problem) {
    problems.add(problem);
  }

  /** Returns the problems so far, and forgets them. */
  List<String> takeProblems() {
    var taken = new ArrayList<>(problems);
    problems.clear();
    return taken;
  }

  /** Checks and normalizes the base URL; null if there is none. */
  @Nullable HttpUrl baseUrl(@Nullable String baseUrl, String displayName) {
    if (baseUrl == null || baseUrl.isBlank()) {
      problem("no base URL: set baseUrl, " + displayName + " has no default");
      return null;
    }
    HttpUrl url = HttpUrl.parse(baseUrl);
    if (url == null) {
      problem("the base URL is malformed: use https://host[:port][/path]");
      return null;
    }
    if (!url.isHttps() && !isLoopback(url.host())) {
      problem(
          "the base URL is plain http to "
              + url.host()
              + ", which would expose the key: use https");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      problem("the base URL contains a user or password: remove them and pass the key as apiKey");
    }
    if (url.query() != null || url.fragment() != null) {
      problem("the base URL contains a query or fragment: leave it out");
    }
    return url.encodedPath().endsWith("/") ? url : url.newBuilder().addPathSegment("").build();
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
  }

  /** Returns the host, with its port unless it is the usual one. */
  static String authority(HttpUrl url) {
    return url.port() == HttpUrl.defaultPort(url.scheme())
        ? url.host()
        : url.host() + ":" + url.port();
  }

  /** Whether a value is a UUID in its usual form. */
  static boolean isUuid(String value) {
    // UUID.fromString also accepts shorter groups and signs.
    boolean fits = value.length() == UUID_SHAPE.length();
    for (int i = 0; fits && i < UUID_SHAPE.length(); i++) {
      char c = value.charAt(i);
      fits = UUID_SHAPE.charAt(i) == '-' ? c == '-' : HexFormat.isHexDigit(c);
    }
    return fits;
  }

  /** Adds a problem if a header cannot contain the value. Returns whether it can. */
  boolean header(String name, String value) {
    if (ApiKey.isFit(value)) {
      return true;
    }
    problem(
        name
            + " contains white space or characters that a header cannot contain: copy it again,"
            + " without line break");
    return false;
  }

  /** Adds a problem if a duration is not positive. Returns whether it can be compared. */
  boolean positive(String name, @Nullable Duration value) {
    boolean fits = duration(name, value);
    if (fits && value != null && (value.isZero() || value.isNegative())) {
      problem(name + " is " + value + ": it must be positive");
    }
    return fits;
  }

  /** Adds a problem if a duration is missing or too long. Returns whether it is neither. */
  boolean duration(String name, @Nullable Duration value) {
    boolean tooLong = value != null && value.compareTo(LONGEST) > 0;
    if (tooLong) {
      problem(name + " is " + value + ": it must be at most " + LONGEST.toDays() + " days");
    }
    return set(name, value) && !tooLong;
  }

  /** Adds a problem if a value is null. Returns whether it is not. */
  boolean set(String name, @Nullable Object value) {
    if (value == null) {
      problem(name + " is null: leave it out to use the default");
    }
    return value != null;
  }

  void atLeastOne(String name, long value) {
    if (value < 1) {
      problem(name + " is " + value + ": it must be at least 1");
    }
  }
}
