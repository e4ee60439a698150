package dev.redrive;

import org.jspecify.annotations.Nullable;

/** Why a delivery failed, as far as the endpoint's answer tells, with one sentence of advice. */
public enum FailureCause {
  /** The endpoint gave no HTTP answer: down, too slow, refused, DNS or TLS failure. */
  NO_RESPONSE("Check that the endpoint is up, reachable from outside and answers in time."),
  /** 401, 403 or 407. */
  UNAUTHORIZED(
      "The endpoint refused the provider: check signature secret, credentials and firewall."),
  /** 404 or 405. */
  NOT_FOUND("The route is missing: check the endpoint's URL and the deployed routes."),
  /** 410. */
  GONE(
      "The endpoint says it is gone; some providers delete such a subscription: check that it still exists."),
  /** 3xx: providers do not follow redirects. */
  REDIRECTED(
      "The endpoint redirects, which providers do not follow: set the webhook to the final URL."),
  /** 429. */
  RATE_LIMITED("The endpoint was flooded: recover at a lower rate."),
  /** Any other 4xx. */
  CLIENT_ERROR("The endpoint rejected the event: it will do so again until the endpoint is fixed."),
  /** 5xx. */
  SERVER_ERROR("The endpoint failed: look at its own log for the time of the failure."),
  /** The provider does not say. */
  UNKNOWN("The provider does not tell the cause: look at the endpoint's own log.");

  private final String advice;

  FailureCause(String advice) {
    this.advice = advice;
  }

  /** One sentence on what to do about it. */
  public String advice() {
    return advice;
  }

  /**
   * The cause that an endpoint's HTTP status stands for.
   *
   * @param httpStatus the endpoint's status; null or below 100 where the endpoint gave none
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
