package dev.redrive.testkit;

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

/** A request to a {@link FakeApi}. */
public final class Call {
  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "x-api-key", "x-client-key", "cookie", "proxy-authorization");

  private final mockwebserver3.RecordedRequest request;
  private final HttpUrl url;
  private final Operation operation;
  private final Map<String, String> pathParameters;

  Call(
      mockwebserver3.RecordedRequest request,
      Operation operation,
      Map<String, String> pathParameters) {
    this.request = request;
    this.url = request.getUrl();
    this.operation = operation;
    this.pathParameters = pathParameters;
  }

  /** Returns the operation of the request's route. */
  public Operation operation() {
    return operation;
  }

  /** The HTTP method. */
  public String method() {
    return request.getMethod();
  }

  /** The path as sent, still encoded, without the query. */
  public String encodedPath() {
    return url.encodedPath();
  }

  /**
   * The part of the path that stands where the route's path has a {@code {name}}, decoded.
   *
   * @throws IllegalArgumentException if the route's path has no such name
   */
  public String path(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route's path has no {" + name + "}");
    }
    return value;
  }

  /** Whether the path has a {@code {name}}. */
  boolean hasPath(String name) {
    return pathParameters.containsKey(name);
  }

  /** A header, null if it is absent. */
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** Whether the request carries this token as {@code Authorization: Bearer …}. */
  public boolean hasBearer(String token) {
    return ("Bearer " + token).equals(header("Authorization"));
  }

  /** Whether the request's content type is JSON. */
  public boolean hasJsonType() {
    String type = header("Content-Type");
    return type != null && type.startsWith("application/json");
  }

  /** The query parameter's value, or the default if it is absent or empty. */
  public String query(String name, String defaultValue) {
    String value = url.queryParameter(name);
    return value == null || value.isEmpty() ? defaultValue : value;
  }

  /**
   * The query parameter as a number.
   *
   * @throws InvalidParameterException if it is not a number from {@code min} to {@code max}
   */
  public int number(String name, int defaultValue, int min, int max) {
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
   * The query parameter as an ISO 8601 date and time with an offset, null if it is absent or empty.
   *
   * @throws InvalidParameterException if it is something else
   */
  public @Nullable Instant instant(String name) {
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

  /** Bytes of the body. */
  public long bodySize() {
    return request.getBodySize();
  }

  /**
   * The body's JSON as maps, lists, texts, numbers and booleans; null if the body is empty, no
   * JSON, or {@code null}.
   */
  public @Nullable Object json() {
    ByteString body = request.getBody();
    if (body == null || body.size() == 0) {
      return null;
    }
    try {
      return Answer.MAPPER.readValue(body.toByteArray(), Object.class);
    } catch (IOException e) {
      return null;
    }
  }

  /** The list in a field of the body's JSON object; null if there is none. */
  public @Nullable List<?> listInBody(String field) {
    return json() instanceof Map<?, ?> object && object.get(field) instanceof List<?> list
        ? list
        : null;
  }

  /** The same as texts; empty if there is none. */
  public List<String> textsInBody(String field) {
    List<?> list = listInBody(field);
    return list == null ? List.of() : list.stream().map(String::valueOf).toList();
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
