package dev.redrive.testkit;

/** The causes of seeded failures, and the error texts that providers have for them. */
final class Causes {
  /**
   * HTTP statuses of a mass failure; 0 is no response. Not 410, because ONLYOFFICE reacts to it.
   */
  private static final int[] MIX = {
    0, 0, 0, 0, 0, 500, 500, 500, 500, 502, 503, 503, 503, 504, 401, 401, 404, 302, 400, 429
  };

  private Causes() {}

  static int pick(long random) {
    return MIX[(int) Long.remainderUnsigned(random, MIX.length)];
  }

  static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 422 -> "Unprocessable Entity";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Status " + status;
    };
  }
}
