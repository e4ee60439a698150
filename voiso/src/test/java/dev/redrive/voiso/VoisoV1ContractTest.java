package dev.redrive.voiso;

import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

class VoisoV1ContractTest extends WebhookRetryClientContract {
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
  public String apiKey(FakeProvider provider) {
    return ((FakeVoiso) provider).contactCentreKey();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = VoisoClient.builder().apiVersion(VoisoClient.ApiVersion.V1);
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public ProviderSettings factorySettings(FakeProvider provider) {
    return super.factorySettings(provider).with(ProviderSetting.API_VERSION, "v1");
  }

  @Override
  public boolean filtersTimesItself() {
    return true;
  }
}
