package dev.redrive.onlyoffice;

import dev.redrive.http.Recorded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of logs on the wire. Without rows or their ids it is no page of this API. */
record LogPage(List<Recorded<LogRow>> response, @Nullable Long total) {
  LogPage {
    if (response == null || response.stream().anyMatch(row -> row.value().id() == null)) {
      throw new IllegalArgumentException("no list of logs");
    }
  }

  List<PortalLog> logs() {
    return response.stream().map(PortalLog::of).toList();
  }
}
