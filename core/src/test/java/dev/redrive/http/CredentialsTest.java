package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.http.TestClient.Done;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest extends HttpTest {
  private final List<String> refused = new ArrayList<>();
  private String token = "token-1-abcdef";

  /** Gives the next token once one was refused. */
  private final Credentials renewing =
      new Credentials() {
        @Override
        public String current() {
          return token;
        }

        @Override
        public void refused(String credential) {
          refused.add(credential);
          token = "token-2-abcdef";
        }
      };

  private TestClient client(Credentials credentials) {
    return client(settings -> settings.apiKey(null).credentials(credentials));
  }

  private String carried() throws InterruptedException {
    return server.takeRequest().getHeaders().get("x-api-key");
  }

  @Test
  void eachRequestCarriesWhatIsCurrent() throws InterruptedException {
    TestClient client = client(() -> token);
    enqueue(item(), item());

    client.read("1");
    token = "token-2-abcdef";
    client.read("1");

    assertThat(carried()).isEqualTo("token-1-abcdef");
    assertThat(carried()).isEqualTo("token-2-abcdef");
  }

  @Test
  void aReadThatIsRefusedGoesOutOnceMoreWithTheNextOne() throws InterruptedException {
    enqueue(status(401).build(), item());

    assertThat(client(renewing).read("1").id()).isEqualTo("1");

    assertThat(carried()).isEqualTo("token-1-abcdef");
    assertThat(carried()).isEqualTo("token-2-abcdef");
    assertThat(refused).containsExactly("token-1-abcdef");
  }

  @Test
  void aSendThatIsRefusedWasNotDoneAndGoesOutOnceMore() {
    enqueue(status(401).build(), done());

    assertThat(client(renewing).send("1"))
        .isEqualTo(new Sent.Answered<>(new Done(true), time.now()));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void whatIsRefusedTwiceIsToldAfterOneRenewal() {
    enqueue(status(401).build(), status(401).build(), item());
    TestClient client = client(renewing);

    assertThatThrownBy(() -> client.read("1")).isInstanceOf(AuthenticationException.class);
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void withoutAnotherOneNothingGoesOutAgain() {
    enqueue(status(401).build(), done());

    assertThat(client(() -> token).send("1")).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void aSendThatIsForbiddenGoesOutOnce() {
    enqueue(status(403).build(), done());

    assertThat(client(renewing).send("1")).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isEqualTo(1);
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "with\nline"})
  void oneThatNoHeaderCanCarryIsToldAndSentNowhere(String unfit) {
    token = unfit;
    TestClient client = client(renewing);

    assertThatThrownBy(() -> client.read("1"))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("returned no key, or one that a header cannot contain")
        .satisfies(
            e ->
                assertThat(unfit.isEmpty() || !Throwables.getStackTrace(e).contains(unfit))
                    .isTrue());
    assertThat(requests()).isZero();
  }

  @Test
  void whyTheyFailedIsToldWithoutTheirWords() {
    TestClient client =
        client(
            () -> {
              throw new IllegalStateException("vault said hunter2");
            });

    assertThatThrownBy(() -> client.read("1"))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("IllegalStateException")
        .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain("hunter2"));
    assertThat(client.send("1")).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isZero();
  }

  @Test
  void whatTakesLongerThanTheDeadlineIsNotSent() {
    enqueue(done());
    TestClient client =
        client(
            settings ->
                settings
                    .apiKey(null)
                    .credentials(
                        () -> {
                          time.advance(Duration.ofMinutes(5));
                          return token;
                        }));

    assertThat(client.send("1")).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isZero();
  }

  @Test
  void aMessageThatQuotesEitherShowsNeither() {
    String quoting = "{\"message\":\"no token-1-abcdef nor token-2-abcdef here\"}";
    enqueue(status(401).build(), status(401).body(quoting).build());
    TestClient client = client(renewing);

    assertThatThrownBy(() -> client.read("1"))
        .satisfies(
            e ->
                assertThat(Throwables.getStackTrace(e))
                    .contains("no **** nor ****")
                    .doesNotContain("token-"));
  }

  @Test
  void keyAndCredentialsTogetherAreRefused() {
    assertThatThrownBy(() -> client(settings -> settings.credentials(renewing)))
        .hasMessageContaining("both apiKey and credentials are set");
  }
}
