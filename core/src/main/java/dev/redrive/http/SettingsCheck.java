package dev.redrive.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Checks a client's settings, and collects the problems, each with how to fix it. */
final class SettingsCheck {
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

  /** Returns where the key comes from. */
  Credentials key(@Nullable String apiKey, @Nullable Credentials credentials) {
    if (credentials != null) {
      if (apiKey != null) {
        problem("both apiKey and credentials are set: set only one");
      }
      return credentials;
    }
    String fixed = apiKey == null ? "" : apiKey;
    if (fixed.isEmpty()) {
      problems.add(0, "no API key: set apiKey");
    } else {
      header("apiKey", fixed);
    }
    return () -> fixed;
  }

  /** Adds a problem if the name of the account is blank. */
  void account(@Nullable String account) {
    if (account != null && account.isBlank()) {
      problem("account is blank: leave it out or set a name");
    }
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

  /** Adds a problem for each time that is out of bounds, or does not fit the others. */
  void times(Duration requestTimeout, Duration deadline, Duration maxRetryAfter, Duration settle) {
    boolean timed = positive("requestTimeout", requestTimeout);
    positive("deadline", deadline);
    longestWait("maxRetryAfter", maxRetryAfter);
    if (duration("settleTime", settle) && timed && settle.compareTo(requestTimeout) < 0) {
      problem(
          "settleTime is shorter than requestTimeout: make it at least as long, because a"
              + " request may be in flight until then");
    }
  }

  /** Adds a problem if a duration is not positive. Returns whether it can be compared. */
  boolean positive(String name, @Nullable Duration value) {
    boolean fits = duration(name, value);
    if (fits && value != null && (value.isZero() || value.isNegative())) {
      problem(name + " is " + value + ": it must be positive");
    }
    return fits;
  }

  private void longestWait(String name, @Nullable Duration value) {
    if (duration(name, value) && value != null && value.isNegative()) {
      problem(name + " is negative: use zero to never wait");
    }
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

  /** Adds a problem for each limit that would allow nothing. */
  void limits(int maxAttempts, int concurrency, long maxResponseBytes) {
    atLeastOne("maxAttempts", maxAttempts);
    atLeastOne("concurrency", concurrency);
    atLeastOne("maxResponseBytes", maxResponseBytes);
  }

  private void atLeastOne(String name, long value) {
    if (value < 1) {
      problem(name + " is " + value + ": it must be at least 1");
    }
  }
}
