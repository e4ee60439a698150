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
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** Every way in which a ledger cannot be opened or stops working: one line that says what to do. */
@Execution(ExecutionMode.CONCURRENT)
class OpeningTest {
  private static final String SECRET = "planted-s3cret";

  @TempDir Path folder;

  private static AbstractThrowableAssert<?, ?> assertThatFails(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOf(LedgerException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(500);
              assertThat(Throwables.getStackTrace(e)).doesNotContain(SECRET);
            });
  }

  // SQLite

  @Test
  void sqlite_whenFoldersAreMissing_createsThem() {
    Path file = folder.resolve("state/redrive/ledger.db");

    JdbcLedger.open(file).close();

    assertThat(file).exists();
  }

  @Test
  void sqlite_whenClosed_leavesOneFileForItsOwnerAlone() throws IOException {
    Path file = folder.resolve("ledger.db");
    try (RetryLedger ledger = JdbcLedger.open(file)) {
      ledger.begin(new LedgerRun("r", List.of(), Child.NOW));
      try (var files = Files.list(folder)) {
        assertThat(files.toList())
            .hasSize(3)
            .allSatisfy(
                each ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rw-------"));
      }
    }

    try (var files = Files.list(folder)) {
      assertThat(files.toList()).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"led?ger#1", "led ger%20", "lédger;x=y"})
  void sqlite_whenItsNameIsOdd_isThatFile(String name) throws IOException {
    JdbcLedger.open(folder.resolve(name)).close();

    try (var files = Files.list(folder)) {
      assertThat(files.toList()).containsExactly(folder.resolve(name));
    }
  }

  @Test
  void sqlite_whenAnEarlierVersionLeftALedger_isNotCreatedBesideIt() throws IOException {
    Files.writeString(folder.resolve("ledger.mv.db"), "H:2,block:5");

    assertThatFails(() -> JdbcLedger.open(folder.resolve("ledger.db")))
        .hasMessageContaining("ledger.mv.db")
        .hasMessageContaining("may be sent again");
    assertThat(folder.resolve("ledger.db")).doesNotExist();
  }

  @Test
  void sqlite_whenOfAnotherProgram_saysSo() throws Exception {
    Path file = folder.resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE cookies (name TEXT)");
    }

    assertThatFails(() -> JdbcLedger.open(file)).hasMessageContaining("of another program");
  }

  @Test
  void sqlite_whenPathIsAFolder_saysSo() {
    assertThatFails(() -> JdbcLedger.open(folder))
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("is a directory");
  }

  @Test
  void sqlite_whenAFolderOfThePathIsAFile_saysThatItCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");

    assertThatFails(() -> JdbcLedger.open(file.resolve("ledger")))
        .hasMessageContaining("cannot be written there");
  }

  @Test
  void sqlite_whenFileSystemTakesNoFiles_saysThatItCannotBeWritten() {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "only Linux has /proc");

    assertThatFails(() -> JdbcLedger.open(Path.of("/proc/ledger")))
        .hasMessageContaining("cannot be written there");
  }

  @Test
  void sqlite_whenReadOnly_saysSo() {
    Path file = folder.resolve("ledger");
    JdbcLedger.open(file).close();
    // A user that file permissions do not hold back sees no read-only file.
    assumeTrue(file.toFile().setReadOnly() && !Files.isWritable(file), "runs as root");

    assertThatFails(() -> JdbcLedger.open(file)).hasMessageContaining("may not be written");
  }

  @Test
  void sqlite_whenCorrupt_saysSo() throws IOException {
    Path file = folder.resolve("ledger.db");
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    Files.write(file, noise);

    assertThatFails(() -> JdbcLedger.open(file))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is corrupt");
    assertThat(file).hasBinaryContent(noise);
  }

  @Test
  void sqlite_whenCutShort_saysSo() throws IOException {
    Path file = folder.resolve("ledger.db");
    try (RetryLedger ledger = JdbcLedger.open(file)) {
      ledger.begin(new LedgerRun("r", List.of(), Child.NOW));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int i = 8192; i < whole.length; i++) {
      whole[i] = 0;
    }
    Files.write(file, whole);

    assertThatFails(() -> JdbcLedger.open(file)).hasMessageContaining("is corrupt");
  }

  @Test
  void sqlite_whenNotThere_isNotCreatedJustToLook() throws IOException {
    assertThatFails(() -> JdbcLedger.openExisting(folder.resolve("ledger")))
        .hasMessageContaining("does not exist");

    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    JdbcLedger.open(folder.resolve("ledger")).close();
    JdbcLedger.openExisting(folder.resolve("ledger")).close();
  }

  @Test
  void sqlite_whenNewer_saysToUpdate() throws Exception {
    Path file = folder.resolve("ledger");
    JdbcLedger.open(file).close();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO redrive_schema (version) VALUES (99)");
    }

    assertThatFails(() -> JdbcLedger.open(file))
        .hasMessageContaining("newer Redrive (schema 99, this one knows 2): update Redrive");
    assertThatFails(() -> JdbcLedger.openExisting(file)).hasMessageContaining("update Redrive");
  }

  @Test
  void sqlite_whenCreationFailsMidway_isCompletedByTheNext() throws Exception {
    Path file = folder.resolve("ledger");
    try (Child child = Child.start("ulimit -f 16; ", "hold", file.toString())) {
      assertThat(child.line()).startsWith("LedgerException: The ledger " + file);
    }

    JdbcLedger.open(file).close();
    JdbcLedger.openExisting(file).close();
  }

  @Test
  void sqlite_whenAProcessDiedWhileItCreatedTheFile_isCreatedAnew() throws IOException {
    Path file = Files.createFile(folder.resolve("ledger"));

    JdbcLedger.open(file).close();

    JdbcLedger.openExisting(file).close();
  }

  @Test
  void sqlite_whenInterrupted_staysOpenForOthers() {
    try (RetryLedger ledger = JdbcLedger.open(folder.resolve("ledger"))) {
      Thread.currentThread().interrupt();
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW));
      assertThat(Thread.interrupted()).isTrue();

      assertThat(ledger.runs(10)).hasSize(1);
    }
  }

  @Test
  void sqlite_keepsNothingThatMayHoldASecret() throws IOException {
    Path file = folder.resolve("ledger.db");
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
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW));
      ledger.admit("r1", Child.ACME, List.of(FailedDelivery.of(log)), RetryLedger.Round.FIRST);
      ledger.entries("r1", entry -> assertThat(entry.toString()).doesNotContain(SECRET));
    }

    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .contains("https://example.com/hooks")
        .doesNotContain(SECRET);
  }

  @Test
  void callersPool_ofSqlite_isRefused() {
    var source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("ledger"));

    assertThatFails(() -> JdbcLedger.open(source)).hasMessageContaining("JdbcLedger.open(Path)");
  }

  // PostgreSQL

  @Test
  void callersPool_isUsedAndStaysOpen() throws Exception {
    var source = new PGSimpleDataSource();
    source.setUrl(Postgres.newSchema());
    try (RetryLedger ledger = JdbcLedger.open(source)) {
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW));
    }

    try (Connection connection = source.getConnection();
        RetryLedger again = JdbcLedger.open(source)) {
      assertThat(connection.isValid(1)).isTrue();
      assertThat(again.runs(10)).hasSize(1);
    }
  }

  @Test
  void url_whenUnknown_saysWhichAreKnown() {
    assertThatFails(() -> JdbcLedger.open("jdbc:mysql://me:" + SECRET + "@db/x"))
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

  @ParameterizedTest
  @ValueSource(strings = {"postgres:", "postgresql:", "JDBC:PostgreSQL:", "PostgreSQL:"})
  void postgres_whenTheUrlIsOfAnotherForm_isRead(String form) {
    Location location = Location.of(form + "//me:" + SECRET + "@host:5432/db?sslmode=require");

    assertThat(location.url()).isEqualTo("jdbc:postgresql://host:5432/db?sslmode=require");
    assertThat(location.name()).isEqualTo("PostgreSQL at host:5432/db");
    assertThat(revealed(location)).containsEntry("password", SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql://db/x", "jdbc:h2:file:/x", "jdbc:sqlite:x", "http://host/x", ""})
  void url_whenOfAnotherDatabase_isRefused(String url) {
    assertThatFails(() -> JdbcLedger.open(url)).hasMessageContaining("use just its path");
  }

  @Test
  void postgres_whenTheEnvironmentTellsCredentials_takesThoseThatTheUrlLacks() {
    Map<String, String> environment = Map.of("PGUSER", "env", "PGPASSWORD", SECRET);

    assertThat(revealed(Location.of("postgres://host/db", environment)))
        .containsEntry("user", "env")
        .containsEntry("password", SECRET);
    assertThat(revealed(Location.of("postgres://me@host/db", environment)))
        .containsEntry("user", "me");
  }

  private static Map<String, String> revealed(Location location) {
    return location.credentials().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().reveal()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "options=-c%20work_mem=7MB&ssl=false",
        "options=-c+work_mem%3D7MB",
        "options=--work_mem=7MB",
        "options=-c%20work_mem=9MB&options=-c%20work_mem=7MB",
        "ApplicationName=x&options=-cwork_mem=7MB&connectTimeout=2"
      })
  void postgres_whenTheUrlHasOptions_keepsThemBesideOurs(String settings) throws Exception {
    String url = Postgresql.withSettings(Postgres.newSchema() + "&" + settings);

    assertThat(shown(url, "work_mem")).isEqualTo("7MB");
    assertThat(shown(url, "lock_timeout")).isEqualTo("30s");
    assertThat(shown(url, "enable_seqscan")).isEqualTo("off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "?options", "?options=", "?ssl=false&"})
  void postgres_whenTheUrlHasNoOptions_hasOurs(String settings) {
    assertThat(Postgresql.withSettings("jdbc:postgresql://h/d" + settings))
        .containsOnlyOnce("options=-c%20lock_timeout%3D30s")
        .containsOnlyOnce("?")
        .doesNotContain("&&")
        .doesNotEndWith("&");
  }

  private static String shown(String url, String setting) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet shown = statement.executeQuery("SHOW " + setting)) {
      shown.next();
      return shown.getString(1);
    }
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
    // Bound but not listening: no other test can get this port meanwhile.
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = socket.getLocalPort();

      assertThatFails(
              () ->
                  JdbcLedger.open(
                      "jdbc:postgresql://me:" + SECRET + "@localhost:" + port + "/ledger"))
          .hasMessageContaining("PostgreSQL at localhost:" + port + "/ledger")
          .hasMessageContaining("cannot be reached");
    }
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
    Location location = Location.of(server.getJdbcUrl("postgres", "postgres"));
    var time = new PassingTime();
    time.whileAsleep(() -> time.skip(Patience.MOST));
    try (RetryLedger ledger = JdbcLedger.with(Database.open(location, time), Schema::create)) {
      ledger.begin(new LedgerRun("r1", List.of(), Child.NOW));
      server.close();

      assertThatFails(() -> ledger.alive("r1")).hasMessageContaining("cannot be reached");
      assertThatFails(() -> ledger.runs(1)).hasMessageContaining("cannot be reached");
    }
  }

  @Test
  void ledger_whenClosed_saysSo() {
    RetryLedger ledger = JdbcLedger.open(folder.resolve("ledger"));
    ledger.close();
    ledger.close();

    assertThatFails(() -> ledger.runs(1)).hasMessageContaining("is closed");
  }
}
