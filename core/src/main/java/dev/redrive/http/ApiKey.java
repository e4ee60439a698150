package dev.redrive.http;

import dev.redrive.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The header that carries a client's key, and the two latest keys. */
final class ApiKey {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKey.class);

  private final String header;
  private final String prefix;
  private final Credentials credentials;
  private final @Nullable ApiKey madeFrom;
  private @Nullable String latest;
  private @Nullable String before;

  /**
   * @param prefix the text before the key in the header: {@code ""} or {@code "Bearer "}
   */
  ApiKey(String header, String prefix, Credentials credentials) {
    this(header, prefix, credentials, null);
  }

  private ApiKey(String header, String prefix, Credentials credentials, @Nullable ApiKey madeFrom) {
    this.header = header;
    this.prefix = prefix;
    this.credentials = credentials;
    this.madeFrom = madeFrom;
  }

  /** Returns the key of requests that carry a client's id and secret (RFC 6749, 2.3.1). */
  static ApiKey ofClient(String clientId, Credentials secret) {
    var plain = new ApiKey("", "", secret);
    return new ApiKey("Authorization", "Basic ", () -> plain.with(clientId), plain);
  }

  /** Returns id and secret in Base64; empty if there is no secret. */
  private String with(String clientId) {
    try {
      String both = encoded(clientId) + ":" + encoded(next().key().reveal());
      return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    } catch (Unfit e) {
      return "";
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Returns the key of requests that carry a bearer token, which was requested with this key. */
  ApiKey bearing(Credentials token) {
    return new ApiKey("Authorization", "Bearer ", token, this);
  }

  String header() {
    return header;
  }

  /** The key that one request carries. */
  record Value(String header, Secret text, Secret key) {}

  /**
   * Returns the key for the next request.
   *
   * @throws Unfit if there is no key, or a header cannot contain it
   */
  Value next() throws Unfit {
    String key = credentials.current();
    if (key == null || key.isEmpty() || !isFit(key)) {
      throw new Unfit();
    }
    synchronized (this) {
      if (!key.equals(latest)) {
        before = latest;
        latest = key;
      }
    }
    return new Value(header, Secret.of(prefix + key), Secret.of(key));
  }

  /** Reports a refused key. Returns whether the credentials have another key now. */
  boolean renew(Value refused) {
    String key = refused.key().reveal();
    try {
      credentials.refused(key);
      return !key.equals(credentials.current());
    } catch (RuntimeException e) {
      LOG.debug("the credentials could not be read: {}", e.getClass().getSimpleName());
      return false;
    }
  }

  /** Whether a header can contain the key: visible ASCII characters only. */
  static boolean isFit(String key) {
    return key.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  /** Returns the latest keys and what they were made from, which messages must not show. */
  synchronized List<Secret> lately() {
    var keys = new ArrayList<Secret>();
    if (madeFrom != null) {
      keys.addAll(madeFrom.lately());
    }
    if (latest != null) {
      keys.add(Secret.of(latest));
    }
    if (before != null) {
      keys.add(Secret.of(before));
    }
    return keys;
  }

  /** There is no key, or a header cannot contain it. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
