package dev.redrive.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Receives webhooks over HTTP, and keeps account of what it answered to each event. */
final class WebhookReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TO_ANSWER = Duration.ofMillis(20);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final Map<String, List<Integer>> answers = new TreeMap<>();
  private volatile int status = 200;

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::receive);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /** Answers this from now on. */
  void answer(int httpStatus) {
    status = httpStatus;
  }

  private void receive(HttpExchange exchange) throws IOException {
    JsonNode event = JSON.readTree(exchange.getRequestBody());
    LockSupport.parkNanos(TO_ANSWER.toNanos());
    int answer = status;
    synchronized (answers) {
      answers.computeIfAbsent(event.get("id").textValue(), id -> new ArrayList<>()).add(answer);
    }
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  /** How many events arrived. */
  int events() {
    synchronized (answers) {
      return answers.size();
    }
  }

  /** How many deliveries arrived. */
  int deliveries() {
    synchronized (answers) {
      return answers.values().stream().mapToInt(List::size).sum();
    }
  }

  /** How many events it took so many times. */
  long taken(int times) {
    synchronized (answers) {
      return answers.values().stream()
          .filter(each -> each.stream().filter(answer -> answer == 200).count() == times)
          .count();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
