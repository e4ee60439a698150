package dev.redrive.demo;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeProviderFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the archive of classes from which the command starts fast: has a small recovery run from
 * the jar, and the JVM write down which classes that took.
 *
 * <p>A static archive, because dynamic ones leave out classes that were compiled for Java 5, as
 * picocli's are. So do the AOT caches of JDK 24 and 25, with which the command starts more slowly
 * than with this: see {@code benchmarks/README.md}.
 */
final class ClassArchive {
  private static final String TRAINING = "dev.redrive.cli.Training";
  private static final int FAILURES = 3;

  private final Path jar;
  private final Path folder;

  private ClassArchive(Path jar, Path folder) {
    this.jar = jar;
    this.folder = folder;
  }

  /** Arguments: the jar, and the archive to write. With the options of this JVM. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path archive = Path.of(arguments[1]);
    Files.deleteIfExists(archive);
    try (var folder = new TemporaryFolder("redrive-classes")) {
      new ClassArchive(Path.of(arguments[0]), folder.path()).make(archive);
    }
  }

  private void make(Path archive) throws IOException, InterruptedException {
    String classes = folder.resolve("classes").toString();
    train("-XX:DumpLoadedClassList=" + classes);
    create(
        "-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + archive);
  }

  /** Without our options: only the default collector can archive objects. */
  private void create(String... options) throws IOException, InterruptedException {
    java(List.of(options), List.of(), "");
  }

  private void train(String... options) throws IOException, InterruptedException {
    ProviderFactory provider = World.providers().get(0);
    FakeProviderFactory factory = FakeProviderFactory.of(provider.name());
    try (FakeProvider fake = factory.start(settings -> settings.showsDelivered(true))) {
      fake.failures(FAILURES);
      ProviderSettings settings = factory.settings(fake);
      List<String> all = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
      all.addAll(List.of(options));
      java(
          all,
          List.of(
              TRAINING,
              "recover",
              "--yes",
              "--provider",
              provider.name(),
              "--base-url",
              fake.baseUrl(),
              "--ledger",
              folder.resolve("ledger.db").toString(),
              "--report",
              folder.resolve("report.html").toString()),
          "" + settings.get(ProviderSetting.API_KEY));
    }
  }

  private void java(List<String> options, List<String> arguments, String key)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", jar.toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("REDRIVE_API_KEY", key);
    int exit = builder.start().waitFor();
    if (exit != 0) {
      throw new IOException("it ended with " + exit + ": " + String.join(" ", command));
    }
  }
}
