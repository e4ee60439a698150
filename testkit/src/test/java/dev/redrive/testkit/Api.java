package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The plainest client of a fake: sends what it is told, follows nothing, retries nothing. */
final class Api {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String baseUrl;
  private final String header;
  private final String value;

  Api(String baseUrl, String header, String value) {
    this.baseUrl = baseUrl;
    this.header = header;
    this.value = value;
  }

  static Api chatt2me(FakeChatt2me fake) {
    return new Api(fake.baseUrl(), "x-api-key", fake.apiKey());
  }

  static Api bearer(FakeProvider fake) {
    return bearer(fake, fake.apiKey());
  }

  static Api bearer(FakeProvider fake, String token) {
    return new Api(fake.baseUrl(), "Authorization", "Bearer " + token);
  }

  Api withKey(String key) {
    return new Api(baseUrl, header, key);
  }

  Reply get(String path) {
    return send("GET", path, null);
  }

  Reply post(String path) {
    return send("POST", path, null);
  }

  Reply post(String path, String json) {
    return send("POST", path, json);
  }

  Reply put(String path) {
    return send("PUT", path, null);
  }

  Reply put(String path, String json) {
    return send("PUT", path, json);
  }

  Reply send(String method, String path, String json) {
    try {
      return sendOrFail(method, path, json, Duration.ofSeconds(30));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Reply sendOrFail(String method, String path, String json, Duration timeout) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(baseUrl + path)).header(header, value).timeout(timeout);
    if (json == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .method(method, HttpRequest.BodyPublishers.ofString(json))
          .header("Content-Type", "application/json");
    }
    try {
      return new Reply(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static String json(Object value) {
    return MAPPER.valueToTree(value).toString();
  }

  record Reply(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    JsonNode json() {
      try {
        return MAPPER.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A node by a JSON pointer. */
    JsonNode at(String pointer) {
      return json().at(pointer);
    }

    /** The texts of a field in each element of an array. */
    List<String> all(String pointer, String field) {
      List<String> texts = new ArrayList<>();
      at(pointer).forEach(item -> texts.add(item.path(field).asText()));
      return texts;
    }
  }
}
