package dev.redrive.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class SpringAppTest {
  private static ConfigurableApplicationContext application;

  @BeforeAll
  static void start() throws IOException {
    application = SpringApp.start("--server.port=0", "--redrive.catch-up.every=1h");
  }

  @AfterAll
  static void close() {
    application.close();
  }

  @Test
  void whatTheReceiverMissed_arrivesOnceItIsBack() throws Exception {
    call("POST", "receiver/stop");
    var providers = application.getBean(Providers.class);
    providers.send();
    assertThat(call("GET", "events")).contains("\"provider\":\"chatt2me\"");
    assertThat(providers.events()).allMatch(events -> events.missing() > 0);

    call("POST", "receiver/start");
    var catchUp = application.getBean(CatchUp.class);
    while (providers.events().stream().anyMatch(events -> events.missing() > 0)) {
      for (Account account : catchUp.accounts()) {
        catchUp.runOnce(account);
      }
    }

    assertThat(providers.events()).allMatch(events -> events.twice() == 0);
    assertThat(call("GET", "index.html")).contains("receiver/start");
    assertThat(call("GET", "actuator/redrive")).contains("completeUntil");
  }

  private static String call(String method, String path) throws Exception {
    String port = application.getEnvironment().getProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return response.body();
  }
}
