/**
 * Client for the failed webhook deliveries of Keycloak with the extension {@code
 * io.phasetwo.keycloak:keycloak-events}.
 *
 * <pre>{@code
 * try (var client =
 *     KeycloakClient.builder()
 *         .baseUrl("https://sso.example.com")
 *         .realm("shop")
 *         .clientId("redrive")
 *         .apiKey(clientSecret)
 *         .build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.since(anHourAgo)).toList();
 *   List<RetryResult> results = client.retryAll(failed);
 *   client.outcomes(results).forEach(System.out::println);
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive.keycloak;

import org.jspecify.annotations.NullMarked;
