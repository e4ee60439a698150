package acme;

import dev.redrive.ProviderFactory;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

/** The whole contract, for a provider of one's own outside the testkit's packages. */
class AcmeContractTest extends WebhookRetryClientContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeAcme.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = AcmeClient.builder();
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public boolean answersWithoutBody() {
    return true;
  }

  @Override
  public ProviderFactory factory() {
    return AcmeServices.factory();
  }
}
