package dev.redrive.onlyoffice;

import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

/** Today's server: a retry makes a new log. */
class OnlyOfficeContractTest extends WebhookRetryClientContract {
  /** Small enough that several go out, and that a fault of one leaves the others alone. */
  private static final int BATCH_SIZE = 75;

  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeOnlyOffice.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = OnlyOfficeClient.builder().batchSize(BATCH_SIZE);
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public ProviderSettings factorySettings(FakeProvider provider) {
    return super.factorySettings(provider).with("batchSize", "" + BATCH_SIZE);
  }
}
