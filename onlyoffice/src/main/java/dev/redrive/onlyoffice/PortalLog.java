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

/** A log as listed by the portal, with its parsed payload. */
record PortalLog(Recorded<LogRow> recorded, RequestPayload payload) {
  /** Returns the logs of a page; null for a log that cannot be read. */
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

  /** Returns the creation time in the list, which is shifted: see {@link PortalZone}. */
  @Nullable Instant listedTime() {
    return ProviderTime.parse(row().creationTime());
  }

  /**
   * Whether this is certainly not the first log of its event. Before a retry is sent, its payload
   * names the log that it was copied from; afterwards, the time of the retry.
   */
  boolean isRetry() {
    String sentAs = payload.logId();
    return payload.retriedOn() != null
        || (sentAs != null && !sentAs.equals("0") && !sentAs.equals(id()));
  }
}
