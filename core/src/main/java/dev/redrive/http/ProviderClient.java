package dev.redrive.http;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The base class of the providers' clients. It has the methods of {@link WebhookRetryClient} that
 * are the same for all providers.
 */
public abstract class ProviderClient implements WebhookRetryClient {
  private final ProviderHttp http;
  private final ProviderTraits traits;

  /**
   * Creates a client.
   *
   * @param http the HTTP layer, which is closed with the client
   * @param traits what the provider can do
   */
  protected ProviderClient(ProviderHttp http, ProviderTraits traits) {
    this.http = http;
    this.traits = traits;
  }

  @Override
  public final ProviderTraits traits() {
    return traits;
  }

  @Override
  public final String account() {
    return http.account();
  }

  @Override
  public final RetryResult retry(FailedDelivery delivery) {
    return retryAll(List.of(delivery)).get(0);
  }

  @Override
  public final TimeSource timeSource() {
    return http.timeSource();
  }

  @Override
  public final Optional<Duration> clockSkew() {
    return http.clockSkew();
  }

  @Override
  public final void close() {
    http.close();
  }
}
