package dev.redrive.cli;

import dev.redrive.WebhookRetryClient;
import dev.redrive.baanx.BaanxClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.onlyoffice.OnlyOfficeClient;
import dev.redrive.voiso.VoisoClient;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The providers that the command line knows, and how to make a client of each. */
enum Provider {
  CHATT2ME("Chatt2.me", false) {
    @Override
    WebhookRetryClient connect(Connection to) {
      Chatt2meClient.Builder builder = common(Chatt2meClient.builder(), to);
      if (to.webhook() != null) {
        builder.webhookId(to.webhook());
      }
      return builder.build();
    }
  },
  BAANX("Baanx", false) {
    @Override
    WebhookRetryClient connect(Connection to) {
      return common(BaanxClient.builder(), to).webhookId(to.webhook()).build();
    }
  },
  ONLYOFFICE("ONLYOFFICE DocSpace", true) {
    @Override
    WebhookRetryClient connect(Connection to) {
      OnlyOfficeClient.Builder builder = common(OnlyOfficeClient.builder(), to);
      if (to.webhook() != null) {
        builder.webhookId(to.webhook());
      }
      return builder.build();
    }
  },
  VOISO("Voiso", true) {
    @Override
    WebhookRetryClient connect(Connection to) {
      VoisoClient.Builder builder = common(VoisoClient.builder(), to);
      if (to.webhook() != null) {
        builder.webhookId(to.webhook());
      }
      if (to.apiVersion() != null) {
        builder.apiVersion(to.apiVersion());
      }
      return builder.build();
    }
  };

  private final String displayName;
  private final boolean needsBaseUrl;

  Provider(String displayName, boolean needsBaseUrl) {
    this.displayName = displayName;
    this.needsBaseUrl = needsBaseUrl;
  }

  /**
   * A client. Makes no request.
   *
   * @throws dev.redrive.InvalidConfigurationException with all problems, if there are any
   */
  abstract WebhookRetryClient connect(Connection to);

  /** Its name for people. */
  String displayName() {
    return displayName;
  }

  /** Whether each customer has a URL of their own. */
  boolean needsBaseUrl() {
    return needsBaseUrl;
  }

  /** Its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names, for a message. */
  static String names() {
    return Arrays.stream(values()).map(Provider::toString).collect(Collectors.joining(", "));
  }

  /**
   * Where and as whom to connect.
   *
   * @param key null if there is none
   * @param baseUrl null for the provider's own
   * @param account null for the base URL's authority
   * @param webhook null for all
   * @param apiVersion Voiso's; null for the default
   * @param concurrency requests at once at the most
   */
  record Connection(
      @Nullable String key,
      @Nullable String baseUrl,
      @Nullable String account,
      @Nullable String webhook,
      VoisoClient.@Nullable ApiVersion apiVersion,
      int concurrency) {
    /** Requests at once at the most, where nobody says. */
    static final int USUAL_CONCURRENCY = 8;

    /** To a URL with a key, all else as it is by default. */
    static Connection of(String baseUrl, String key) {
      return new Connection(key, baseUrl, null, null, null, USUAL_CONCURRENCY);
    }

    /** Shows no key. */
    @Override
    public String toString() {
      return "Connection[" + baseUrl + "]";
    }
  }

  private static <B extends ClientBuilder<B>> B common(B builder, Connection to) {
    if (to.key() != null) {
      builder.apiKey(to.key());
    }
    if (to.baseUrl() != null) {
      builder.baseUrl(to.baseUrl());
    }
    if (to.account() != null) {
      builder.account(to.account());
    }
    return builder.concurrency(to.concurrency());
  }
}
