package dev.redrive.http;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a client is about: a whole server, or a place on it.
 *
 * @param url where the paths of its requests start; ends in a slash
 * @param name what tells it from other places: the default name of the account
 */
record Place(HttpUrl url, String name) {
  /**
   * Returns the place at a path below the base URL.
   *
   * @param path without a slash at either end; null for the whole server
   */
  static Place of(HttpUrl baseUrl, @Nullable String path) {
    String server =
        baseUrl.port() == HttpUrl.defaultPort(baseUrl.scheme())
            ? baseUrl.host()
            : baseUrl.host() + ":" + baseUrl.port();
    return path == null
        ? new Place(baseUrl, server)
        : new Place(baseUrl.newBuilder().addPathSegments(path + "/").build(), server + "/" + path);
  }
}
