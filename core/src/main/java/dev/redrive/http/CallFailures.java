package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.FailedCall;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Method;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import okhttp3.Headers;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Invocation;
import retrofit2.Response;

/** Describes in our own words why a call failed, and whether the provider may have received it. */
final class CallFailures {
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

  private static final int SHORTEST_SECRET = 6;
  private static final int PROXY_REFUSED = 407;

  private final HttpSettings settings;

  CallFailures(HttpSettings settings) {
    this.settings = settings;
  }

  /** Returns the name of the Retrofit method in words: {@code listLogs} is {@code list logs}. */
  String operation(Call<?> call) throws FailedAttempt {
    return operation(invocation(call).method());
  }

  static String operation(Method method) {
    return CAPITAL.matcher(method.getName()).replaceAll(" $0").toLowerCase(Locale.ROOT);
  }

  private Invocation invocation(Call<?> call) throws FailedAttempt {
    try {
      return Objects.requireNonNull(call.request().tag(Invocation.class));
    } catch (IllegalArgumentException e) {
      throw neverMade("request", "an id in the request cannot be part of a URL");
    }
  }

  FailedAttempt neverMade(String operation, String why) {
    return new FailedAttempt(
        new InvalidRequestException(withoutAnswer(operation, why), null), false, null);
  }

  FailedAttempt closed(String operation, boolean sent) {
    return new FailedAttempt(
        new NetworkException(withoutAnswer(operation, "the client was closed"), null), sent, null);
  }

  FailedAttempt interrupted(String operation, boolean sent) {
    return new FailedAttempt(
        new OperationInterruptedException(settings.displayName(), operation), sent, null);
  }

  /** Names only the class of {@code cause}: its message may contain the key. */
  FailedAttempt noKey(String operation, Exception cause) {
    String what =
        cause instanceof ApiKey.Unfit
            ? "the credentials returned no key, or one that a header cannot contain"
            : "the credentials could not be read: " + cause.getClass().getSimpleName();
    return new FailedAttempt(
        new AuthenticationException(withoutAnswer(operation, what), null), false, null);
  }

  /** The request for a token failed, so that the request which needed it was not sent. */
  FailedAttempt noToken(RedriveException error) {
    Duration retryAfter =
        error instanceof RateLimitedException limited ? limited.retryAfter() : null;
    return new FailedAttempt(error, false, retryAfter);
  }

  FailedAttempt noAnswer(String operation, String what, boolean sent) {
    return new FailedAttempt(
        new NetworkException(withoutAnswer(operation, what), null), sent, null);
  }

  /** Makes the failure for a response other than 2xx. */
  FailedAttempt refused(Call<?> request, Response<?> response, String operation)
      throws FailedAttempt {
    ErrorBody error = errorBody(response.errorBody());
    int status = response.code();
    Duration retryAfter = RetryAfter.of(status, response.headers(), settings.time().now());
    if (retryAfter == null && error != null) {
      retryAfter = error.retryAfter(status);
    }
    String message = error == null ? null : error.errorMessage();
    String code = error == null ? null : error.errorCode();
    if (status == 429 && retryAfter == null) {
      DocumentedLimit limit =
          limit(
              invocation(request).method().getAnnotationsByType(DocumentedLimit.class),
              response.headers());
      if (limit != null) {
        retryAfter = Duration.ofSeconds(limit.seconds());
        FailedCall call = failed(status, response.headers(), code, message, operation);
        return new FailedAttempt(
            new RateLimitedException(call, retryAfter, describe(limit)), true, retryAfter);
      }
    }
    FailedCall call = failed(status, response.headers(), code, message, operation);
    return new FailedAttempt(refusal(status, call, retryAfter), true, retryAfter);
  }

  private static @Nullable DocumentedLimit limit(DocumentedLimit[] limits, Headers headers) {
    String named = headers.get("X-RateLimit-Limit");
    return Arrays.stream(limits)
        .filter(
            limit ->
                named == null
                    || named.split("[,;]", 2)[0].strip().equals(Integer.toString(limit.calls())))
        .max(Comparator.comparingInt(DocumentedLimit::seconds))
        .orElse(null);
  }

  private static String describe(DocumentedLimit limit) {
    String window =
        limit.seconds() % 60 == 0 ? limit.seconds() / 60 + " min" : limit.seconds() + " s";
    return limit.calls() + " calls per " + window;
  }

  FailedAttempt empty(Response<?> response, String operation) {
    return malformed(response.code(), response.headers(), "the response is empty", operation);
  }

