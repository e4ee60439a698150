package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fault in a response; {@link Faults} decides when it occurs. Immutable.
 *
 * <p>If a fault replaces the response ({@link #lostRequest}, {@link #stall}, {@link #status}, …),
 * the request is not processed, unless {@link #workDone} says otherwise. If a fault damages the
 * response ({@link #lostAnswer}, {@link #truncatedJson}, …), the request is processed, unless
 * {@link #workNotDone} says otherwise.
 */
public final class Fault {
  enum Kind {
    CLOSE(false),
    STALL(false),
    ANSWER(false),
    NONE(true),
    CUT_OFF(true),
    TRUNCATED(true),
    EMPTY(true),
    OVERSIZED(true),
    OTHER_TYPE(true),
    UNKNOWN_FIELDS(true),
    UNKNOWN_ENUM_VALUES(true);

    /** Whether it changes the provider's answer, rather than taking its place. */
    final boolean spoils;

    Kind(boolean spoils) {
      this.spoils = spoils;
    }
  }

  private static final String PROXY_PAGE =
      """
      <html>
      <head><title>502 Bad Gateway</title></head>
      <body>
      <center><h1>502 Bad Gateway</h1></center>
      <hr><center>nginx</center>
      </body>
      </html>
      """;

  final Kind kind;
  final boolean worked;
  final int status;
  final Map<String, String> headers;
  final @Nullable String body;
  final Duration delay;
  final long size;

  private Fault(
      Kind kind,
      boolean worked,
      int status,
      Map<String, String> headers,
      @Nullable String body,
      Duration delay,
      long size) {
    this.kind = kind;
    this.worked = worked;
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
    this.delay = delay;
    this.size = size;
  }

  private static Fault of(Kind kind, boolean worked) {
    return new Fault(kind, worked, 0, Map.of(), null, Duration.ZERO, 0);
  }

  /** The connection is closed without a response, and nothing was done. */
  public static Fault lostRequest() {
    return of(Kind.CLOSE, false);
  }

  /** The work is done (a retry is executed), and the connection is closed without a response. */
  public static Fault lostAnswer() {
    return of(Kind.CLOSE, true);
  }

  /** No response, and the connection stays open until the fake is closed; nothing was done. */
  public static Fault stall() {
    return of(Kind.STALL, false);
  }

  /** The response is late by this much, in addition to the fake's latency. */
  public static Fault delay(Duration delay) {
    return of(Kind.NONE, true).delayedBy(delay);
  }

  /** A status with the provider's own error body; nothing was done. */
  public static Fault status(int httpStatus) {
    return new Fault(Kind.ANSWER, false, httpStatus, Map.of(), null, Duration.ZERO, 0);
  }

  /** Any response; nothing was done. */
  public static Fault answer(int httpStatus, String contentType, String body) {
    return new Fault(
        Kind.ANSWER,
        false,
        httpStatus,
        Map.of("Content-Type", contentType),
        body,
        Duration.ZERO,
        0);
  }

  /** A proxy's 502 page in HTML; nothing was done. */
  public static Fault proxyPage() {
    return answer(502, "text/html", PROXY_PAGE);
  }

  /** 200 with an HTML page, as from a login page or a parked domain; nothing was done. */
  public static Fault htmlPage() {
    return answer(200, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title>");
  }

  /** 200 with a JSON content type and a body that is not JSON; the work is done. */
  public static Fault malformedJson() {
    return answer(200, "application/json", "{\"data\": [ }{ not json").workDone();
  }

  /**
   * A redirect; nothing was done.
   *
   * @param httpStatus 301, 302, 303, 307 or 308
   * @param location where to: an absolute URL or a path
   */
  public static Fault redirect(int httpStatus, String location) {
    return status(httpStatus).header("Location", location);
  }

  /**
   * The right response with the wrong {@code Content-Type}, {@code text/plain}; the work is done.
   */
  public static Fault wrongContentType() {
    return of(Kind.OTHER_TYPE, true).header("Content-Type", "text/plain");
  }

  /** The right status with no body; the work is done. */
  public static Fault emptyBody() {
    return of(Kind.EMPTY, true);
  }

  /** The first half of the JSON as a complete HTTP message; the work is done. */
  public static Fault truncatedJson() {
    return of(Kind.TRUNCATED, true);
  }

  /** The connection breaks in the middle of the body; the work is done. */
  public static Fault cutOff() {
    return of(Kind.CUT_OFF, true);
  }

  /**
   * The right answer with blanks after it, sent in chunks without a {@code Content-Length}; the
   * work is done.
   *
   * @param bytes the size of the body at least
   */
  public static Fault oversizedBody(long bytes) {
    return new Fault(Kind.OVERSIZED, true, 0, Map.of(), null, Duration.ZERO, bytes);
  }

  /** Fields that no documentation knows in every JSON object; the work is done. */
  public static Fault unknownFields() {
    return of(Kind.UNKNOWN_FIELDS, true);
  }

  /**
   * Values that no documentation knows in the provider's enum fields, in turn a word, {@code "1"}
   * and {@code 1}, which a careless reader takes for an ordinal; the work is done.
   */
  public static Fault unknownEnumValues() {
    return of(Kind.UNKNOWN_ENUM_VALUES, true);
  }

  /** The same fault, with the work done: a retry was executed or queued. */
  public Fault workDone() {
    return new Fault(kind, true, status, headers, body, delay, size);
  }

  /** Whether the work is done in spite of it. */
  public boolean isWorkDone() {
    return worked;
  }

  /** The same fault, with nothing done; the answer that it spoils is an empty JSON object then. */
  public Fault workNotDone() {
    return new Fault(kind, false, status, headers, body, delay, size);
  }

  /** The same fault with a further header. */
  public Fault header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Fault(kind, worked, status, more, body, delay, size);
  }

  /** The same fault with {@code Retry-After} in whole seconds, rounded up. */
  public Fault retryAfter(Duration wait) {
    return retryAfter(Long.toString(wait.plusNanos(999_999_999).toSeconds()));
  }

  /** The same fault with {@code Retry-After} as an HTTP date. */
  public Fault retryAfter(Instant until) {
    return retryAfter(HttpDate.format(until));
  }

  /** The same fault with this {@code Retry-After}, sensible or not. */
  public Fault retryAfter(String value) {
    return header("Retry-After", value);
  }

  /** The same fault, later: after this much time on top of the fake's latency. */
  public Fault delayedBy(Duration time) {
    return new Fault(kind, worked, status, headers, body, time, size);
  }

  @Override
  public String toString() {
    return kind + (status == 0 ? "" : " " + status) + (worked ? " (work done)" : " (not done)");
  }
}
