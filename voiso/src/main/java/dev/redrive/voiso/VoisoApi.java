package dev.redrive.voiso;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import java.util.List;

/** What differs between the generations of Voiso's API. */
interface VoisoApi {
  ProviderTraits traits();

  List<Webhook> webhooks();

  Listing<FailedDelivery> failures(DeliveryQuery query);

  RetryResult retrigger(FailedDelivery delivery);

  /** One outcome per question, in order, for retries of this account that went out or may have. */
  List<RetryOutcome> outcomes(List<Question> questions);
}
