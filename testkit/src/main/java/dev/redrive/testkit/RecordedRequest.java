package dev.redrive.testkit;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request that a {@link FakeProvider} received.
 *
 * @param operation what it asked for
 * @param method the HTTP method
 * @param path the path as sent, still encoded, without the query
 * @param query the query parameters, decoded; of a repeated one the first
 * @param headers the headers by lower-case name, those that carry a key or a cookie left out
 * @param ids the ids that the request named: of the delivery read or of those to retry; at Baanx
 *     {@code eventId}, or {@code eventId/webhookId} if the retry named a webhook
 * @param bodySize bytes of the request's body
 * @param status the HTTP status of the response; 0 if the connection was closed without one
 * @param at when it arrived, by the fake's clock
 */
public record RecordedRequest(
    Operation operation,
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    List<String> ids,
    long bodySize,
    int status,
    Instant at) {
  /** Copies the collections. */
  public RecordedRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
    ids = List.copyOf(ids);
  }
}
