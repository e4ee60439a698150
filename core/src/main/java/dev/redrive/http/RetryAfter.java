package dev.redrive.http;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}, and keeps it out of OkHttp's sight, which would re-send on 503. */
final class RetryAfter {
  private static final String HIDDEN = "Redrive-Retry-After";
  private static final long MOST_SECONDS = Duration.ofDays(365).toSeconds();

  private RetryAfter() {}

  static Response hide(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    String value = response.header("Retry-After");
    if (value == null) {
      return response;
    }
    return response.newBuilder().removeHeader("Retry-After").header(HIDDEN, value).build();
  }

  /** How long to wait; null if the header is missing or unreadable. */
  static @Nullable Duration of(Headers headers, Instant now) {
    String value = headers.get(HIDDEN);
    if (value == null) {
      return null;
    }
    Instant providerNow = httpDate(headers.get("Date"));
    return parse(value.trim(), providerNow == null ? now : providerNow);
  }

  static @Nullable Duration parse(String value, Instant now) {
    if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      String digits = value.replaceFirst("^0+(?=.)", "");
      return Duration.ofSeconds(
          digits.length() > 9 ? MOST_SECONDS : Math.min(Long.parseLong(digits), MOST_SECONDS));
    }
    Instant date = httpDate(value);
    if (date == null) {
      return null;
    }
    Duration wait = Duration.between(now, date);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  /** A date as HTTP headers have it; null if it is missing or unreadable. */
  static @Nullable Instant httpDate(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
