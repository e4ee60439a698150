package dev.redrive.onlyoffice;

import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogPage;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A log as the portal lists it, and what its payload tells. */
record PortalLog(Recorded<LogRow> recorded, RequestPayload payload) {
  /** The logs of a page; null for one that cannot be read. */
  static List<@Nullable PortalLog> listed(LogPage page) {
    var logs = new ArrayList<@Nullable PortalLog>(page.response().size());
    for (Recorded<LogRow> row : page.response()) {
      logs.add(row == null || row.value().id() == null ? null : of(row));
    }
    return logs;
  }

  private static PortalLog of(Recorded<LogRow> recorded) {
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
