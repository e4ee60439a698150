/**
 * Client for the failed webhook deliveries of ONLYOFFICE DocSpace.
 *
 * <pre>{@code
 * try (var client =
 *     OnlyOfficeClient.builder().baseUrl("https://example.onlyoffice.com").apiKey(key).build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.all()).toList();
 *   client.retryAll(failed).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>A log without a response is queued or being sent; it is not a failure. The newest server
 * source gives up a log without sending it if the webhook's URL or host name is invalid. Such a log
 * has no next attempt and is a failure. Older builds do not show the difference.
 *
 * <p>Before a delivery is retried {@linkplain
 * dev.redrive.FailedDelivery#of(dev.redrive.DeliveryKey, String) by its id}, its log and the newer
 * logs of its event are read. It is rejected if one of these was delivered or will be sent. The
 * newer logs are looked for in the list of the webhook's logs, which is read once for all
 * deliveries of a call, from the newest log to the oldest delivery's. A log that does not identify
 * its event is judged alone.
 */
@NullMarked
package dev.redrive.onlyoffice;

import org.jspecify.annotations.NullMarked;
