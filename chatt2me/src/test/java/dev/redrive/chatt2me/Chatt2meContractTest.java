package dev.redrive.chatt2me;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

class Chatt2meContractTest extends WebhookRetryClientContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeChatt2me.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = Chatt2meClient.builder();
    settings.accept(builder);
    return builder.build();
  }

  /** As Failed, as Error, and all logs. */
  @Override
  public int waysToAskForFailures() {
    return 3;
  }
}
