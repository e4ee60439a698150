package dev.redrive.benchmarks;

import dev.redrive.chatt2me.Chatt2meClient;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts a {@link FakeServer} and gives it orders. */
final class FakeProcess implements AutoCloseable {
  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  private FakeProcess(Process process) {
    this.process = process;
    this.orders =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static FakeProcess start() throws IOException {
    return new FakeProcess(
        new ProcessBuilder(java(List.of("-Xmx512m"), FakeServer.class, List.of()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** The command that runs a main class with this JVM's class path. */
  static List<String> java(List<String> options, Class<?> main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Where a fake is, and the key that it takes. */
  record Address(String baseUrl, String apiKey) {
    Chatt2meClient client() {
      return Chatt2meClient.builder().baseUrl(baseUrl).apiKey(apiKey).build();
    }
  }

  /** What a fake saw. */
  record Account(int lists, int retries, int webhooks, int peak, int lost, int twice) {
    int requests() {
      return lists + retries + webhooks;
    }
  }

  /** Starts a new fake Chatt2.me with failures, in place of the fake before. */
  Address with(int failures, int webhooks, Duration latency) {
    return with("chatt2me", failures, webhooks, latency);
  }

  /** Starts a new fake of a provider, by its id, with failures, in place of the fake before. */
  Address with(String provider, int failures, int webhooks, Duration latency) {
    String[] answer =
        order("start " + provider + " " + failures + " " + webhooks + " " + latency.toMillis());
    return new Address(answer[0], answer[1]);
  }

  Account account() {
    String[] a = order("account");
    return new Account(
        Integer.parseInt(a[0]),
        Integer.parseInt(a[1]),
        Integer.parseInt(a[2]),
        Integer.parseInt(a[3]),
        Integer.parseInt(a[4]),
        Integer.parseInt(a[5]));
  }

  private String[] order(String order) {
    try {
      orders.write(order);
      orders.newLine();
      orders.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("the fake's process has ended");
      }
      return answer.split(" ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
