package dev.redrive.baanx;

/** Baanx's records, as its documentation shows them. */
final class Json {
  static final String SIGNATURE = "signature-of-the-test";
  static final String PAYLOAD = "payload-of-the-test";

  static final String WEBHOOK_A = "770e8400-e29b-41d4-a716-44665544000a";
  static final String WEBHOOK_B = "770e8400-e29b-41d4-a716-44665544000b";

  private Json() {}

  /** The id of an event's record. */
  static String record(int event) {
    return "550e8400-e29b-41d4-a716-%012d".formatted(event);
  }

  /** The business id of the event of a record. */
  static String business(String recordId) {
    return "660e8400" + recordId.substring(8);
  }

  static String attemptId(int attempt) {
    return "aaa00000-e29b-41d4-a716-%012d".formatted(attempt);
  }

  static String event(String recordId, String status) {
    return event(recordId, status, "kyc.status.changed");
  }

  static String event(String recordId, String status, String type) {
    return """
        {"id":"%s","eventId":"%s","tenant":"partner","eventType":"%s","payload":{"x":"%s"},
        "userId":"user-123","sourceService":"kyc-service","status":"%s",
        "createdAt":"2025-12-29T10:00:00.000Z","processedAt":null,"queuedAt":null}"""
        .formatted(recordId, business(recordId), type, PAYLOAD, status);
  }

  static String events(long total, String... events) {
    return "{\"total\":" + total + ",\"events\":[" + String.join(",", events) + "]}";
  }

  /** An attempt at minute {@code minute} past ten. */
  static String attempt(
      int id, String recordId, String webhookId, int number, int minute, String deliveryStatus) {
    return attempt(id, recordId, webhookId, number, minute, deliveryStatus, "null");
  }

  static String attempt(
      int id,
      String recordId,
      String webhookId,
      int number,
      int minute,
      String deliveryStatus,
      String nextRetryAt) {
    return """
        {"id":"%s","eventId":"%s","webhookId":"%s","attemptNumber":%d,
        "requestUrl":"https://api.partner.com/webhooks","requestHeaders":{"X-Signature":"%s"},
        "requestBody":{"x":"%s"},"responseStatus":%s,"responseBody":"","errorMessage":null,
        "deliveryStatus":"%s","durationMs":145,"createdAt":"2025-12-29T10:%02d:00.000Z",
        "nextRetryAt":%s}"""
        .formatted(
            attemptId(id),
            business(recordId),
            webhookId,
            number,
            SIGNATURE,
            PAYLOAD,
            deliveryStatus.equals("success") ? "200" : "503",
            deliveryStatus,
            minute,
            nextRetryAt);
  }
}
