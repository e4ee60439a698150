package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What differs between the generations of Voiso's API. */
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

  /** The rows of the list of failures, lazily; of the query, only the times are applied. */
  Iterator<Recorded<FailureRow>> failures(DeliveryQuery query, LeftOutRows leftOut);

  /** What Voiso shows of a failure; null if it shows none of that id. */
  @Nullable FailedDelivery lookUp(FailedDelivery delivery);

  RetryResult retrigger(FailedDelivery delivery);

  /** Hands over one outcome per question; all are of retries that went out or may have. */
  void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader);
}
