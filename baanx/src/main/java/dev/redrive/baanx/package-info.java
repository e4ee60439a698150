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
 */
@NullMarked
package dev.redrive.baanx;

import org.jspecify.annotations.NullMarked;
