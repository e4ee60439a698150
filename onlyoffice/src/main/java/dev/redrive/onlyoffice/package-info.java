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
 */
@NullMarked
package dev.redrive.onlyoffice;

import org.jspecify.annotations.NullMarked;
