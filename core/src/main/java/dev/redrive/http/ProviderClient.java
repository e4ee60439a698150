package dev.redrive.http;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import java.util.List;

/**
 * The base of the providers' clients: the part of {@link WebhookRetryClient} that is the same for
 * all of them.
 */
public abstract class ProviderClient implements WebhookRetryClient {
  private final ProviderHttp http;
  private final ProviderTraits traits;

  /**
   * Connects a client.
   *
   * @param http is closed with the client
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
  public final void close() {
    http.close();
  }
}
