package dev.redrive;

import org.jspecify.annotations.Nullable;

/** Why a delivery failed, judged by the endpoint's response, with one sentence of advice. */
public enum FailureCause {
  /** No HTTP response: down, too slow, connection refused, DNS or TLS failure. */
  NO_RESPONSE("Check that the endpoint is up, reachable from outside and responds in time."),
  /** 401, 403 or 407. */
  UNAUTHORIZED(
      "The endpoint refused the provider: check the signing secret, credentials and firewall."),
  /** 404 or 405. */
  NOT_FOUND("The endpoint has no such route: check its URL and what is deployed there."),
  /** 410. */
  GONE(
      "The endpoint says that it is gone. Some providers then delete the webhook: check that it exists."),
  /** 3xx: providers do not follow redirects. */
  REDIRECTED(
      "The endpoint redirects, which providers do not follow: set the webhook to the final URL."),
  /** 429. */
  RATE_LIMITED("The endpoint received too many requests: recover at a lower rate."),
  /** Any other 4xx. */
  CLIENT_ERROR("The endpoint rejected the event, and will again until it is fixed."),
  /** 5xx. */
  SERVER_ERROR("The endpoint failed: look at its log for the time of the failure."),
  /** The provider does not say. */
  UNKNOWN("The provider does not report the cause: look at the endpoint's log.");

  private final String advice;

  FailureCause(String advice) {
    this.advice = advice;
  }

  /** Returns one sentence on what to do about it. */
  public String advice() {
    return advice;
  }

  /**
   * Returns the cause for an endpoint's HTTP status.
   *
   * @param httpStatus the endpoint's status; null or below 100 if there was no response
   */
  public static FailureCause ofHttpStatus(@Nullable Integer httpStatus) {
    if (httpStatus == null || httpStatus < 100) {
      return NO_RESPONSE;
    }
    return switch (httpStatus) {
      case 401, 403, 407 -> UNAUTHORIZED;
      case 404, 405 -> NOT_FOUND;
      case 410 -> GONE;
      case 429 -> RATE_LIMITED;
      default ->
          switch (httpStatus / 100) {
            case 3 -> REDIRECTED;
            case 4 -> CLIENT_ERROR;
            case 5 -> SERVER_ERROR;
            default -> UNKNOWN;
          };
    };
  }
}
