package dev.redrive.voiso;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.http.ProviderHttp;
import java.util.List;
import java.util.function.Consumer;

/** Reads the outcomes of retries, with either version of the API. */
final class VoisoOutcomes {
  private final ProviderHttp http;
  private final Generation api;

  VoisoOutcomes(ProviderHttp http, Generation api) {
    this.http = http;
    this.api = api;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<Question> questions =
        http
            .retries()
            .outcomesToRead(results, result -> VoisoRetries.refusal(result.key()), reader)
            .stream()
            .map(result -> new Question(result, http.hasSettled(result)))
            .toList();
    if (!questions.isEmpty()) {
      api.outcomes(questions, reader);
    }
  }
}
