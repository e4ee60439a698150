package dev.redrive.testkit;

import java.time.Duration;
import java.util.List;

/** How ONLYOFFICE refuses a request. */
final class OnlyOfficeErrors {
  private OnlyOfficeErrors() {}

  static Answer of(int httpStatus, String text) {
    if (httpStatus == 401) {
      return Answer.empty(401);
    }
    return Answer.of(
        httpStatus,
        Json.object()
            .put(
                "error",
                Json.object()
                    .put("message", text)
                    .put("type", "ASC.Common.Web.ItemNotFoundException")
                    .put(
                        "stack",
                        "   at ASC.Web.Api.Controllers.Settings.WebhooksController.RetryWebhook()")
                    .put("hresult", -2146233088))
            .put("status", 1)
            .put("statusCode", httpStatus));
  }

  static Answer invalid(InvalidParameterException problem) {
    Json errors = Json.object().put(problem.parameter(), List.of(problem.problem()));
    return Answer.of(
        400,
        Json.object()
            .put(
                "response",
                Json.object()
                    .put("type", "https://tools.ietf.org/html/rfc9110#section-15.5.1")
                    .put("title", "One or more validation errors occurred.")
                    .put("status", 400)
                    .put("errors", errors)
                    .put("traceId", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"))
            .put("status", 1)
            .put("statusCode", 400));
  }

  /** A 429 that says how long to wait. */
  static Answer tooMany(Duration wait) {
    return of(429, "Too many requests")
        .with("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
  }

  /** A 429 that says nothing but which limit it is. */
  static Answer tooMany(String limit) {
    return Answer.empty(429).with("X-RateLimit-Limit", limit).with("X-RateLimit-Remaining", "0");
  }
}
