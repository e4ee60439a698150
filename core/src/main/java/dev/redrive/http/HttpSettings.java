package dev.redrive.http;

import dev.redrive.Secret;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.Map;
import okhttp3.HttpUrl;

record HttpSettings(
    String provider,
    String displayName,
    HttpUrl baseUrl,
    String account,
    Map<String, Secret> headers,
    Duration requestTimeout,
    Duration deadline,
    Duration maxRetryAfter,
    Duration settleTime,
    int maxAttempts,
    int concurrency,
    long maxResponseBytes,
    TimeSource time,
    Class<? extends ErrorBody> errors) {}
