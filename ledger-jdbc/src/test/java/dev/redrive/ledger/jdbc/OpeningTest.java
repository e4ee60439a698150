package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.PropertyElf;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.JsonText;
import dev.redrive.Secret;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.LedgerException;
import dev.redrive.recovery.LedgerRun;
import dev.redrive.recovery.RetryLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a ledger cannot be opened or stops working: one line that says what to do. */
class OpeningTest {
  private static final String SECRET = "planted-s3cret";

  @TempDir Path folder;

  private static AbstractThrowableAssert<?, ?> assertThatFails(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOf(LedgerException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(500);
              var trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain(SECRET);
            });
  }

  // H2

  @Test
  void h2_whenFoldersAreMissing_createsThem() {
    Path file = folder.resolve("state/redrive/ledger.mv.db");

    JdbcLedger.open(file).close();

    assertThat(file).exists();
  }

  @Test
  void h2_whenThereIsNothingElseBesideIt_leavesOneFile() throws IOException {
    JdbcLedger.open(folder.resolve("ledger")).close();

    try (var files = Files.list(folder)) {
      assertThat(files.toList()).containsExactly(folder.resolve("ledger.mv.db"));
    }
  }

  @Test
  void h2_whenPathIsAFolder_saysSo() {
    assertThatFails(() -> JdbcLedger.open(folder))
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("is a directory");
  }

  @Test
  void h2_whenAFolderOfThePathIsAFile_saysThatItCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");

    assertThatFails(() -> JdbcLedger.open(file.resolve("ledger")))
        .hasMessageContaining("cannot be written there");
  }

  @Test
  void h2_whenFileSystemTakesNoFiles_saysThatItCannotBeWritten() {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "only Linux has /proc");

    assertThatFails(() -> JdbcLedger.open(Path.of("/proc/ledger")))
        .hasMessageContaining("cannot be written there");
  }

  @Test
  void h2_whenReadOnly_saysSo() {
    Path file = folder.resolve("ledger");
    JdbcLedger.open(file).close();

    String url = "jdbc:h2:file:" + file + ";ACCESS_MODE_DATA=r";
    assertThatFails(() -> JdbcLedger.open(url)).hasMessageContaining("is read-only");
  }

  @Test
  void h2_whenCorrupt_saysSo() throws IOException {
    Path file = folder.resolve("ledger.mv.db");
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(file, noise);

    assertThatFails(() -> JdbcLedger.open(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is corrupt");
    assertThat(file).hasBinaryContent(noise);
  }

  @Test
  void h2_whenCutShort_saysSo() throws IOException {
    Path file = folder.resolve("ledger.mv.db");
    try (RetryLedger ledger = JdbcLedger.open(file)) {
      ledger.begin(new LedgerRun("r", List.of(), Child.NOW), Child.NOW);
    }
    byte[] whole = Files.readAllBytes(file);
    for (int i = 8192; i < whole.length; i++) {
      whole[i] = 0;
    }
    Files.write(file, whole);

    assertThatFails(() -> JdbcLedger.open(file)).hasMessageContaining("is corrupt");
  }

  @Test
  void h2_whenServerOrShared_isRefused() {
    assertThatFails(() -> JdbcLedger.open("jdbc:h2:tcp://localhost/~/ledger"))
        .hasMessageContaining("PostgreSQL");
    assertThatFails(
            () -> JdbcLedger.open("jdbc:h2:file:" + folder.resolve("x") + ";AUTO_SERVER=TRUE"))
        .hasMessageContaining("PostgreSQL");
  }

  @Test
  void h2_whenNotThere_isNotCreatedJustToLook() throws IOException {
    assertThatFails(() -> JdbcLedger.openExisting(folder.resolve("ledger")))
        .hasMessageContaining("does not exist");

    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    JdbcLedger.open(folder.resolve("ledger")).close();
    JdbcLedger.openExisting(folder.resolve("ledger")).close();
  }

  @Test
  void h2_whenNewer_saysToUpdate() throws Exception {
    Path file = folder.resolve("ledger");
    JdbcLedger.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO redrive_schema (version) VALUES (99)");
    }

    assertThatFails(() -> JdbcLedger.open(file))
        .hasMessageContaining("newer Redrive (schema 99, this one knows 2): update Redrive");
    assertThatFails(() -> JdbcLedger.openExisting(file)).hasMessageContaining("update Redrive");
  }

  @Test
  void h2_whenCreationWasInterrupted_isCompleted() throws Exception {
    Path file = folder.resolve("ledger");
    JdbcLedger.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM redrive_schema");
      statement.execute("DROP TABLE redrive_log");
    }

    try (RetryLedger ledger = JdbcLedger.open(file)) {
      assertThat(ledger.runs(1)).isEmpty();
    }
  }

  @Test
  void h2_whenCreationFailsMidway_leavesNothingBehind() throws Exception {
    Path file = folder.resolve("ledger");
    try (Child child = Child.start("ulimit -f 16; ", "hold", file.toString())) {
      assertThat(child.line()).startsWith("LedgerException: The ledger " + file);
    }

    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    JdbcLedger.open(file).close();
  }

  @Test
  void h2_whenAProcessDiedWhileItCreatedTheFile_isCreatedAnew() throws IOException {
    Path file = folder.resolve("ledger");
    Files.write(folder.resolve("ledger.new-0.mv.db"), new byte[5_000]);

    JdbcLedger.open(file).close();

    JdbcLedger.openExisting(file).close();
  }

  @Test
  void h2_whenPasswordIsWrong_saysSoWithoutIt() {
    String url = "jdbc:h2:file:" + folder.resolve("ledger") + ";USER=me;PASSWORD=";
    JdbcLedger.open(url + "right").close();

    assertThatFails(() -> JdbcLedger.open(url + SECRET))
        .hasMessageContaining("refused the user name or password");
  }

  @Test
  void h2_whenInterrupted_staysOpenForOthers() {
    try (RetryLedger ledger = JdbcLedger.open(folder.resolve("ledger"))) {
      Thread.currentThread().interrupt();
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW), Child.NOW);
      assertThat(Thread.interrupted()).isTrue();

      assertThat(ledger.runs(10)).hasSize(1);
    }
  }

  @Test
  void h2_keepsNothingThatMayHoldASecret() throws IOException {
    Path file = folder.resolve("ledger.mv.db");
    WebhookLog log =
        WebhookLog.builder(new DeliveryKey("baanx", "eu", "e1/w1"), DeliveryStatus.FAILED)
            .webhook(
                "w1",
                SECRET,
                "https://user:" + SECRET + "@example.com/hooks?token=" + SECRET + "#" + SECRET)
            .error(SECRET)
            .responseBody(SECRET)
            .providerStatus(SECRET)
            .json(JsonText.of("{\"payload\":\"" + SECRET + "\"}"))
            .build();
    try (RetryLedger ledger = JdbcLedger.open(file)) {
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW), Child.NOW.plusSeconds(60));
      ledger.admit("r1", List.of(FailedDelivery.of(log)), RetryLedger.Round.FIRST, Child.NOW);
      ledger.entries("r1", entry -> assertThat(entry.toString()).doesNotContain(SECRET));
    }

    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .contains("https://example.com/hooks")
        .doesNotContain(SECRET);
  }

  @Test
  void callersPool_isUsedAndStaysOpen() throws Exception {
    var source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:callers;DB_CLOSE_DELAY=-1");
    try (RetryLedger ledger = JdbcLedger.open(source)) {
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW), Child.NOW);
    }

    try (Connection connection = source.getConnection();
        RetryLedger again = JdbcLedger.open(source)) {
      assertThat(connection.isValid(1)).isTrue();
      assertThat(again.runs(10)).hasSize(1);
    }
  }

  // PostgreSQL

  @Test
  void url_whenUnknown_saysWhichAreKnown() {
    assertThatFails(() -> JdbcLedger.open("jdbc:mysql://me:" + SECRET + "@db/x"))
        .hasMessageContaining("jdbc:h2:")
        .hasMessageContaining("jdbc:postgresql:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me:" + SECRET + "?x@host/db",
        "me:12?" + SECRET + "@host/db",
        "me:12?a=" + SECRET + "@host/db",
        "me:" + SECRET + "/y?x@host/db",
        "me:12/y?" + SECRET + "@host/db"
      })
  void postgres_whenAPasswordIsNotEncoded_isRefusedWithoutIt(String authority) {
    assertThatFails(() -> JdbcLedger.open("jdbc:postgresql://" + authority))
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("%3F");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//host/db",
        "//host:5432/db?user=me@corp",
        "//[::1]:5432/db",
        "//one:1,two:2/db",
        "//host",
        "db",
        "/"
      })
  void postgres_whenTheUrlIsUsual_isRead(String rest) {
    assertThat(Location.of("jdbc:postgresql:" + rest).name()).startsWith("PostgreSQL at ");
  }

  @Test
  void pool_isToldNoPasswordThatItMightLog() {
    HikariConfig pool =
        Location.of("jdbc:postgresql://me:" + SECRET + "1@host/db?sslpassword=" + SECRET + "2&x=y")
            .pool();

    for (String name : PropertyElf.getPropertyNames(HikariConfig.class)) {
      assertThat(String.valueOf(PropertyElf.getProperty(name, pool)))
          .as(name)
          .doesNotContain(SECRET);
    }
  }

  @Test
  void postgres_whenTheSchemaIsNotGranted_saysWhichRights() throws Exception {
    String url = Postgres.newSchemaOf("outsider", "right");
    String schema = url.replaceFirst(".*currentSchema=", "");
    Postgres.execute("ALTER SCHEMA " + schema + " OWNER TO postgres");
    Postgres.execute("GRANT USAGE ON SCHEMA " + schema + " TO outsider");

    assertThatFails(() -> JdbcLedger.open(url, "outsider", Secret.of("right")))
        .hasMessageContaining("grant it USAGE and CREATE on its schema")
        .hasMessageContaining(schema);
  }

  @Test
  void postgres_whenNotReachable_saysSo() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThatFails(
            () ->
                JdbcLedger.open(
                    "jdbc:postgresql://me:" + SECRET + "@localhost:" + port + "/ledger"))
        .hasMessageContaining("PostgreSQL at localhost:" + port + "/ledger")
        .hasMessageContaining("cannot be reached");
  }

  @Test
  void postgres_whenPasswordIsWrong_saysSoWithoutIt() throws Exception {
    String url = Postgres.newSchemaOf("me", "right");

    assertThatFails(() -> JdbcLedger.open(url + "&user=me&password=" + SECRET))
        .hasMessageContaining("refused the user name or password");
    assertThatFails(() -> JdbcLedger.open(url, "me", Secret.of(SECRET)))
        .hasMessageContaining("refused the user name or password");
    JdbcLedger.open(url, "me", Secret.of("right")).close();
  }

  @Test
  void postgres_whenDatabaseIsMissing_saysSo() {
    String url = Postgres.newSchema().replace("/postgres?", "/missing?");

    assertThatFails(() -> JdbcLedger.open(url)).hasMessageContaining("create the database first");
  }

  @Test
  void postgres_whenTablesAreMissing_areNotCreatedJustToLook() {
    String url = Postgres.newSchema();

    assertThatFails(() -> JdbcLedger.openExisting(url)).hasMessageContaining("no tables yet");

    JdbcLedger.open(url).close();
    JdbcLedger.openExisting(url).close();
  }

  @Test
  void postgres_whenNewer_saysToUpdate() throws Exception {
    String url = Postgres.newSchema();
    JdbcLedger.open(url).close();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO redrive_schema (version) VALUES (3)");
    }

    assertThatFails(() -> JdbcLedger.open(url)).hasMessageContaining("update Redrive");
  }

  @Test
  void postgres_whenManyCreateItAtOnce_allSucceed() throws Exception {
    String url = Postgres.newSchema();
    List<Thread> threads = new ArrayList<>();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    for (int i = 0; i < 6; i++) {
      var thread = new Thread(() -> JdbcLedger.open(url).close());
      thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(failures).isEmpty();
  }

  @Test
  void postgres_whenServerGoesAway_failsSoonAndSaysSo() throws Exception {
    EmbeddedPostgres server = Postgres.start();
    try (RetryLedger ledger = JdbcLedger.open(server.getJdbcUrl("postgres", "postgres"))) {
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW), Child.NOW.plusSeconds(60));
      server.close();

      assertThatFails(() -> ledger.renew("r1", Child.NOW.plusSeconds(120)))
          .hasMessageContaining("cannot be reached");
      assertThatFails(() -> ledger.runs(1)).hasMessageContaining("cannot be reached");
    }
  }

  @Test
  void ledger_whenClosed_saysSo() {
    RetryLedger ledger = JdbcLedger.open("jdbc:h2:mem:");
    ledger.close();
    ledger.close();

    assertThatFails(() -> ledger.runs(1)).hasMessageContaining("is closed");
  }
}
