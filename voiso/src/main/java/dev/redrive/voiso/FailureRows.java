package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.MalformedResponseException;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns rows of a failures list into logs and failed deliveries. */
final class FailureRows {
  private final ProviderHttp http;
  private final String absentStatus;

  /**
   * @param absentStatus the status that a record without one stands for
   */
  FailureRows(ProviderHttp http, String absentStatus) {
    this.http = http;
    this.absentStatus = absentStatus;
  }

  /**
   * The logs of a page's rows.
   *
   * @throws MalformedResponseException if there is no list, or a row without id: leaving it out
   *     would lose an event in silence
   */
  List<WebhookLog> logs(@Nullable List<@Nullable Recorded<Failure>> rows) {
    if (rows == null) {
      throw malformed("the answer holds no list of failures");
    }
    var logs = new ArrayList<WebhookLog>(rows.size());
    for (Recorded<Failure> row : rows) {
      logs.add(log(row));
    }
    return logs;
  }

  WebhookLog log(@Nullable Recorded<Failure> row) {
    String id = row == null ? null : row.value().id();
    if (row == null || id == null || id.isBlank()) {
      throw malformed("a failure without id");
    }
    return row.value().toLog(http.key(id), absentStatus, row.json());
  }

  /**
   * What of the rows needs a retry. An unknown status counts as failed: the list is of failures,
   * and Voiso refuses to retrigger (409) what is not; leaving it out would lose an event in
   * silence.
   */
  static Stream<FailedDelivery> failures(Stream<WebhookLog> logs, DeliveryQuery query) {
    return logs.filter(FailureRows::mayHaveFailed)
        .map(FailureReason::toFailedDelivery)
        .filter(query::matches)
        .limit(query.limit());
  }

  private static boolean mayHaveFailed(WebhookLog log) {
    return log.status() == DeliveryStatus.FAILED || log.status() == DeliveryStatus.UNKNOWN;
  }

  private static MalformedResponseException malformed(String what) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "list failures", what), null);
  }
}
