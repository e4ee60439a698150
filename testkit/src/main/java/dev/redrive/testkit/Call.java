package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** A request, parsed. */
final class Call {
  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "x-api-key", "x-client-key", "cookie", "proxy-authorization");

  private final mockwebserver3.RecordedRequest request;
  private final HttpUrl url;

  Call(mockwebserver3.RecordedRequest request) {
    this.request = request;
    this.url = request.getUrl();
  }

  String method() {
    return request.getMethod();
  }

  String encodedPath() {
    return url.encodedPath();
  }

  /** The path's segments, decoded. */
  List<String> path() {
    return url.pathSegments();
  }

  @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  @Nullable String query(String name) {
    return url.queryParameter(name);
  }

  /** The parameter's value, or the default if it is absent; an empty value counts as absent. */
  String query(String name, String defaultValue) {
    String value = query(name);
    return value == null || value.isEmpty() ? defaultValue : value;
  }

  /**
   * The parameter as a number.
   *
   * @throws InvalidParameterException if it is not a number from {@code min} to {@code max}
   */
  int number(String name, int defaultValue, int min, int max) {
    String value = query(name, Integer.toString(defaultValue));
    int number;
    try {
      number = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new InvalidParameterException(name, "must be a number");
    }
    if (number < min) {
      throw new InvalidParameterException(name, "must not be less than " + min);
    }
    if (number > max) {
      throw new InvalidParameterException(name, "must not be greater than " + max);
    }
    return number;
  }

  /**
   * The parameter as an ISO 8601 date and time with an offset.
   *
   * @throws InvalidParameterException if it is something else
   */
  @Nullable Instant instant(String name) {
    String value = query(name, "");
    if (value.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException e) {
      throw new InvalidParameterException(name, "must be an ISO 8601 date");
    }
  }

  long bodySize() {
    return request.getBodySize();
  }

  /** The body as JSON, null if it is empty or no JSON. */
  @Nullable JsonNode json() {
    ByteString body = request.getBody();
    if (body == null || body.size() == 0) {
      return null;
    }
    try {
      return Answer.MAPPER.readTree(body.toByteArray());
    } catch (IOException e) {
      return null;
    }
  }

  Map<String, String> queryParameters() {
    Map<String, String> parameters = new TreeMap<>();
    for (String name : url.queryParameterNames()) {
      String value = url.queryParameter(name);
      parameters.put(name, value == null ? "" : value);
    }
    return parameters;
  }

  /** The headers by lower-case name, without those that are secret. */
  Map<String, String> harmlessHeaders() {
    Map<String, String> headers = new TreeMap<>();
    for (int i = 0; i < request.getHeaders().size(); i++) {
      String name = request.getHeaders().name(i).toLowerCase(Locale.ROOT);
      if (!SECRET_HEADERS.contains(name)) {
        headers.putIfAbsent(name, request.getHeaders().value(i));
      }
    }
    return headers;
  }
}
