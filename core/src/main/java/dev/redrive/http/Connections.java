package dev.redrive.http;

import dev.redrive.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Creates an OkHttp client that sends no request twice, and no key to another host. */
final class Connections {
  private Connections() {}

  /**
   * Creates a client with a dispatcher of its own.
   *
   * @param callers the caller's client, whose connections and settings to share; null for none
   */
  static OkHttpClient client(HttpSettings settings, @Nullable OkHttpClient callers) {
    OkHttpClient base = callers == null ? ownClient(settings) : callers;
    var dispatcher =
        new Dispatcher(
            WorkThreads.named("redrive-http-" + settings.provider(), settings.concurrency()));
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return base.newBuilder()
        .dispatcher(dispatcher)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .protocols(List.of(Protocol.HTTP_1_1))
        .authenticator(Authenticator.NONE)
        .proxyAuthenticator(new ProxyRefusal.Noticing(base.proxyAuthenticator()))
        .cache(null)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .callTimeout(Duration.ZERO)
        .addInterceptor(SendGuard::remember)
        .addInterceptor(new ResponseLimit(settings.maxResponseBytes()))
        .addInterceptor(chain -> chain.proceed(withHeaders(chain.request(), settings)))
        .addNetworkInterceptor(RetryAfter::hide)
        .addNetworkInterceptor(SendGuard::enforce)
        .build();
  }

  /**
   * Closes idle connections before servers usually do. A retry that is sent on a connection that
   * the server has closed is lost.
   */
  private static OkHttpClient ownClient(HttpSettings settings) {
    return new OkHttpClient.Builder()
        .connectionPool(new ConnectionPool(settings.concurrency(), 4, TimeUnit.SECONDS))
        .build();
  }

  private static Request withHeaders(Request request, HttpSettings settings) {
    Request.Builder builder =
        request
            .newBuilder()
            .header("Accept", "application/json")
            .header("User-Agent", UserAgent.VALUE);
    for (Map.Entry<String, Secret> header : settings.headers().entrySet()) {
      builder.header(header.getKey(), header.getValue().reveal());
    }
    CarriedKey key = request.tag(CarriedKey.class);
    if (key != null) {
      key.addTo(builder);
    }
    return builder.build();
  }
}
