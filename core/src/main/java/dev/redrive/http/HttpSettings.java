package dev.redrive.http;

import dev.redrive.RequestListener;
import dev.redrive.Secret;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;

record HttpSettings(
    String provider,
    String displayName,
    HttpUrl baseUrl,
    String account,
    ApiKey key,
    Map<String, Secret> headers,
    Duration requestTimeout,
    Duration deadline,
    Duration maxRetryAfter,
    Duration settleTime,
    int maxAttempts,
    int concurrency,
    long maxResponseBytes,
    TimeSource time,
    RequestListener listener,
    Class<? extends ErrorBody> errors) {

  /** Returns settings for one request at a time, each made once, whatever becomes of it. */
  HttpSettings single() {
    return copy(key, 1, 1);
  }

  /** Returns the same settings with another key. */
  HttpSettings with(ApiKey other) {
    return copy(other, maxAttempts, concurrency);
  }

  private HttpSettings copy(ApiKey carried, int attempts, int atOnce) {
    return new HttpSettings(
        provider,
        displayName,
        baseUrl,
        account,
        carried,
        headers,
        requestTimeout,
        deadline,
        maxRetryAfter,
        settleTime,
        attempts,
        atOnce,
        maxResponseBytes,
        time,
        listener,
        errors);
  }

  /** Returns the values that messages must not show. */
  List<Secret> secrets() {
    var secrets = new ArrayList<>(headers.values());
    secrets.addAll(key.lately());
    return secrets;
  }
}
