package dev.redrive.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keycloak itself, in a process of its own, with a database that outlives it. */
final class RealKeycloak implements AutoCloseable {
  static final String REALM = "shop";
  static final String CLIENT_ID = "redrive";
  static final String CLIENT_SECRET = "the-secret-of-redrive";

  private static final String ADMIN = "admin";
  private static final Duration TO_START = Duration.ofMinutes(4);
  private static final Duration TOKEN_AGE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Path home;
  private final Path jdk;
  private final int port;
  private Process process;
  private String token = "";
  private long tokenSince;

  private RealKeycloak(Path home, Path jdk, int port) {
    this.home = home;
    this.jdk = jdk;
    this.port = port;
  }

  static RealKeycloak start(Path home, Path jdk) throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var keycloak = new RealKeycloak(home, jdk, port);
    keycloak.start();
    return keycloak;
  }

  String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts it, again after {@link #kill}. */
  void start() throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", home.resolve("bin/kc.sh").toString()));
    command.addAll(
        List.of(
            "start-dev",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--spi-events-store--provider=jpa",
            "--spi-events-listener--ext-event-webhook--store-webhook-events=true"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(home.resolveSibling("keycloak.log").toFile()));
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
    process = builder.start();
    long end = System.nanoTime() + TO_START.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new AssertionError(
            "Keycloak does not start: " + Files.readString(home.resolveSibling("keycloak.log")));
      }
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
  }

  private boolean answers() {
    try {
      return send(request("/realms/master").GET()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends SIGKILL: what it has in memory is lost. */
  void kill() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    }
    token = "";
  }

  /** Makes the realm, and a client in it that may read and resend webhooks. */
  void createRealm() throws IOException {
    post(
        "/admin/realms",
        """
        {"realm": "%s", "enabled": true, "accessTokenLifespan": 60,
         "eventsEnabled": true, "adminEventsEnabled": true, "adminEventsDetailsEnabled": true,
         "eventsListeners": ["ext-event-webhook"],
         "clients": [{"clientId": "%s", "secret": "%s", "enabled": true, "publicClient": false,
                      "serviceAccountsEnabled": true, "standardFlowEnabled": false}],
         "users": [{"username": "service-account-%s", "enabled": true,
                    "serviceAccountClientId": "%s",
                    "clientRoles": {"realm-management": ["view-events", "manage-events"]}}]}
        """
            .formatted(REALM, CLIENT_ID, CLIENT_SECRET, CLIENT_ID, CLIENT_ID));
  }

  void createWebhook(String url, String eventType) throws IOException {
    post(
        "/realms/" + REALM + "/webhooks",
        """
        {"enabled": true, "url": "%s", "secret": "x", "eventTypes": ["%s"]}
        """
            .formatted(url, eventType));
  }

  /** An admin event of type {@code admin.USER-CREATE}. */
  void createUser(String name) throws IOException {
    post(
        "/admin/realms/" + REALM + "/users",
        "{\"username\": \"%s\", \"enabled\": true}".formatted(name));
  }

  /** An admin event of type {@code admin.GROUP-CREATE}. */
  void createGroup(String name) throws IOException {
    post("/admin/realms/" + REALM + "/groups", "{\"name\": \"%s\"}".formatted(name));
  }

  private void post(String path, String json) throws IOException {
    HttpResponse<String> response =
        send(
            request(path)
                .header("Authorization", "Bearer " + adminToken())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    if (response.statusCode() != 201) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
  }

  private synchronized String adminToken() throws IOException {
    boolean isOld = System.nanoTime() - tokenSince > TOKEN_AGE.toNanos();
    if (token.isEmpty() || isOld) {
      tokenSince = System.nanoTime();
      HttpResponse<String> response =
          send(
              request("/realms/master/protocol/openid-connect/token")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "grant_type=password&client_id=admin-cli&username=%s&password=%s"
                              .formatted(ADMIN, ADMIN))));
      JsonNode answer = JSON.readTree(response.body());
      token = answer.get("access_token").textValue();
    }
    return token;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(baseUrl() + path)).timeout(Duration.ofMinutes(1));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
