package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import java.util.List;
import java.util.function.Consumer;

/** What differs between the generations of Voiso's API. */
interface Generation {
  ProviderTraits traits();

  List<Webhook> webhooks();

  Listing<FailedDelivery> failures(DeliveryQuery query);

  RetryResult retrigger(FailedDelivery delivery);

  /** Hands over one outcome per question; all are of retries that went out or may have. */
  void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader);
}
