package dev.redrive.systemtests.prism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.github.GithubClient;
import dev.redrive.onlyoffice.OnlyOfficeClient;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeGithub;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The vendors' own specifications as servers ({@code -Pprism}): each request of a client, and each
 * answer of our fakes, is as the specification says. GitHub's is in npm; those of Chatt2.me and
 * DocSpace are the user's own copies, named by the properties {@code openapi.chatt2me} and {@code
 * openapi.onlyoffice}.
 */
@EnabledIfSystemProperty(named = "redrive.prism", matches = "true", disabledReason = "-Pprism only")
class PrismTest {
  private static final String OCTOKIT = "23.0.2";
  private static final Pattern HOOKS =
      Pattern.compile("/(repos/\\{owner}/\\{repo}|orgs/\\{org}|app)/hooks?(/.*)?");

  /** What GitHub's specification says of its own examples is not so. */
  private static final List<String> WRONG_EXAMPLES =
      List.of(
          // The schema says an object, the example says null.
          "/components/responses/accepted/content/application~1json/examples",
          // Every page would name the same next page.
          "/paths/~1repos~1{owner}~1{repo}~1hooks/get/responses/200/headers",
          "/paths/~1orgs~1{org}~1hooks/get/responses/200/headers");

  @TempDir private static Path folder;

  private static boolean hasPrism;

  @BeforeAll
  static void prism() {
    hasPrism = Prism.isThere();
  }

  @BeforeEach
  void skipsByNameWithoutPrism() {
    assumeTrue(hasPrism, "needs node, npm and @stoplight/prism-cli");
  }

