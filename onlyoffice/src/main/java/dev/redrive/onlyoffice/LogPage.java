package dev.redrive.onlyoffice;

import dev.redrive.http.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A page of logs on the wire. Without a list it is no page of this API. */
record LogPage(List<@Nullable Recorded<LogRow>> response, @Nullable Long total) {
  LogPage {
    Objects.requireNonNull(response, "response");
  }

  /** The logs; null for one that cannot be read. */
  List<@Nullable PortalLog> logs() {
    var logs = new ArrayList<@Nullable PortalLog>(response.size());
    for (Recorded<LogRow> row : response) {
      logs.add(row == null || row.value().id() == null ? null : PortalLog.of(row));
    }
    return logs;
  }
}
