package dev.redrive;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call that failed. Texts are cleaned and cut when a message is made of them.
 *
 * @param provider the provider's name for people
 * @param operation what was asked of it, in words: {@code list logs}
 * @param httpStatus the provider's answer; null if there was none
 * @param code the provider's own error code; null if none
 * @param message the provider's own error message, or what went wrong; null if none
 * @param requestId the provider's id of the request; null if none
 */
public record FailedCall(
    String provider,
    String operation,
    @Nullable Integer httpStatus,
    @Nullable String code,
    @Nullable String message,
    @Nullable String requestId)
    implements Serializable {
  public FailedCall {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(operation, "operation");
  }

  /** A call that failed before or without an answer. */
  public static FailedCall withoutAnswer(String provider, String operation, String message) {
    return new FailedCall(provider, operation, null, null, message, null);
  }

  /** {@link #describe()}: nothing uncleaned reaches a log line. */
  @Override
  public String toString() {
    return describe();
  }

  /** One sentence for people: provider, operation, status, code, message, request id. */
  String describe() {
    var text = new StringBuilder(ProviderText.clean(provider));
    text.append(": ").append(operation).append(" failed");
    if (httpStatus != null) {
      text.append(" with HTTP ").append(httpStatus);
    }
    if (code != null && !code.isBlank()) {
      text.append(", code ").append(ProviderText.clean(code));
    }
    if (message != null && !message.isBlank()) {
      text.append(": ").append(ProviderText.clean(message));
    }
    if (requestId != null && !requestId.isBlank()) {
      text.append(" (request ").append(ProviderText.clean(requestId)).append(')');
    }
    return text.toString();
  }
}
