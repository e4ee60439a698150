package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.DeliveryQuery;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.FakeProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The factory that is found for the provider, and the clients that it makes. */
public interface FactoryContract extends ContractPart {
  /**
   * What the factory is told for a client of this fake, as {@link ContractFixture#connect} makes
   * one; by default the base URL and the key.
   */
  default ProviderSettings factorySettings(FakeProvider provider) {
    return ProviderSettings.of(
        Map.of(
            ProviderSetting.BASE_URL, provider.baseUrl(),
            ProviderSetting.API_KEY, apiKey(provider)));
  }

  @Test
  default void factory_isFoundByTheProvidersName_andMakesTheSameClient() {
    List<String> ids = ids(failed(3));
    ProviderFactory factory = factory();

    WebhookRetryClient made =
        closing(
            factory.create(
                factorySettings(fake()).withTimeSource(time()).with("requestTimeout", "10s")));

    assertThat(factory.name()).isEqualTo(traits().provider());
    assertThat(factory.displayName()).isEqualTo(traits().displayName());
    assertThat(made).hasSameClassAs(client());
    assertThat(made.traits()).isEqualTo(traits());
    assertThat(made.account()).isEqualTo(client().account());
    assertThat(ids(made.failures(DeliveryQuery.all()).stream().toList()))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  default void factory_makesAClientWithTheListener() {
    fake().failures(3);
    var told = new ToldRequests();
    long before = fake().requestCount();

    Deliveries.list(
        closing(
            factory()
                .create(factorySettings(fake()).withTimeSource(time()).withRequestListener(told))));

    assertThat(told.results()).isNotEmpty().hasSize((int) (fake().requestCount() - before));
  }

  @Test
  default void factory_takesEachValueThatItTells() {
    ProviderSettings settings = factorySettings(fake());
    for (ProviderSetting setting : factory().settings()) {
      for (String value : setting.values()) {
        closing(factory().create(settings.with(setting.name(), value)));
      }
    }
    assertThat(factory().settings().stream().map(ProviderSetting::name))
        .doesNotHaveDuplicates()
        .contains(
            ProviderSetting.API_KEY,
            ProviderSetting.BASE_URL,
            ProviderSetting.ACCOUNT,
            ProviderSetting.CONCURRENCY);
    String account =
        closing(factory().create(settings.with(ProviderSetting.ACCOUNT, "sales"))).account();
    assertThat(account).isEqualTo("sales");
  }

  @Test
  default void factory_withoutWhatIsNeeded_orWithWhatItDoesNotTake_saysSo() {
    ProviderSettings settings = factorySettings(fake());
    for (ProviderSetting setting : factory().settings()) {
      if (setting.required()) {
        assertThatThrownBy(() -> factory().create(settings.with(setting.name(), null)))
            .isInstanceOf(InvalidConfigurationException.class)
            .hasMessageContaining(setting.name());
      }
    }
    assertThatThrownBy(() -> factory().create(settings.with("nosuch", "x")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("nosuch")
        .hasMessageContaining(ProviderSetting.BASE_URL);
  }

  @Test
  default void factory_showsNoValue() {
    for (ProviderSetting setting : factory().settings()) {
      ProviderSettings wrong = factorySettings(fake()).with(setting.name(), "hunter2 \n");
      var refused =
          catchThrowableOfType(
              InvalidConfigurationException.class, () -> closing(factory().create(wrong)));
      assertThat(refused + " " + wrong + " " + factory())
          .as(setting.name())
          .doesNotContain("hunter2", apiKey(fake()));
    }
  }

  /** The factory that is found for the provider. */
  default ProviderFactory factory() {
    return ProviderFactory.named(traits().provider());
  }
}
