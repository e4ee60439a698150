/**
 * Client for the failed webhook deliveries of Baanx.
 *
 * <pre>{@code
 * try (BaanxClient client = BaanxClient.builder().apiKey(token).build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.since(anHourAgo)).toList();
 *   List<RetryResult> results = client.retryAll(failed);
 *   client.outcomes(results).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Baanx's logs have only the business id of an event, which cannot be used for a retry. The
 * client looks up the event's record in the lists of events, 100 of each status. If it finds none,
 * or several, {@link dev.redrive.WebhookLog#eventId()} and the type are null, and a retry is {@link
 * dev.redrive.RetryResult.Status#REJECTED} without a request.
 *
 * <p>An event with an unreadable attempt is not listed as failed, because that attempt may have
 * succeeded: {@link dev.redrive.Listing#leftOut()} counts it.
 */
@NullMarked
package dev.redrive.baanx;

import org.jspecify.annotations.NullMarked;
