package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operations that differ between the versions of Voiso's API. */
interface Generation {
  static Generation of(VoisoClient.ApiVersion version, ProviderHttp http) {
    return switch (version) {
      case V4 -> new GenerationV4(http);
      case V1 -> new GenerationV1(http);
    };
  }

  ProviderTraits traits();

  VoisoMapper mapper();

  List<Webhook> webhooks();

  /** Returns the list of failures, read lazily. Applies only the times of the query. */
  Iterator<Recorded<FailureRow>> failures(DeliveryQuery query, LeftOutRows leftOut);

  /** Reads a failure by its id; null if Voiso does not show it. */
  @Nullable FailedDelivery lookUp(FailedDelivery delivery);

  RetryResult retrigger(FailedDelivery delivery);

  /**
   * Passes on one outcome per question. All questions are about retries that may have been sent.
   */
  void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader);
}
