package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Factories: how they are found, and what they make of settings. */
class ClientFactoryTest {
  private static final ProviderSettings VALID =
      ProviderSettings.of(Map.of("baseUrl", "https://api.example.com", "apiKey", TestClient.KEY));

  private final TestFactory factory = new TestFactory();

  /** Found by {@link java.util.ServiceLoader}. */
  public static class TestFactory extends ClientFactory<TestClient.Builder> {
    private String region;
    private Integer size;

    public TestFactory() {
      super(
          TestClient.Builder::new,
          builder -> {
            try (TestClient client = builder.build()) {
              return built(client.http);
            }
          });
      takes(
          ProviderSetting.optional("region", "Where.", "eu", "us"),
          (builder, value) -> region = value);
      takesNumber(ProviderSetting.optional("size", "How much."), (builder, value) -> size = value);
    }

    /** A client that has nothing but an account, and tells its settings by that. */
    private static WebhookRetryClient built(ProviderHttp http) {
      String told =
          String.join(
              " ",
              http.account(),
              "" + http.concurrency(),
              http.requestTimeout().toString(),
              http.settleTime().toString(),
              http.now().toString());
      return (WebhookRetryClient)
          Proxy.newProxyInstance(
              TestFactory.class.getClassLoader(),
              new Class<?>[] {WebhookRetryClient.class},
              (proxy, method, arguments) -> method.getName().equals("account") ? told : null);
    }
  }

  /** Calls itself as the other does. */
  public static final class Twin extends TestFactory {}

  @Test
  void named_findsAFactoryInAnyCase() {
    assertThat(ProviderFactory.all()).hasOnlyElementsOfType(TestFactory.class).hasSize(1);
    assertThat(ProviderFactory.named("TEST").name()).isEqualTo("test");
    assertThat(ProviderFactory.named("test").displayName()).isEqualTo("Test Provider");
  }

  @Test
  void named_whenThereIsNone_tellsThoseThatThereAre() {
    assertThatThrownBy(() -> ProviderFactory.named("nosuch"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown provider 'nosuch': use test");
  }

  @Test
  void all_whenTwoHaveOneName_failsAndNamesBoth(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(ProviderFactory.class.getName()), Twin.class.getName());
    ClassLoader usual = Thread.currentThread().getContextClassLoader();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, usual)) {
      Thread.currentThread().setContextClassLoader(loader);
      assertThatThrownBy(ProviderFactory::all)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("two provider factories are named 'test'")
          .hasMessageContaining(TestFactory.class.getName())
          .hasMessageContaining(Twin.class.getName());
    } finally {
      Thread.currentThread().setContextClassLoader(usual);
    }
  }

  @Test
  void create_handsOverTextsNumbersDurationsAndChoices() {
    var time = new ManualTime();
    WebhookRetryClient client =
        factory.create(
            VALID
                .with("account", "sales")
                .with("concurrency", "3")
                .with("maxAttempts", "2")
                .with("maxResponseBytes", "1000000")
                .with("requestTimeout", "0.4s")
                .with("deadline", "PT1M30S")
                .with("maxRetryAfter", "2m")
                .with("settleTime", "1m30s")
                .with("region", "EU")
                .with("size", "7")
                .withTimeSource(time));

    assertThat(client.account()).isEqualTo("sales 3 PT0.4S PT1M30S " + time.now());
    assertThat(factory.region).isEqualTo("eu");
    assertThat(factory.size).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "2M, PT2M",
    "1h30m, PT1H30M",
    "3d, PT72H",
    "PT7S, PT7S"
  })
  void create_takesDurations_asPeopleWriteThem(String text, String iso) {
    WebhookRetryClient client =
        factory.create(VALID.with("requestTimeout", "1ms").with("settleTime", text));

    assertThat(client.account()).contains(" PT0.001S " + iso + " ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nosuch         | x         | unknown setting 'nosuch': Test Provider accepts apiKey, baseUrl, account
          concurrency    | hunter2   | concurrency is not a whole number
          concurrency    | 0         | concurrency is 0: it must be at least 1
          size           | 99999999999 | size is not a whole number or is too large
          requestTimeout | hunter2   | requestTimeout is not a duration: use 500ms, 30s, 2m or PT30S
          requestTimeout | 30        | requestTimeout is not a duration
          requestTimeout | -1s       | requestTimeout is not a duration
          deadline       | PT0S      | deadline is PT0S: it must be positive
          region         | hunter2   | region is unknown: use eu or us
          apiKey         | hunter2 x | apiKey contains white space
          baseUrl        | hunter2   | the base URL is malformed
          """)
  void create_withAValueThatCannotBe_saysSoWithoutIt(String name, String value, String problem) {
    InvalidConfigurationException e = failure(VALID.with(name, value));

    assertThat(e.problems()).hasSize(1);
    assertThat(e.problems().get(0)).startsWith(problem);
    assertThat(e.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void create_whenMuchIsWrong_listsEveryProblem() {
    InvalidConfigurationException e =
        failure(ProviderSettings.none().with("size", "x").with("nosuch", "x"));

    assertThat(e.problems())
        .hasSize(4)
        .anyMatch(problem -> problem.startsWith("no API key: set apiKey"))
        .anyMatch(problem -> problem.startsWith("no base URL: "))
        .anyMatch(problem -> problem.startsWith("size is"))
        .anyMatch(problem -> problem.startsWith("unknown setting"));
  }

  @Test
  void settings_tellWhatIsNeededAndWhatIsSecret() {
    List<ProviderSetting> settings = factory.settings();

    assertThat(settings.stream().filter(ProviderSetting::required).map(ProviderSetting::name))
        .containsExactly("apiKey", "baseUrl");
    assertThat(settings.stream().filter(ProviderSetting::secret).map(ProviderSetting::name))
        .containsExactly("apiKey");
    assertThat(factory.takes("region")).isTrue();
    assertThat(factory.takes("webhookId")).isTrue();
    assertThat(factory.takes("apiVersion")).isFalse();
  }

  @Test
  void values_areNotShown_andNullTakesOneAway() {
    ProviderSettings settings = VALID.with("region", "eu").with("region", null).with("size", null);

    assertThat(settings.names()).containsExactly("apiKey", "baseUrl");
    assertThat(settings.get("baseUrl")).isEqualTo("https://api.example.com");
    assertThat(settings.get("region")).isNull();
    assertThat(settings).hasToString("ProviderSettings[apiKey, baseUrl]");
    assertThat(VALID.names()).containsExactly("apiKey", "baseUrl");
  }

  private InvalidConfigurationException failure(ProviderSettings settings) {
    return catchThrowableOfType(
        InvalidConfigurationException.class, () -> factory.create(settings));
  }
}
