package dev.redrive.onlyoffice;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.function.Consumer;

/** Reads the outcomes of retries from the portal's logs, with one search for all of them. */
final class OnlyOfficeOutcomes {
  private final ProviderHttp http;
  private final PortalLogs logs;

  OnlyOfficeOutcomes(ProviderHttp http, PortalLogs logs) {
    this.http = http;
    this.logs = logs;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<RetryResult> toRead = http.retries().outcomesToRead(results, Sought::obstacle, reader);
    new OutcomeSearch(logs, reader)
        .run(toRead.stream().map(one -> new Sought(one, http.hasSettled(one))).toList());
  }
}
