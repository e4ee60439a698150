package dev.redrive.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What Chatt2.me's documentation tells one to do: list the failed logs page by page, retry them in
 * fifties, look the new logs up in the list. With the JDK's client, one request after the other.
 *
 * <p>Kinder than the letter: one page is looked through for all new logs of a batch, where "look up
 * each" would list once for each log.
 */
final class VendorRecipe {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 50;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final FakeProcess.Address address;

  VendorRecipe(FakeProcess.Address address) {
    this.address = address;
  }

  /** How many deliveries arrived. */
  int run() throws IOException, InterruptedException {
    int delivered = 0;
    for (JsonNode webhook : get("?limit=50").get("data")) {
      String logs = "/" + webhook.get("id").asText() + "/webhook-log";
      for (int offset = 0; ; offset += PAGE) {
        JsonNode failed = get(logs + "?status=Failed&limit=50&offset=" + offset).get("data");
        if (failed.isEmpty()) {
          break;
        }
        delivered += lookUp(logs, retry(logs, failed));
      }
    }
    return delivered;
  }

  private Set<String> retry(String logs, JsonNode failed) throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode ids = body.putArray("webhookLogIds");
    failed.forEach(log -> ids.add(log.get("id").asText()));
    Set<String> made = new HashSet<>();
    for (JsonNode result : post(logs + "/retry", body).get("results")) {
      if (result.get("success").asBoolean()) {
        made.add(result.get("newLogId").asText());
      }
    }
    return made;
  }

  private int lookUp(String logs, Set<String> made) throws IOException, InterruptedException {
    int delivered = 0;
    List<String> left = new ArrayList<>(made);
    for (int offset = 0; !left.isEmpty(); offset += PAGE) {
      JsonNode page = get(logs + "?limit=50&offset=" + offset).get("data");
      if (page.isEmpty()) {
        break;
      }
      for (JsonNode log : page) {
        if (left.remove(log.get("id").asText()) && log.get("status").asText().equals("Success")) {
          delivered++;
        }
      }
    }
    return delivered;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address.baseUrl() + "/v1/organization/webhook" + path))
        .header("x-api-key", address.apiKey());
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("the fake answered " + answer.statusCode());
    }
    return JSON.readTree(answer.body());
  }
}
