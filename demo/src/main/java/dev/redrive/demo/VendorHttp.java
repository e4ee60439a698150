package dev.redrive.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** JSON over the JDK's client. A request whose answer does not come is made again, as usual. */
final class VendorHttp {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TRIES = 3;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String baseUrl;
  private final String keyHeader;
  private final String key;

  VendorHttp(String baseUrl, String keyHeader, String key) {
    this.baseUrl = baseUrl;
    this.keyHeader = keyHeader;
    this.key = key;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  void send(String method, String path, Object body) throws IOException, InterruptedException {
    send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(baseUrl + path))
        .timeout(Duration.ofSeconds(10))
        .header(keyHeader, key);
  }

  /** What the vendor refuses is listed again, or need not be sent any more. */
  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return JSON.readTree(http.send(request, BodyHandlers.ofByteArray()).body());
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }
}
