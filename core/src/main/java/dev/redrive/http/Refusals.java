package dev.redrive.http;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides which deliveries of one call are not sent, and why. */
final class Refusals {
  private Refusals() {}

  /**
   * Refuses a delivery for its own reason, or because a newer attempt of its event is in the call.
   *
   * @param ownReason returns why a delivery is not sent, regardless of the others; null if it may
   *     be
   * @return for each delivery, in order, why it is not sent; null if it is sent
   */
  static List<@Nullable String> of(
      List<FailedDelivery> deliveries, Function<FailedDelivery, @Nullable String> ownReason) {
    var refusals = new ArrayList<@Nullable String>(deliveries.size());
    var newest = new HashMap<String, FailedDelivery>();
    for (FailedDelivery delivery : deliveries) {
      String reason = ownReason.apply(delivery);
      refusals.add(reason);
      if (reason == null && namesItsEvent(delivery)) {
        newest.merge(lineage(delivery), delivery, (a, b) -> isNewer(b, a) ? b : a);
      }
    }
    for (int i = 0; i < deliveries.size(); i++) {
      FailedDelivery delivery = deliveries.get(i);
      FailedDelivery sent = newest.get(lineage(delivery));
      if (refusals.get(i) == null
          && sent != null
          && namesItsEvent(delivery)
          && !id(sent).equals(id(delivery))) {
        refusals.set(
            i,
            "not sent: a newer failed attempt of the same event, log "
                + ProviderText.clean(sent.key().id())
                + ", is in the same call");
      }
    }
    return refusals;
  }

  /**
   * Whether the lineage identifies the event. A failed retry may leave a second failed log of the
   * same event: to send both would deliver the event twice. A lineage that is just the log's id
   * does not identify the event.
   */
  private static boolean namesItsEvent(FailedDelivery delivery) {
    String lineage = lineage(delivery);
    return !lineage.equals(id(delivery)) && !lineage.equals(canonical(delivery.latest().logId()));
  }

  private static String lineage(FailedDelivery delivery) {
    return canonical(delivery.lineage());
  }

  /** If two times are equal, the first in the list is the newer one, as in the providers' lists. */
  private static boolean isNewer(FailedDelivery one, FailedDelivery other) {
    Instant time = one.latest().createdAt();
    Instant than = other.latest().createdAt();
    return time != null && (than == null || time.isAfter(than));
  }

  private static String id(FailedDelivery delivery) {
    return canonical(delivery.key().id());
  }

  private static String canonical(String id) {
    return ProviderHttp.canonicalId(id);
  }
}
