package acme;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.ContractFixture;
import dev.redrive.testkit.contract.FilterContract;
import dev.redrive.testkit.contract.RetryByIdContract;
import java.util.function.Consumer;

/** Single parts of the contract, as someone picks them for a client that is not complete yet. */
class AcmePartsTest extends ContractFixture implements FilterContract, RetryByIdContract {
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
}
