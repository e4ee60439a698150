package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Runs the built jar as a process, with or without a terminal. */
public final class RedriveJar {
  private static final Path JAR =
      Path.of(System.getProperty("redrive.jar", "target/redrive.jar")).toAbsolutePath();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final List<String> JVM =
      List.of(JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable");
  private static final long LONGEST_SECONDS = 60;

  /** The classes of one recovery, loaded fast by all that follow. */
  private static final Path ARCHIVE = archive();

  private final Path home;
  private final List<String> connection = new ArrayList<>();
  private String key = "";
  private String noColor = "";
  private String term = "xterm";
  private int columns = 100;
  private String beside = "";

  static Path path() {
    return JAR;
  }

  /** {@code home} is where the state folder is. */
  public RedriveJar(Path home) {
    this.home = home;
  }

  /**
   * Every command but {@code history}, {@code ledger}, {@code providers} and {@code demo} connects
   * to this.
   */
  public RedriveJar at(String provider, FakeProvider fake) {
    at(provider, fake.baseUrl(), fake.apiKey());
    connection.addAll(Fakes.flags(provider, fake));
    return this;
  }

  public RedriveJar at(String provider, String baseUrl, String apiKey) {
    connection.clear();
    connection.addAll(List.of("--provider", provider, "--base-url", baseUrl));
    key = apiKey;
    return this;
  }

  /** Connection flags are the test's own: profiles. */
  public RedriveJar withProfiles() {
    connection.clear();
    key = "";
    return this;
  }

  public RedriveJar noColor() {
    noColor = "1";
    return this;
  }

  /** How wide the terminal is; 100 if it is not said. */
  public RedriveJar columns(int columns) {
    this.columns = columns;
    return this;
  }

  /** Makes the terminal narrower or wider as soon as there is such a file. */
  public RedriveJar columns(int columns, Path whenThereIs) {
    beside =
        "{ while [ ! -e '"
            + whenThereIs
            + "' ]; do sleep 0.05; done; stty -F /dev/tty cols "
            + columns
            + "; } & ";
    return this;
  }

  /** A terminal that knows no escape codes. */
  public RedriveJar dumb() {
    term = "dumb";
    return this;
  }

  /** Runs to the end without a terminal. */
  public Result run(String... args) {
    return start(args).await();
  }

  /** Starts without a terminal. */
  public Running start(String... args) {
    return start(command(args), false);
  }

  /** Starts on a terminal, its input typed with {@link Running#type}. */
  public Running onTerminal(String... args) {
    return onTerminal("", args);
  }

  /** The same, with {@code redirect} added to the shell's line. */
  public Running onTerminal(String redirect, String[] args) {
    assumeScript();
    String line =
        "stty cols "
            + columns
            + "; "
            + beside
            + "exec "
            + command(args).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "))
            + " "
            + redirect;
    return start(List.of("script", "-qec", line, "/dev/null"), true);
  }

  /** Where the profiles are by default. */
  public Path config() {
    return home.resolve("redrive/config.toml");
  }

  /** Where the ledger is by default. */
  public Path ledger() {
    return home.resolve("redrive/ledger.db");
  }

  private List<String> command(String... args) {
    var command = new ArrayList<String>();
    // A build that runs in the background may have been told to ignore Ctrl-C.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.addAll(JVM);
    command.addAll(List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-jar", JAR.toString()));
    command.add(args[0]);
    if (!List.of("history", "ledger", "providers", "demo", "completion").contains(args[0])
        && !args[0].startsWith("-")) {
      command.addAll(connection);
    }
    command.addAll(List.of(args).subList(1, args.length));
    return command;
  }

  private Running start(List<String> command, boolean isTerminal) {
    var builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("XDG_STATE_HOME", home.toString());
    environment.put("XDG_CONFIG_HOME", home.toString());
    environment.remove("REDRIVE_CONFIG");
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("SHELL", "/bin/sh");
    environment.put("TERM", term);
    environment.put("NO_COLOR", noColor);
    environment.remove("REDRIVE_API_KEY");
    if (!key.isEmpty()) {
      environment.put("REDRIVE_API_KEY", key);
    }
    try {
      return new Running(builder.start(), isTerminal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made by the first of the JVMs that run tests. */
  private static Path archive() {
    Path archive = JAR.resolveSibling("redrive-test.jsa");
    try (var lock =
            FileChannel.open(
                JAR.resolveSibling("redrive-test.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var held = lock.lock()) {
      boolean isThere =
          Files.exists(archive)
              && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(JAR)) > 0;
      return isThere ? archive : newArchive(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newArchive(Path archive) throws IOException {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(3);
      fake.endpoint().up();
      var redrive =
          new RedriveJar(Files.createTempDirectory(JAR.getParent(), "archive")).at("voiso", fake);
      var command = new ArrayList<>(JVM);
      command.addAll(
          List.of("-XX:ArchiveClassesAtExit=" + archive, "-jar", JAR.toString(), "recover"));
      command.addAll(redrive.connection);
      command.add("--yes");
      Result result = redrive.start(command, false).await();
      if (result.exitCode() != ExitCode.OK) {
        throw new AssertionError("no archive of classes: " + result);
      }
      return archive;
    }
  }

  private static void assumeScript() {
    boolean isThere =
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "script")));
    Assumptions.assumeTrue(
        isThere, "script of util-linux is not here: what a terminal shows is not tested");
  }

  /** A process that is under way. */
  public static final class Running {
    private final Process process;
    private final Collector out;
    private final Collector err;

    private Running(Process process, boolean isTerminal) throws IOException {
      this.process = process;
      this.out = new Collector(process.getInputStream());
      this.err = new Collector(process.getErrorStream());
      if (!isTerminal) {
        process.getOutputStream().close();
      }
    }

    /** Types on the terminal: {@code \3} is Ctrl-C, {@code \4} the end of the input. */
    public Running type(String keys) {
      try {
        OutputStream keyboard = process.getOutputStream();
        keyboard.write(keys.getBytes(UTF_8));
        keyboard.flush();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Sends the signal that Ctrl-C sends. */
    public Running interrupt() {
      try {
        Process kill = new ProcessBuilder("kill", "-INT", "" + process.pid()).start();
        if (kill.waitFor() != 0) {
          throw new AssertionError("it has ended already: " + await());
        }
        return this;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Ends it at once, as a machine that loses its power does. */
    public void kill() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.onExit().join();
    }

    /** Waits until it has written this, to stdout or stderr. */
    public Running awaitText(String text) {
      return awaitThat("it writes " + text, () -> (out.text() + err.text()).contains(text));
    }

    /** Waits for something that it does elsewhere. */
    public Running awaitThat(String what, BooleanSupplier condition) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
      while (!condition.getAsBoolean()) {
        boolean ended = !process.isAlive();
        if ((ended && !condition.getAsBoolean()) || System.nanoTime() > end) {
          throw new AssertionError("waited until " + what + "; " + out.text() + "\n" + err.text());
        }
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
      return this;
    }

    public Result await() {
      try {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("it does not end; " + out.text() + "\n" + err.text());
        }
        return new Result(process.exitValue(), out.all(), err.all());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What a process did. On a terminal all is in {@code out}. */
  public record Result(int exitCode, String out, String err) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Each line of stdout as JSON; fails if one is none. */
    public List<JsonNode> json() {
      return out.lines().map(Result::parse).toList();
    }

    public static JsonNode parse(String line) {
      try {
        return MAPPER.readTree(line);
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + line, e);
      }
    }
  }

  /** Reads a stream as it comes. */
  private static final class Collector {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;

    public Collector(InputStream stream) {
      reader =
          new Thread(
              () -> {
                try {
                  byte[] buffer = new byte[4096];
                  for (int n; (n = stream.read(buffer)) >= 0; ) {
                    synchronized (bytes) {
                      bytes.write(buffer, 0, n);
                    }
                  }
                } catch (IOException e) {
                  // The process is gone, and so is what it would have written.
                }
              });
      reader.setDaemon(true);
      reader.start();
    }

    public String text() {
      synchronized (bytes) {
        return bytes.toString(UTF_8);
      }
    }

    public String all() throws InterruptedException {
      reader.join(TimeUnit.SECONDS.toMillis(LONGEST_SECONDS));
      return text();
    }
  }
}
