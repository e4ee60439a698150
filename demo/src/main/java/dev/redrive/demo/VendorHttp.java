package dev.redrive.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
    return json(send(request(path).GET().build()));
  }

  /** All pages of a list in which the header {@code Link} names the next one. */
  List<JsonNode> pages(String path) throws IOException, InterruptedException {
    List<JsonNode> pages = new ArrayList<>();
    String next = path;
    while (next != null) {
      HttpResponse<byte[]> page = send(request(next).GET().build());
      pages.add(json(page));
      next =
          page.headers()
              .firstValue("Link")
              .filter(link -> link.endsWith("rel=\"next\""))
              .map(link -> link.substring(1, link.indexOf('>')).replace(baseUrl, ""))
              .orElse(null);
    }
    return pages;
  }

  private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return JSON.readTree(response.body());
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
  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return http.send(request, BodyHandlers.ofByteArray());
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw e;
        }
      }
    }
  }
}
