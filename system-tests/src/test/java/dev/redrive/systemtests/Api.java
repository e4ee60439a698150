package dev.redrive.systemtests;

import dev.redrive.WebhookRetryClient;
import dev.redrive.baanx.BaanxClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.onlyoffice.OnlyOfficeClient;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.voiso.VoisoClient;
import java.util.function.Consumer;

/** The APIs that Redrive speaks: each with its fake and its client. */
enum Api {
  CHATT2ME {
    @Override
    FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeChatt2me.builder(), settings).start();
    }

    @Override
    WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
      return set(Chatt2meClient.builder(), settings).build();
    }
  },
  BAANX {
    @Override
    FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeBaanx.builder(), settings).start();
    }

    @Override
    WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
      return set(BaanxClient.builder(), settings).build();
    }
  },
  ONLYOFFICE {
    @Override
    FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeOnlyOffice.builder(), settings).start();
    }

    @Override
    WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
      return set(OnlyOfficeClient.builder(), settings).build();
    }
  },
  ONLYOFFICE_NEWEST {
    @Override
    FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeOnlyOffice.builder().resetsLog(true), settings).start();
    }

    @Override
    WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
      return set(OnlyOfficeClient.builder(), settings).build();
    }
  },
  VOISO_V4 {
    @Override
    FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeVoiso.builder(), settings).start();
    }

    @Override
    WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
      return set(VoisoClient.builder(), settings).build();
    }
  },
  VOISO_V1 {
    @Override
    FakeProvider start(Consumer<FakeProvider.Builder<?>> settings) {
      return set(FakeVoiso.builder(), settings).start();
    }

    @Override
    String key(FakeProvider fake) {
      return ((FakeVoiso) fake).contactCentreKey();
    }

    @Override
    WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
      return set(VoisoClient.builder().apiVersion(VoisoClient.ApiVersion.V1), settings).build();
    }
  };

  abstract FakeProvider start(Consumer<FakeProvider.Builder<?>> settings);

  abstract WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings);

  /** The key that this API accepts. */
  String key(FakeProvider fake) {
    return fake.apiKey();
  }

  private static <T, B extends T> B set(B builder, Consumer<T> settings) {
    settings.accept(builder);
    return builder;
  }
}
