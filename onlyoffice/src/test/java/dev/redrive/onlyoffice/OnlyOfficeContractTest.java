package dev.redrive.onlyoffice;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.WebhookRetryClientContract;
import java.util.function.Consumer;

/** Today's server: a retry makes a new log. */
class OnlyOfficeContractTest extends WebhookRetryClientContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeOnlyOffice.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    // Small enough that several go out, and that a fault of one leaves the others alone.
    var builder = OnlyOfficeClient.builder().batchSize(75);
    settings.accept(builder);
    return builder.build();
  }
}
