package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.InvalidRequestException;
import dev.redrive.RetryResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest extends HttpTest {
  @Test
  void request_whenTheServerOffersHttp2_isHttp11() throws Exception {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    MockWebServer secure = closing(new MockWebServer());
    secure.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .build()
            .sslSocketFactory());
    secure.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
    secure.enqueue(item());
    secure.start(InetAddress.getByName("localhost"), 0);
    HandshakeCertificates trusting =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(certificate.certificate())
            .build();
    OkHttpClient callers =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
            .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
            .build();

    client(s -> s.okHttpClient(callers).baseUrl("https://localhost:" + secure.getPort())).read("1");

    assertThat(secure.takeRequest().getRequestLine()).endsWith(" HTTP/1.1");
    assertThat(callers.protocols()).contains(Protocol.HTTP_2);
  }

  @Test
  void request_namesRedriveAndItsVersion() throws Exception {
    enqueue(item(), done());
    TestClient client = client();
    client.read("1");
    client.send("1");

    for (int i = 0; i < 2; i++) {
      RecordedRequest request = server.takeRequest();
      assertThat(request.getHeaders().values("User-Agent"))
          .singleElement()
          .asString()
          .matches("redrive/[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://api.example.com", "http://127.0.0.1:9"})
  void send_whenTheProxyRefuses_isNotSentAndSaysWhatToDoAtOnce(String baseUrl) throws IOException {
    try (var proxy = refusingProxy()) {
      Sent<TestClient.Done> sent = through(proxy, baseUrl).send("1");

      assertThat(sent)
          .isInstanceOfSatisfying(
              Sent.NotSent.class,
              notSent ->
                  assertThat(((Sent.NotSent<?>) notSent).error())
                      .isInstanceOf(InvalidRequestException.class)
                      .hasMessageContaining(
                          "Test Provider: retry item failed with HTTP 407: the proxy "
                              + address(proxy)
                              + " refused the request: check the proxy's credentials in the okHttpClient"));
      assertThat(proxy.requests()).isEqualTo(1);
      assertThat(time.sleeps()).isEmpty();
    }
  }

  @Test
  void retryAll_whenTheProxyRefuses_asksItOnce() throws IOException {
    try (var proxy = refusingProxy()) {
      TestClient client = through(proxy, "https://api.example.com");

      List<RetryResult> results = client.retryAll(List.of("1", "2", "3", "4"));

      assertThat(results).extracting(RetryResult::status).containsOnly(RetryResult.Status.NOT_SENT);
      assertThat(proxy.requests()).isEqualTo(1);
    }
  }

  private static RawServer refusingProxy() throws IOException {
    return new RawServer(
        (it, socket) ->
            it.answer(
                socket,
                "HTTP/1.1 407 Proxy Authentication Required\r\n"
                    + "Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"));
  }

  private TestClient through(RawServer proxy, String baseUrl) {
    String[] hostAndPort = address(proxy).split(":", 2);
    var callers =
        new OkHttpClient.Builder()
            .proxy(
                new Proxy(
                    Proxy.Type.HTTP,
                    new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]))))
            .build();
    return client(s -> s.okHttpClient(callers).baseUrl(baseUrl).concurrency(1));
  }

  private static String address(RawServer proxy) {
    return proxy.url("x").substring("x://".length());
  }
}
