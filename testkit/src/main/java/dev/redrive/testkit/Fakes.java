package dev.redrive.testkit;

import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import java.util.function.Consumer;

/** The factories of our fakes. They are public only for {@link java.util.ServiceLoader}. */
final class Fakes {
  private Fakes() {}

  /** Chatt2.me. */
  public static final class Chatt2me implements FakeProviderFactory {
    @Override
    public String provider() {
      return "chatt2me";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeChatt2me.builder(), settings).start();
    }
  }

  /** Baanx. */
  public static final class Baanx implements FakeProviderFactory {
    @Override
    public String provider() {
      return "baanx";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeBaanx.builder(), settings).start();
    }
  }

  /** ONLYOFFICE, in which a retry creates a new log. */
  public static final class OnlyOffice implements FakeProviderFactory {
    @Override
    public String provider() {
      return "onlyoffice";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeOnlyOffice.builder(), settings).start();
    }
  }

  /** ONLYOFFICE with the newest server source, in which a retry resets the log. */
  public static final class OnlyOfficeNewest implements FakeProviderFactory {
    @Override
    public String provider() {
      return "onlyoffice";
    }

    @Override
    public String variant() {
      return "newest";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeOnlyOffice.builder().resetsLog(true), settings).start();
    }
  }

  /** Voiso v4. */
  public static final class Voiso implements FakeProviderFactory {
    @Override
    public String provider() {
      return "voiso";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeVoiso.builder(), settings).start();
    }
  }

  /** Voiso v1, on the same server, with its own key. */
  public static final class VoisoV1 implements FakeProviderFactory {
    @Override
    public String provider() {
      return "voiso";
    }

    @Override
    public String variant() {
      return "v1";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeVoiso.builder(), settings).start();
    }

    @Override
    public ProviderSettings settings(FakeProvider fake) {
      return FakeProviderFactory.super
          .settings(fake)
          .with(ProviderSetting.API_VERSION, variant())
          .with(ProviderSetting.API_KEY, ((FakeVoiso) fake).contactCentreKey());
    }
  }

  /** GitHub, as the webhooks of a repository. */
  public static final class Github implements FakeProviderFactory {
    @Override
    public String provider() {
      return "github";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeGithub.builder(), settings).start();
    }

    @Override
    public ProviderSettings settings(FakeProvider fake) {
      return FakeProviderFactory.super
          .settings(fake)
          .with("owner", ((FakeGithub) fake).repository())
          // The fake does not limit requests, as an Enterprise Server by default.
          .with("withoutRateLimits", "true");
    }
  }

  /** Keycloak with the webhooks of keycloak-events; its client requests its own tokens. */
  public static final class Keycloak implements FakeProviderFactory {
    @Override
    public String provider() {
      return "keycloak";
    }

    @Override
    public FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeKeycloak.builder(), settings).start();
    }

    @Override
    public ProviderSettings settings(FakeProvider fake) {
      return FakeProviderFactory.super
          .settings(fake)
          .with("realm", FakeKeycloak.REALM)
          .with("clientId", FakeKeycloak.CLIENT_ID);
    }
  }

  private static <B extends FakeProvider.Builder<B>> B set(
      B builder, Consumer<FakeProvider.Builder<?>> settings) {
    settings.accept(builder);
    return builder;
  }
}
