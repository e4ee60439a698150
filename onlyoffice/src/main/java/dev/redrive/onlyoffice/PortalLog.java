package dev.redrive.onlyoffice;

import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogPage;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log as listed by the portal.
 *
 * @param listedTime the creation time in the list, which is shifted: see {@link PortalZone}
 */
record PortalLog(Recorded<LogRow> recorded, String id, @Nullable Instant listedTime) {
  /** Returns the logs of a page; null for a log that cannot be read. */
  static List<@Nullable PortalLog> listed(LogPage page) {
    var logs = new ArrayList<@Nullable PortalLog>(page.response().size());
    for (Recorded<LogRow> row : page.response()) {
      Integer id = row == null ? null : row.value().id();
      logs.add(row == null || id == null ? null : of(row, id));
    }
    return logs;
  }

  private static PortalLog of(Recorded<LogRow> recorded, Integer id) {
    return new PortalLog(
        recorded, id.toString(), ProviderTime.parse(recorded.value().creationTime()));
  }

  LogRow row() {
    return recorded.value();
  }

  RequestPayload payload() {
    return row().requestPayload();
  }

  /**
   * Whether this is certainly not the first log of its event: until a retry is sent, its payload
   * names the log that it was copied from.
   */
  boolean isRetry() {
    String sentAs = payload().logId();
    return sentAs != null && !sentAs.equals("0") && !sentAs.equals(id);
  }
}
