package dev.redrive.onlyoffice;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Reads the outcomes of retries from the portal's logs, with one search for all of them. */
final class OnlyOfficeOutcomes {
  /** DocSpace makes up to six attempts over 31 s, and waits up to 100 s for each response. */
  static final Duration LONGEST_RETRY = Duration.ofSeconds(31 + 6 * 100);

  private final ProviderHttp http;
  private final PortalLogs logs;

  OnlyOfficeOutcomes(ProviderHttp http, PortalLogs logs) {
    this.http = http;
    this.logs = logs;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<Sought> sought =
        http.retries().questions(results, Sought::obstacle, reader).stream()
            .map(question -> new Sought(question.result(), question.settled()))
            .toList();
    new OutcomeSearch(logs, reader).run(sought);
  }
}
