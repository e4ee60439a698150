/**
 * Client for the failed webhook deliveries of a repository, an organization or a GitHub App.
 *
 * <pre>{@code
 * try (var client = GithubClient.builder().owner("octocat/hello-world").apiKey(token).build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.since(anHourAgo)).toList();
 *   List<RetryResult> results = client.retryAll(failed);
 *   client.outcomes(results).forEach(System.out::println);
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive.github;

import org.jspecify.annotations.NullMarked;
