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

  /** Returns the values that messages must not show. */
  List<Secret> secrets() {
    var secrets = new ArrayList<>(headers.values());
    secrets.addAll(key.lately());
    return secrets;
  }
}
