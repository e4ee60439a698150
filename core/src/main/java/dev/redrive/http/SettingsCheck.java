package dev.redrive.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Checks a client's settings, and collects what is wrong with them, each problem with its cure. */
final class SettingsCheck {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<String> problems = new ArrayList<>();

  void problem(String problem) {
    problems.add(problem);
  }

  /** The problems so far; they are not told again. */
  List<String> takeProblems() {
    var taken = new ArrayList<>(problems);
    problems.clear();
    return taken;
  }

  /** Where the API is; null if that is not known. */
  @Nullable HttpUrl baseUrl(@Nullable String baseUrl, String displayName) {
    if (baseUrl == null || baseUrl.isBlank()) {
      problem("no base URL: " + displayName + " has no common one, set baseUrl");
      return null;
    }
    HttpUrl url = HttpUrl.parse(baseUrl);
    if (url == null) {
      problem("the base URL is malformed: use https://host[:port][/path]");
      return null;
    }
    if (!url.isHttps() && !isLoopback(url.host())) {
      problem(
          "the base URL is plain http to " + url.host() + ", which would show the key: use https");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      problem("the base URL holds a user or password: leave them out, the key goes into apiKey");
    }
    if (url.query() != null || url.fragment() != null) {
      problem("the base URL holds a query or fragment: leave it out");
    }
    return url.encodedPath().endsWith("/") ? url : url.newBuilder().addPathSegment("").build();
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
  }

  /** Reports a value that no header can carry; whether one can. */
  boolean header(String name, String value) {
    if (ApiKey.isFit(value)) {
      return true;
    }
    problem(
        name
            + " holds white space or characters that no header can carry: copy it again, without"
            + " line break");
    return false;
  }

  /** Reports a duration that is not positive; whether it is fit to be compared. */
  boolean positive(String name, @Nullable Duration value) {
    boolean fits = duration(name, value);
    if (fits && value != null && (value.isZero() || value.isNegative())) {
      problem(name + " is " + value + ": it must be positive");
    }
    return fits;
  }

  /** Reports one that is missing or too long; whether it is neither. */
  boolean duration(String name, @Nullable Duration value) {
    boolean tooLong = value != null && value.compareTo(LONGEST) > 0;
    if (tooLong) {
      problem(name + " is " + value + ": it must be at most " + LONGEST.toDays() + " days");
    }
    return set(name, value) && !tooLong;
  }

  /** Reports what is null; whether it is not. */
  boolean set(String name, @Nullable Object value) {
    if (value == null) {
      problem(name + " is null: leave it out for its default");
    }
    return value != null;
  }

  void atLeastOne(String name, long value) {
    if (value < 1) {
      problem(name + " is " + value + ": it must be at least 1");
    }
  }
}
