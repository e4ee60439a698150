package dev.redrive.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import okhttp3.Authenticator;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** A proxy refused the client (407). The provider never received the request. */
final class ProxyRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  ProxyRefusal(String proxy) {
    super(
        "the proxy "
            + proxy
            + " refused the request: check the proxy's credentials in the okHttpClient"
            + " (proxyAuthenticator)");
  }

  /**
   * Asks the caller's authenticator, and throws {@link ProxyRefusal} if it gives up. This is a
   * record because clients share connections only if their authenticators are equal.
   */
  record Noticing(Authenticator callers) implements Authenticator {
    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response)
        throws IOException {
      Request authenticated = callers.authenticate(route, response);
      if (authenticated == null && !isAskedBeforehand(response)) {
        throw new ProxyRefusal(name(route));
      }
      return authenticated;
    }

    /** OkHttp calls the authenticator once before the proxy asks, with an artificial response. */
    private static boolean isAskedBeforehand(Response response) {
      return response.challenges().stream()
          .anyMatch(challenge -> challenge.scheme().equalsIgnoreCase("OkHttp-Preemptive"));
    }

    private static String name(@Nullable Route route) {
      return route != null && route.proxy().address() instanceof InetSocketAddress address
          ? address.getHostString() + ":" + address.getPort()
          : "between client and provider";
    }
  }
}
