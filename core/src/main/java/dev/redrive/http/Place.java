package dev.redrive.http;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The part of a server that a client is about.
 *
 * @param path what precedes every path, without a slash at either end; null for the whole server
 * @param name what tells it from other places on the server; null for the whole server
 */
record Place(@Nullable String path, @Nullable String name) {
  static final Place WHOLE_SERVER = new Place(null, null);

  /** Returns where the paths of requests start. */
  HttpUrl url(HttpUrl baseUrl) {
    return path == null ? baseUrl : baseUrl.newBuilder().addPathSegments(path + "/").build();
  }

  /** Returns the name of an account that has none of its own. */
  String account(HttpUrl baseUrl) {
    String server =
        baseUrl.port() == HttpUrl.defaultPort(baseUrl.scheme())
            ? baseUrl.host()
            : baseUrl.host() + ":" + baseUrl.port();
    return name == null ? server : server + "/" + name;
  }
}
