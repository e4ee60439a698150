package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.DeliveryQuery;
import dev.redrive.WebhookLog;
import dev.redrive.keycloak.KeycloakClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mass failure at Keycloak itself, recovered with the command {@code redrive recover}, which is
 * killed once in the middle: {@code mvn verify -Pkeycloak}.
 */
@EnabledIfSystemProperty(named = "redrive.keycloak", matches = "true")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KeycloakRigTest {
  private static final int EVENTS = 300;
  private static final int KILLED_AT = 100;
  private static final Duration LONGEST = Duration.ofMinutes(8);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  /** The database writes what was committed within this time. */
  private static final Duration TO_DISK = Duration.ofSeconds(3);

  @TempDir Path folder;

  @Test
  void aMassFailureIsRecovered_noEventTwiceAndNoneLost_byTheReceiversAccount() throws Exception {
    Path jdk = KeycloakDistribution.jdk();
    Path home = KeycloakDistribution.unpacked();
    try (var receiver = new WebhookReceiver();
        RealKeycloak keycloak = RealKeycloak.start(home, jdk);
        KeycloakClient client = client(keycloak)) {
      keycloak.createRealm();
      keycloak.createWebhook(receiver.url(), "admin.USER-CREATE");
      keycloak.createWebhook(unreachable(), "admin.GROUP-CREATE");

      say("an event whose endpoint cannot be reached");
      keycloak.createGroup("unreachable");

      say(EVENTS + " events while the receiver answers 503");
      receiver.answer(503);
      createUsers(keycloak);
      await("all are recorded", () -> logs(client).size() == EVENTS);
      assertThat(logs(client))
          .as("no record of the endpoint that could not be reached")
          .allMatch(log -> "admin.USER-CREATE".equals(log.eventType()))
          .allMatch(log -> Integer.valueOf(503).equals(log.httpStatus()));
      assertThat(client.failures(DeliveryQuery.all()).toList())
          .as("what the extension may still retry")
          .hasSizeLessThan(EVENTS);
      LockSupport.parkNanos(TO_DISK.toNanos());

      keycloak.kill();
      int before = receiver.deliveries();
      say(
          "Keycloak is killed, and forgets its own retries: %d deliveries of %d events so far"
              .formatted(before, receiver.events()));
      assertThat(receiver.taken(0)).isEqualTo(EVENTS);
      keycloak.start();
      say("Keycloak is up, the receiver still answers 503");
      long begin = System.nanoTime();
      await("none may be retried any more", () -> failures(client) == EVENTS);
      say(
          "%d failures are listed %d s later, when the extension certainly does not retry them"
              .formatted(EVENTS, Duration.ofNanos(System.nanoTime() - begin).toSeconds()));
      assertThat(receiver.deliveries()).isEqualTo(before);

      RecoverCommand tooEarly = recover(keycloak);
      assertThat(tooEarly.exit()).as(tooEarly.output()).isEqualTo(3);
      say("redrive recover at the broken receiver: exit 3");
      say(tooEarly.report());
      long canary = tooEarly.count("requests");
      assertThat(canary).isBetween(1L, 3L);
      assertThat(tooEarly.count("elapsedMs")).isLessThan(60_000);
      receiver.answer(200);
      await("Keycloak's own retries of these succeed", () -> receiver.taken(1) == canary);
      say("the receiver is up, and Keycloak has delivered these by itself: " + account(receiver));
      int recovered = receiver.deliveries();

      RecoverCommand first = recover(keycloak);
      await("some are delivered", () -> receiver.taken(1) >= KILLED_AT || !first.isAlive());
      first.kill();
      say("redrive recover is killed: exit " + first.exit() + ", " + account(receiver));
      assertThat(receiver.taken(1)).isBetween((long) KILLED_AT, EVENTS - 1L);

      RecoverCommand second = recover(keycloak);
      int exit = second.exit();
      say("redrive recover, once more: exit " + exit + ", " + account(receiver));
      say(second.report());
      assertThat(exit).as(second.output()).isZero();
      assertThat(second.count("requests")).as("resends after the kill").isPositive();
      assertThat(receiver.taken(1)).isEqualTo(EVENTS);
      assertThat(receiver.events()).isEqualTo(EVENTS);
      assertThat(receiver.deliveries() - recovered).isEqualTo((int) (EVENTS - canary));
      assertThat(logs(client)).allMatch(log -> Integer.valueOf(200).equals(log.httpStatus()));
      assertThat(client.failures(everything()).toList()).isEmpty();
    }
  }

  private static KeycloakClient client(RealKeycloak keycloak) {
    return KeycloakClient.builder()
        .baseUrl(keycloak.baseUrl())
        .realm(RealKeycloak.REALM)
        .clientId(RealKeycloak.CLIENT_ID)
        .apiKey(RealKeycloak.CLIENT_SECRET)
        .build();
  }

  /** An address at which nobody listens. */
  private static String unreachable() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/hook";
    }
  }

  private static DeliveryQuery everything() {
    return DeliveryQuery.builder().includeProviderRetries().build();
  }

  private static List<WebhookLog> logs(KeycloakClient client) {
    return client.logs(DeliveryQuery.all()).toList();
  }

  private static int failures(KeycloakClient client) {
    return client.failures(DeliveryQuery.all()).toList().size();
  }

  private static void createUsers(RealKeycloak keycloak) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> created = new ArrayList<>();
      for (int i = 0; i < EVENTS; i++) {
        String name = "user-" + i;
        created.add(
            threads.submit(
                () -> {
                  keycloak.createUser(name);
                  return null;
                }));
      }
      for (Future<?> each : created) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("not in time: " + what).isNegative();
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static String account(WebhookReceiver receiver) {
    return "the receiver took %d events once, %d twice or more, %d never"
        .formatted(
            receiver.taken(1),
            receiver.events() - receiver.taken(1) - receiver.taken(0),
            receiver.taken(0));
  }

  private static void say(String line) {
    System.out.println("rig: " + line);
  }

  private RecoverCommand recover(RealKeycloak keycloak) throws IOException {
    return new RecoverCommand(folder, keycloak.baseUrl());
  }

  /** {@code redrive recover}, in a process of its own. */
  private static final class RecoverCommand {
    private static final String MAIN = "dev.redrive.cli.Main";

    private final Process process;
    private final Path out;
    private final Path err;

    RecoverCommand(Path folder, String baseUrl) throws IOException {
      Path key = Files.writeString(folder.resolve("key"), RealKeycloak.CLIENT_SECRET);
      out = Files.createTempFile(folder, "recover", ".json");
      err = Files.createTempFile(folder, "recover", ".err");
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  MAIN,
                  "recover",
                  "--provider",
                  "keycloak",
                  "--base-url",
                  baseUrl,
                  "--setting",
                  "realm=" + RealKeycloak.REALM,
                  "--setting",
                  "clientId=" + RealKeycloak.CLIENT_ID,
                  "--setting",
                  "settleTime=30s",
                  "--api-key-file",
                  key.toString(),
                  "--ledger",
                  folder.resolve("ledger.db").toString(),
                  "--max-rate",
                  "25",
                  "--yes",
                  "--output",
                  "json")
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
    }

    boolean isAlive() {
      return process.isAlive();
    }

    void kill() {
      process.destroyForcibly();
    }

    int exit() throws InterruptedException {
      assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    String output() throws IOException {
      return Files.readString(out) + Files.readString(err);
    }

    long count(String field) throws IOException {
      return new ObjectMapper().readTree(Files.readString(out)).get(field).longValue();
    }

    /** What the report counts. */
    String report() throws IOException {
      JsonNode report = new ObjectMapper().readTree(Files.readString(out));
      var text = new StringBuilder();
      for (String field :
          List.of(
              "found",
              "skipped",
              "delivered",
              "failedAgain",
              "pending",
              "rejected",
              "unknown",
              "notSent",
              "requests",
              "elapsedMs",
              "end")) {
        text.append(text.isEmpty() ? "" : ", ").append(field).append(' ').append(report.get(field));
      }
      return text.toString();
    }
  }
}
