package dev.redrive.baanx;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

class BaanxContractTest extends WebhookRetryClientContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeBaanx.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = BaanxClient.builder();
    settings.accept(builder);
    return builder.build();
  }
}
