package dev.redrive;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a call that failed. The texts are as the provider sent them; {@link #toString} cleans
 * and shortens them.
 *
 * @param provider the provider's name, as shown to people
 * @param operation what was requested, in words, such as {@code list logs}
 * @param httpStatus the HTTP status of the provider's response; null if there was no response
 * @param code the provider's error code; null if there is none
 * @param message the provider's error message, or what went wrong; null if there is none
 * @param requestId the provider's id of the request; null if there is none
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

  /** Describes a call that failed without a response. */
  public static FailedCall withoutAnswer(String provider, String operation, String message) {
    return new FailedCall(provider, operation, null, null, message, null);
  }

  /** One sentence, cleaned: safe to log. */
  @Override
  public String toString() {
    return describe();
  }

  /** One sentence: provider, operation, status, code, message, request id. */
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
