package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One log of a {@link StubPortal}, as the portal writes it. */
final class Log {
  static final ObjectMapper JSON = new ObjectMapper();

  final ObjectNode row = JSON.createObjectNode();
  final ObjectNode payload;
  final int id;
  int webhook = 7;

  private Log(int id, ObjectNode payload) {
    this.id = id;
    this.payload = payload;
    row.put("id", id)
        .put("configName", "Room activity")
        .put("trigger", 128)
        .put("creationTime", "2026-03-01T10:00:00.0000000Z")
        .put("requestHeaders", "{\"x-docspace-signature-256\":[\"sha256=SIGNATURE\"]}")
        .put("status", 500)
        .put("responsePayload", "Response status code does not indicate success: 500.");
  }

  /** A log of event {@code event} that failed with 500. */
  static Log failed(int id, int event) {
    ObjectNode payload = JSON.createObjectNode();
    payload
        .putObject("event")
        .put("id", id)
        .put("createOn", "2026-03-01T09:59:59Z")
        .put("createBy", "66faa6e4-f133-11ea-b126-00ffeec8b4ef")
        .put("trigger", "file.created")
        .put("triggerId", 128);
    payload.putObject("payload").put("id", event).put("title", "Füße " + event + ".docx");
    payload
        .putObject("webhook")
        .put("id", 7)
        .put("name", "Room activity")
        .put("url", "https://receiver.example/hook?token=T")
        .putArray("triggers")
        .add("*");
    return new Log(id, payload);
  }

  /** A log of event {@code event} that waits, copied from the log {@code of}. */
  static Log queued(int id, int event, int of) {
    Log log = failed(id, event).status(0, null);
    log.event().put("id", of);
    return log;
  }

  static Log succeeded(int id, int event) {
    Log log = failed(id, event).status(200, "ok");
    log.row.put("delivery", "2026-03-01T10:00:05Z");
    return log;
  }

  ObjectNode event() {
    return (ObjectNode) payload.get("event");
  }

  Log status(int status, @Nullable String responsePayload) {
    row.put("status", status).put("responsePayload", responsePayload);
    return this;
  }

  /** The first log of an event that happened then. */
  Log at(Instant created) {
    event().put("createOn", created.minusSeconds(1).toString());
    return listedAt(created);
  }

  /** When the list says that it was made. */
  Log listedAt(Instant created) {
    row.put("creationTime", created.toString());
    return this;
  }

  /** The log of a retry that was sent. */
  Log retried() {
    ((ObjectNode) payload.get("webhook"))
        .put("retryCount", 1)
        .put("retryOn", "2026-03-01T11:00:00Z");
    return this;
  }

  Log webhook(int configId) {
    webhook = configId;
    ((ObjectNode) payload.get("webhook")).put("id", configId);
    return this;
  }

  Log attempts(int attempts, @Nullable String nextAttemptOn) {
    row.put("attempts", attempts).put("nextAttemptOn", nextAttemptOn);
    return this;
  }

  /** The log as builds wrote it that did not say which event it is of. */
  Log withoutShape() {
    payload.removeAll();
    payload.put("id", id).put("title", "report.docx");
    return this;
  }

  int status() {
    return row.get("status").asInt();
  }

  String json() {
    return row.deepCopy().put("requestPayload", payload.toString()).toString();
  }
}
