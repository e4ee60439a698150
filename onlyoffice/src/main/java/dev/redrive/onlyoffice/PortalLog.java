package dev.redrive.onlyoffice;

import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A log as the portal lists it, and what its payload tells. */
record PortalLog(Recorded<LogRow> recorded, RequestPayload payload) {
  static PortalLog of(Recorded<LogRow> recorded) {
    return new PortalLog(recorded, RequestPayload.parse(recorded.value().requestPayload()));
  }

  LogRow row() {
    return recorded.value();
  }

  String id() {
    return Objects.requireNonNull(row().id()).toString();
  }

  /** When it was made, as the list tells it: see {@link PortalZone}. */
  @Nullable Instant listedTime() {
    return ProviderTime.parse(row().creationTime());
  }

  /**
   * Whether it is known to be no event's first log: until a retry is sent its payload names the log
   * that it was copied from, and from then on when it was sent again.
   */
  boolean isRetry() {
    String sentAs = payload.logId();
    return payload.retriedOn() != null
        || (sentAs != null && !sentAs.equals("0") && !sentAs.equals(id()));
  }
}
