package dev.redrive.voiso;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

class VoisoV4ContractTest extends WebhookRetryClientContract {
  FakeVoiso.Builder fakeBuilder() {
    return FakeVoiso.builder();
  }

  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = fakeBuilder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = VoisoClient.builder();
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public boolean filtersTimesItself() {
    return true;
  }
}
