package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.MalformedResponseException;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Turns rows of a failures list into logs and failed deliveries. */
final class VoisoListing {
  private final ProviderHttp http;
  private final String absentStatus;

  /**
   * @param absentStatus the status that a record without one stands for
   */
  VoisoListing(ProviderHttp http, String absentStatus) {
    this.http = http;
    this.absentStatus = absentStatus;
  }

  /** The id of a row; null or blank if it has none. */
  static @Nullable String id(Recorded<Failure> row) {
    return row.value().id();
  }

  /**
   * A page's rows.
   *
   * @throws MalformedResponseException if there is no list
   */
  static List<@Nullable Recorded<Failure>> listed(
      @Nullable List<@Nullable Recorded<Failure>> rows) {
    if (rows == null) {
      throw malformed("the answer holds no list of failures");
    }
    return rows;
  }

  /**
   * A row's log.
   *
   * @throws MalformedResponseException if it is no record or has no id
   */
  WebhookLog log(@Nullable Recorded<Failure> row) {
    String id = row == null ? null : id(row);
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
  Iterator<FailedDelivery> failures(
      Iterator<Recorded<Failure>> rows, DeliveryQuery query, LeftOutRows leftOut) {
    var filter = new Filter(query, leftOut);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .flatMap(row -> failure(row, filter))
        .limit(query.limit())
        .iterator();
  }

  private Stream<FailedDelivery> failure(Recorded<Failure> row, Filter filter) {
    WebhookLog log = log(row);
    if (!mayHaveFailed(log)) {
      return Stream.empty();
    }
    FailedDelivery delivery = FailureReason.toFailedDelivery(log);
    return filter.matches(row.value(), delivery) ? Stream.of(delivery) : Stream.empty();
  }

  /**
   * Voiso itself looks for a time: a row that tells none was matched there. One whose time cannot
   * be read was matched by what nobody knows, and is left out.
   */
  private record Filter(DeliveryQuery query, DeliveryQuery ofAnyTime, LeftOutRows leftOut) {
    Filter(DeliveryQuery query, LeftOutRows leftOut) {
      this(query, query.toBuilder().since(null).until(null).build(), leftOut);
    }

    boolean matches(Failure failure, FailedDelivery delivery) {
      boolean tellsTime = failure.createdAt() != null || failure.isUndated();
      return tellsTime ? leftOut.matches(query, delivery) : ofAnyTime.matches(delivery);
    }
  }

  private static boolean mayHaveFailed(WebhookLog log) {
    return log.status() == DeliveryStatus.FAILED || log.status() == DeliveryStatus.UNKNOWN;
  }

  private static MalformedResponseException malformed(String what) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "list failures", what), null);
  }
}
