package dev.redrive.keycloak;

import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeKeycloak;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

class KeycloakContractTest extends WebhookRetryClientContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeKeycloak.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = KeycloakClient.builder().realm(FakeKeycloak.REALM);
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public ProviderSettings factorySettings(FakeProvider provider) {
    return super.factorySettings(provider).with("realm", FakeKeycloak.REALM);
  }

  @Override
  public boolean answersWithoutBody() {
    return true;
  }

  @Override
  public boolean listsAreArrays() {
    return true;
  }

  @Override
  public boolean recordsUnanswered() {
    return false;
  }
}
