package dev.redrive.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The two calls that the obvious loop needs, as each vendor's documentation tells them. */
interface VendorApi {
  /** The ids of what failed, page by page until an empty one. */
  List<String> failed() throws IOException, InterruptedException;

  /** Has them sent again. */
  void retry(List<String> ids) throws IOException, InterruptedException;

  /** Of a provider; empty if nobody wrote it yet. */
  static Optional<VendorApi> of(String provider, ProviderSettings settings) {
    String baseUrl = Objects.requireNonNull(settings.get(ProviderSetting.BASE_URL));
    String key = Objects.requireNonNull(settings.get(ProviderSetting.API_KEY));
    var bearer = new VendorHttp(baseUrl, "Authorization", "Bearer " + key);
    return switch (provider) {
      case "chatt2me" -> Optional.of(new Chatt2me(new VendorHttp(baseUrl, "x-api-key", key)));
      case "baanx" -> Optional.of(new Baanx(bearer));
      case "onlyoffice" -> Optional.of(new OnlyOffice(bearer));
      case "voiso" -> Optional.of(new Voiso(bearer));
      case "github" ->
          Optional.of(new Github(bearer, "/repos/" + settings.get("owner") + "/hooks"));
      default -> Optional.empty();
    };
  }

  /** Failed logs of each webhook, and retries of up to 50. Ids are webhook/log. */
  record Chatt2me(VendorHttp http) implements VendorApi {
    private static final String WEBHOOKS = "/v1/organization/webhook";
    private static final int PAGE = 50;

    @Override
    public List<String> failed() throws IOException, InterruptedException {
      List<String> ids = new ArrayList<>();
      for (JsonNode webhook : http.get(WEBHOOKS + "?limit=50").get("data")) {
        String id = webhook.get("id").asText();
        String logs = WEBHOOKS + "/" + id + "/webhook-log?status=Failed&limit=" + PAGE + "&offset=";
        for (int offset = 0; ; offset += PAGE) {
          JsonNode page = http.get(logs + offset).get("data");
          if (page.isEmpty()) {
            break;
          }
          page.forEach(log -> ids.add(id + "/" + log.get("id").asText()));
        }
      }
      return ids;
    }

    @Override
    public void retry(List<String> ids) throws IOException, InterruptedException {
      Map<String, List<String>> byWebhook =
          ids.stream()
              .map(id -> id.split("/"))
              .collect(
                  Collectors.groupingBy(
                      id -> id[0], Collectors.mapping(id -> id[1], Collectors.toList())));
      for (Map.Entry<String, List<String>> webhook : byWebhook.entrySet()) {
        List<String> logs = webhook.getValue();
        for (int from = 0; from < logs.size(); from += PAGE) {
          List<String> batch = logs.subList(from, Math.min(from + PAGE, logs.size()));
          http.send(
              "POST",
              WEBHOOKS + "/" + webhook.getKey() + "/webhook-log/retry",
              Map.of("webhookLogIds", batch));
        }
      }
    }
  }

  /** The newest failed events, and a retry of each. */
  record Baanx(VendorHttp http) implements VendorApi {
    private static final String EVENTS = "/v1/webhooks/events";

    @Override
    public List<String> failed() throws IOException, InterruptedException {
      return texts(http.get(EVENTS + "?status=failed&limit=100").get("events"), "id");
    }

    @Override
    public void retry(List<String> ids) throws IOException, InterruptedException {
      for (String id : ids) {
        http.send("POST", EVENTS + "/" + id + "/retry", Map.of());
      }
    }
  }

  /** Logs with a status of 3xx, 4xx and 5xx or none, and a retry of each. */
  record OnlyOffice(VendorHttp http) implements VendorApi {
    private static final String SETTINGS = "/api/2.0/settings";
    private static final String NOT_SUCCEEDED = "NotSent,Status3xx,Status4xx,Status5xx";
    private static final int PAGE = 100;

    @Override
    public List<String> failed() throws IOException, InterruptedException {
      String logs =
          SETTINGS
              + "/webhooks/log?groupStatus="
              + NOT_SUCCEEDED
              + "&count="
              + PAGE
              + "&startIndex=";
      List<String> ids = new ArrayList<>();
      for (int start = 0; ; start += PAGE) {
        List<String> page = texts(http.get(logs + start).get("response"), "id");
        if (page.isEmpty()) {
          return ids;
        }
        ids.addAll(page);
      }
    }

    @Override
    public void retry(List<String> ids) throws IOException, InterruptedException {
      // One by one: the batch is limited to 5 calls in 15 minutes.
      for (String id : ids) {
        http.send("PUT", SETTINGS + "/webhook/" + id + "/retry", Map.of());
      }
    }
  }

  /** Failures, and a retrigger of each. */
  record Voiso(VendorHttp http) implements VendorApi {
    private static final String FAILURES = "/api/v4/tasks/webhook_failures";
    private static final int PAGE = 100;

    @Override
    public List<String> failed() throws IOException, InterruptedException {
      List<String> ids = new ArrayList<>();
      for (int offset = 0; ; offset += PAGE) {
        List<String> page =
            texts(
                http.get(FAILURES + "?limit=" + PAGE + "&offset=" + offset).get("webhook_failures"),
                "id");
        if (page.isEmpty()) {
          return ids;
        }
        ids.addAll(page);
      }
    }

    @Override
    public void retry(List<String> ids) throws IOException, InterruptedException {
      for (String id : ids) {
        http.send("POST", FAILURES + "/" + id + "/retrigger", Map.of());
      }
    }
  }

  /** Deliveries whose status is not OK, and a redelivery of each. Ids are webhook/delivery. */
  record Github(VendorHttp http, String hooks) implements VendorApi {
    @Override
    public List<String> failed() throws IOException, InterruptedException {
      List<String> ids = new ArrayList<>();
      for (JsonNode hook : http.get(hooks)) {
        String id = hook.get("id").asText();
        String deliveries = hooks + "/" + id + "/deliveries?per_page=100";
        for (JsonNode page : http.pages(deliveries)) {
          for (JsonNode delivery : page) {
            if (!delivery.get("status").asText().equals("OK")) {
              ids.add(id + "/deliveries/" + delivery.get("id").asText());
            }
          }
        }
      }
      return ids;
    }

    @Override
    public void retry(List<String> ids) throws IOException, InterruptedException {
      for (String id : ids) {
        http.send("POST", hooks + "/" + id + "/attempts", Map.of());
      }
    }
  }

  private static List<String> texts(JsonNode rows, String field) {
    List<String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(row.get(field).asText()));
    return texts;
  }
}
