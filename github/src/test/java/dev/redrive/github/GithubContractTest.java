package dev.redrive.github;

import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeGithub;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.WebhookRetryClientContract;
import java.util.function.Consumer;

class GithubContractTest extends WebhookRetryClientContract {
  private static final String REPOSITORY = "octocat/hello-world";

  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeGithub.builder();
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = GithubClient.builder().owner(REPOSITORY);
    settings.accept(builder);
    return builder.build();
  }

  @Override
  public ProviderSettings factorySettings(FakeProvider provider) {
    return super.factorySettings(provider).with("owner", REPOSITORY);
  }

  @Override
  public boolean answersWithoutBody() {
    return true;
  }

  @Override
  public boolean answersWithEmptyObject() {
    return true;
  }
}
