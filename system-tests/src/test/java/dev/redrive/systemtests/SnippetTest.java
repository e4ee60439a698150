package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java in README.md and docs/ compiles, and does at the fakes what the text says. */
class SnippetTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final int FAILURES = 12;
  private static final String KEY = "a-key";

  /** A snippet without imports is the body of this method. */
  private static final String AROUND =
      """
      import dev.redrive.*;
      import dev.redrive.baanx.*;
      import dev.redrive.chatt2me.*;
      import dev.redrive.dbscheduler.*;
      import dev.redrive.ledger.jdbc.*;
      import dev.redrive.micrometer.*;
      import dev.redrive.onlyoffice.*;
      import dev.redrive.recovery.*;
      import dev.redrive.recovery.ledger.*;
      import dev.redrive.testkit.*;
      import dev.redrive.voiso.*;
      import java.nio.file.Path;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import javax.sql.DataSource;

      public class Snippet {
        public static void run(%s) throws Exception {
          Instant anHourAgo = Instant.now().minus(Duration.ofHours(1));
          Set<String> inbox = Set.of();
          %s
        }
      }
      """;

  /** What the Spring recipe needs of Spring. */
  private static final List<String> SPRING =
      List.of(
          annotation("context.annotation", "Bean"),
          annotation("context.annotation", "Configuration"));

  @TempDir private Path folder;

  static Stream<String> snippets() throws IOException {
    try (Stream<Path> docs = Files.list(Sources.root().resolve("docs"))) {
      return Stream.concat(Stream.of(Sources.root().resolve("README.md")), docs.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .flatMap(file -> BLOCK.matcher(Sources.text(file)).results())
          .map(block -> block.group(1))
          .toList()
          .stream();
    }
  }

  @Test
  void snippetsAreFound() throws IOException {
    assertThat(snippets()).hasSizeGreaterThan(12);
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void itCompiles_andSendsNoEventTwice(String snippet) throws Exception {
    if (snippet.contains("import ")) {
      compile(Stream.concat(SPRING.stream(), Stream.of(snippet)).toList());
      return;
    }
    try (FakeChatt2me chatt2me = recentFailures();
        FakeBaanx baanx = FakeBaanx.builder().apiKey(KEY).start();
        FakeOnlyOffice onlyoffice = FakeOnlyOffice.builder().apiKey(KEY).start();
        FakeVoiso voiso = FakeVoiso.builder().apiKey(KEY).start()) {
      String logId = chatt2me.failures(FAILURES).get(0);
      chatt2me.endpoint().up();
      String code =
          snippet
              .replace("Chatt2meClient.builder()", builder("Chatt2me", chatt2me))
              .replace("BaanxClient.builder()", builder("Baanx", baanx))
              .replace("https://portal.example.com", onlyoffice.baseUrl())
              .replace("https://cluster.voiso.com", voiso.baseUrl())
              .replace("\"redrive-ledger\"", literal(folder.resolve("ledger")));
      boolean needsPostgres = snippet.contains("dataSource") || snippet.contains("postgresql:");
      compile(List.of(String.format(AROUND, parameters(code), code)));
      if (needsPostgres || snippet.contains("Executors")) {
        // Its database or its threads would outlive it: that it compiles has to do.
        return;
      }
      run(chatt2me, voiso.baseUrl(), logId);

      assertThat(chatt2me.endpoint().deliveredMoreThanOnce()).isEmpty();
      int sent = snippet.contains("run()") || snippet.contains("retryAll") ? FAILURES : 0;
      if (snippet.contains("catchUp.round()")) {
        sent = FAILURES;
      } else if (snippet.contains("client.retry(")) {
        sent = 1;
      }
      assertThat(chatt2me.endpoint().delivered()).isEqualTo(sent);
    }
  }

  /** What the snippet uses and does not declare. */
  private static String parameters(String code) {
    var parameters = new ArrayList<>(List.of("String key", "String url", "String logId"));
    parameters.add("String webhookId");
    parameters.add("DataSource dataSource");
    if (!code.contains("WebhookRetryClient client =")) {
      parameters.add("WebhookRetryClient client");
    }
    if (!code.contains("RetryLedger ledger =")) {
      parameters.add("RetryLedger ledger");
    }
    return String.join(", ", parameters);
  }

  private static FakeChatt2me recentFailures() {
    return FakeChatt2me.builder().apiKey(KEY).window(Duration.ofMinutes(30)).start();
  }

  private static String builder(String name, FakeProvider fake) {
    return name + "Client.builder().baseUrl(\"" + fake.baseUrl() + "\")";
  }

  private static String literal(Path file) {
    return "\"" + file.toString().replace("\\", "\\\\") + "\"";
  }

  private void run(FakeChatt2me chatt2me, String url, String logId) throws Exception {
    URL[] compiled = {folder.toUri().toURL()};
    try (var loader = new URLClassLoader(compiled);
        RetryLedger ledger = JdbcLedger.openInMemory();
        WebhookRetryClient client =
            Chatt2meClient.builder().baseUrl(chatt2me.baseUrl()).apiKey(KEY).build()) {
      Map<String, Object> known = new HashMap<>();
      known.put("key", KEY);
      known.put("url", url);
      known.put("logId", logId);
      known.put("webhookId", webhookOf(client, logId));
      known.put("client", client);
      known.put("ledger", ledger);
      Method snippet =
          Arrays.stream(loader.loadClass("Snippet").getMethods())
              .filter(method -> method.getName().equals("run"))
              .findFirst()
              .orElseThrow();
      snippet.invoke(
          null,
          Arrays.stream(snippet.getParameters()).map(of -> known.get(of.getName())).toArray());
    }
  }

  private static String webhookOf(WebhookRetryClient client, String logId) {
    return client.failures(DeliveryQuery.all()).stream()
        .filter(failure -> failure.key().id().equals(logId))
        .map(failure -> failure.latest().webhookId())
        .findFirst()
        .orElseThrow();
  }

  private void compile(List<String> sources) {
    var problems = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options = List.of("-proc:none", "-parameters", "-d", folder.toString());
    boolean isGood =
        compiler
            .getTask(
                problems, null, null, options, null, sources.stream().map(Source::new).toList())
            .call();
    assertThat(isGood).as(problems + "\n" + sources.get(sources.size() - 1)).isTrue();
  }

  private static String annotation(String where, String name) {
    return "package org.springframework." + where + "; public @interface " + name + " {}";
  }

  /** A source in memory, named as its public type. */
  private static final class Source extends SimpleJavaFileObject {
    private static final Pattern NAME = Pattern.compile("public (?:class|@interface) (\\w+)");

    private final String text;

    Source(String text) {
      super(URI.create("string:///" + name(text) + ".java"), Kind.SOURCE);
      this.text = text;
    }

    private static String name(String text) {
      Matcher name = NAME.matcher(text);
      return name.find() ? name.group(1) : "Example";
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
