package dev.redrive.keycloak;

import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeKeycloak;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.ContractFixture;
import dev.redrive.testkit.contract.FailuresContract;
import dev.redrive.testkit.contract.HandOverContract;
import dev.redrive.testkit.contract.InterruptContract;
import dev.redrive.testkit.contract.LostRetryContract;
import dev.redrive.testkit.contract.NoneTwiceContract;
import dev.redrive.testkit.contract.OutcomeContract;
import dev.redrive.testkit.contract.RetryByIdContract;
import dev.redrive.testkit.contract.RetryContract;
import dev.redrive.testkit.contract.SecrecyContract;
import java.util.function.Consumer;

/** The parts of the contract that do not ask what a refused key leads to, with own tokens. */
class KeycloakTokenContractTest extends ContractFixture
    implements FailuresContract,
        RetryContract,
        RetryByIdContract,
        OutcomeContract,
        LostRetryContract,
        HandOverContract,
        NoneTwiceContract,
        InterruptContract,
        SecrecyContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeKeycloak.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder =
        KeycloakClient.builder().realm(FakeKeycloak.REALM).clientId(FakeKeycloak.CLIENT_ID);
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public boolean answersWithoutBody() {
    return true;
  }

  @Override
  public boolean recordsUnanswered() {
    return false;
  }
}