  private static Path githubs(String name, List<String> without) {
    var file = Npm.file("@octokit/openapi", OCTOKIT, "generated/api.github.com.json");
    assumeTrue(file.isPresent(), "needs @octokit/openapi from npm");
    OpenApiSubset subset = OpenApiSubset.of(file.get(), HOOKS.asMatchPredicate());
    without.forEach(subset::without);
    return subset.write(folder.resolve(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"octocat/hello-world", "octocat", "app:Iv1.abc"})
  void githubsSpecification_asAServer_takesEveryRequest(String owner) {
    try (Prism prism = Prism.mock(githubs("mock.json", WRONG_EXAMPLES));
        GithubClient client =
            GithubClient.builder().owner(owner).baseUrl(prism.url()).apiKey("token").build()) {
      assertThat(client.webhooks()).hasSize(1);
      String hook = client.webhooks().get(0).id();
      assertThat(client.logs(DeliveryQuery.all()).toList()).hasSize(2);
      assertThat(client.failures(DeliveryQuery.all()).toList()).isEmpty();
      FailedDelivery found = client.find(hook + "/12345678").orElseThrow();
      RetryResult result = client.retry(found);
      assertThat(result.status()).as("%s", result).isEqualTo(RetryResult.Status.ACCEPTED);
      assertThat(client.outcomes(List.of(result)))
          .extracting(RetryOutcome::status)
          .containsExactly(RetryOutcome.Status.DELIVERED);
      assertThat(prism.output()).doesNotContain("Violation", "terminated with error");
      print("mock, " + owner, prism);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"octocat/hello-world", "octocat", "app:Iv1.abc"})
  void githubsSpecification_infrontOfOurFake_passesEveryRequestAndAnswer(String owner) {
    try (FakeGithub fake = FakeGithub.start();
        Prism prism = Prism.strictProxy(githubs("proxy.json", List.of()), fake.baseUrl());
        GithubClient client =
            GithubClient.builder()
                .owner(owner)
                .baseUrl(prism.url())
                .apiKey(fake.apiKey())
                .build()) {
      recoverAll(client, fake, owner.startsWith("app") ? null : 330);
      String id = client.failures(DeliveryQuery.all()).first().orElseThrow().key().id();
      assertThat(client.find(id)).isPresent();
      assertThat(prism.output()).doesNotContain("Violation", "terminated with error");
      assertThat(prism.requests()).isEqualTo(fake.requestCount());
      print("proxy, " + owner, prism);
    }
  }

  /** Lists, retries and reads outcomes, pages and single deliveries; half of it fails again. */
  private static void recoverAll(WebhookRetryClient client, FakeProvider fake, Integer listed) {
    List<String> ids = fake.failures(330);
    fake.successes(20);
    fake.traffic(5);
    for (int i = 0; i < ids.size(); i += 2) {
      fake.endpoint().answer(ids.get(i), 503);
    }
    assertThat(client.webhooks()).isNotEmpty();
    assertThat(client.logs(DeliveryQuery.all()).toList()).isNotEmpty();
    List<FailedDelivery> failed = client.failures(DeliveryQuery.all()).toList();
    assertThat(failed).hasSizeBetween(listed == null ? 1 : listed, 330);
    List<RetryResult> results = client.retryAll(failed.subList(0, Math.min(40, failed.size())));
    assertThat(results).extracting(RetryResult::status).containsOnly(RetryResult.Status.ACCEPTED);
    assertThat(client.awaitOutcomes(results, Duration.ofMinutes(1)))
        .extracting(RetryOutcome::status)
        .containsOnly(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void chatt2mesSpecification_infrontOfOurFake_passesAllButWhatIsKnown() {
    Path openApi = usersCopy("chatt2me");
    var violations = new Violations();
    try (FakeChatt2me fake = FakeChatt2me.start();
        Prism prism = Prism.proxy(openApi, fake.baseUrl());
        Chatt2meClient client =
            Chatt2meClient.builder()
                .baseUrl(prism.url())
                .apiKey(fake.apiKey())
                .okHttpClient(violations.client())
                .build()) {
      recoverAll(client, fake, 330);
      violations.assertOnly(KnownDeviations.CHATT2ME);
      print("proxy, chatt2me", prism);
    }
  }

  @Test
  void docSpacesSpecification_infrontOfOurFake_passesAllButWhatIsKnown() {
    Path openApi = usersCopy("onlyoffice");
    var violations = new Violations();
    try (FakeOnlyOffice fake = FakeOnlyOffice.start();
        Prism prism = Prism.proxy(openApi, fake.baseUrl());
        OnlyOfficeClient client =
            OnlyOfficeClient.builder()
                .baseUrl(prism.url())
                .apiKey(fake.apiKey())
                .okHttpClient(violations.client())
                .build()) {
      recoverAll(client, fake, 330);
      violations.assertOnly(KnownDeviations.ONLYOFFICE);
      print("proxy, onlyoffice", prism);
    }
  }

  private static Path usersCopy(String provider) {
    String path = System.getProperty("redrive.openapi." + provider, "");
    assumeTrue(!path.isEmpty(), "needs -Dopenapi." + provider + "=FILE");
    return Path.of(path).toAbsolutePath();
  }

  private static void print(String what, Prism prism) {
    System.out.println("Prism, " + what + ": " + prism.requests() + " requests, none refused");
  }

  /** What Prism tells of requests and answers that are not as the specification says. */
  private static final class Violations {
    private static final Pattern MESSAGE =
        Pattern.compile("\"location\":\\[([^]]*)][^}]*\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Set<String> told = new TreeSet<>();

    OkHttpClient client() {
      return new OkHttpClient.Builder()
          .addNetworkInterceptor(
              chain -> {
                Response response = chain.proceed(chain.request());
                response.headers("sl-violations").forEach(this::add);
                return response;
              })
          .build();
    }

    private synchronized void add(String header) {
      Matcher violation = MESSAGE.matcher(header);
      while (violation.find()) {
        told.add(violation.group(1).replaceAll("\"(\\d+)\"|\"", "$1") + ": " + violation.group(2));
      }
    }

    synchronized void assertOnly(List<KnownDeviations.Deviation> known) {
      Predicate<String> isKnown =
          violation -> known.stream().anyMatch(each -> each.matches(violation));
      assertThat(told).allMatch(isKnown);
      known.forEach(each -> System.out.println("  known: " + each.reason()));
    }
  }
}