  private FailedAttempt malformed(int status, Headers headers, String flaw, String operation) {
    return new FailedAttempt(
        new MalformedResponseException(failed(status, headers, null, flaw, operation), null),
        true,
        null);
  }

  /** Makes the failure for a call whose response is missing, or is not one of the API. */
  FailedAttempt unanswered(
      SendGuard guard, @Nullable Throwable failure, boolean closed, String operation) {
    if (failure instanceof SendGuard.Stopped) {
      return new FailedAttempt(
          new InvalidRequestException(withoutAnswer(operation, failure.getMessage()), null),
          guard.isTaken(),
          null);
    }
    if (failure instanceof ProxyRefusal) {
      FailedCall call = failed(PROXY_REFUSED, Headers.of(), null, failure.getMessage(), operation);
      return new FailedAttempt(new InvalidRequestException(call, null), false, null);
    }
    String flaw = flaw(failure);
    okhttp3.Response answer = guard.answer();
    if (flaw != null && answer != null) {
      return malformed(answer.code(), answer.headers(), flaw, operation);
    }
    if (flaw != null) {
      return new FailedAttempt(
          new MalformedResponseException(withoutAnswer(operation, flaw), null),
          guard.isTaken(),
          null);
    }
    return closed
        ? closed(operation, guard.isTaken())
        : new FailedAttempt(network(failure, operation), guard.isTaken(), null);
  }

  /** Returns what is wrong with a complete response; null if it is missing or truncated. */
  private static @Nullable String flaw(@Nullable Throwable failure) {
    if (!(failure instanceof IOException)) {
      return "the response could not be understood";
    }
    return failure instanceof ResponseLimit.TooLarge || failure instanceof JsonConverters.Unreadable
        ? failure.getMessage()
        : null;
  }

  private static RedriveException refusal(
      int status, FailedCall call, @Nullable Duration retryAfter) {
    return switch (status) {
      case 401 -> new AuthenticationException(call, null);
      case 403 ->
          retryAfter == null
              ? new AuthenticationException(call, null)
              : new RateLimitedException(call, retryAfter);
      case 404 -> new NotFoundException(call, null);
      case 408 -> new ProviderUnavailableException(call, null);
      case 429 -> new RateLimitedException(call, retryAfter);
      default ->
          status >= 500
              ? new ProviderUnavailableException(call, null)
              : new InvalidRequestException(call, null);
    };
  }

  private @Nullable ErrorBody errorBody(@Nullable ResponseBody body) {
    if (body == null) {
      return null;
    }
    try (body) {
      return JsonConverters.readError(body.bytes(), settings.errors());
    } catch (IOException e) {
      return null;
    }
  }

  private FailedCall failed(
      int status,
      Headers headers,
      @Nullable String code,
      @Nullable String message,
      String operation) {
    String requestId = headers.get("x-request-id");
    if (requestId == null) {
      requestId = headers.get("x-correlation-id");
    }
    return new FailedCall(
        settings.displayName(),
        operation,
        status,
        withoutSecrets(code),
        withoutSecrets(message),
        withoutSecrets(requestId));
  }

  /** Some APIs quote the refused key in their error message. */
  private @Nullable String withoutSecrets(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String clean = text;
    for (Secret secret : settings.secrets()) {
      String value = secret.reveal();
      String key = value.substring(value.lastIndexOf(' ') + 1);
      if (key.length() >= SHORTEST_SECRET) {
        clean = clean.replace(key, secret.toString());
      }
    }
    return clean;
  }

  /** Uses our own words, because messages of exceptions may quote the request. */
  private RedriveException network(@Nullable Throwable failure, String operation) {
    String what;
    if (failure instanceof UnknownHostException) {
      what = "unknown host " + settings.baseUrl().host();
    } else if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      what = "could not connect to " + server();
    } else if (failure instanceof SSLException) {
      what = "the TLS connection to " + server() + " failed";
    } else if (failure instanceof InterruptedIOException) {
      what = "no response in time";
    } else {
      what = "the connection was lost";
    }
    // The message of a ProtocolException quotes the response.
    Throwable cause = failure instanceof ProtocolException ? null : failure;
    return new NetworkException(withoutAnswer(operation, what), cause);
  }

  private String server() {
    return settings.baseUrl().host() + ":" + settings.baseUrl().port();
  }

  private FailedCall withoutAnswer(String operation, @Nullable String message) {
    return FailedCall.withoutAnswer(
        settings.displayName(), operation, message == null ? "no response" : message);
  }
}
