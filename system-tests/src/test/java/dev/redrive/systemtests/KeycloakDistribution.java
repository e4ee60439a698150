package dev.redrive.systemtests;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The distribution of Keycloak with the extension, from Maven Central, and a JDK that runs it. A
 * test is skipped by name where either cannot be had.
 */
final class KeycloakDistribution {
  private static final int OLDEST_JDK = 21;

  /** Where the distribution is unpacked; relative to the module. */
  private static final Path FOLDER = Path.of("target", "keycloak").toAbsolutePath();

  private KeycloakDistribution() {}

  /** The folder of the distribution, with the extension in it and without data. */
  static Path unpacked() throws IOException {
    String version = System.getProperty("redrive.keycloak.version");
    Path home = FOLDER.resolve("keycloak-" + version);
    if (!Files.isDirectory(home.resolve("lib"))) {
      unpack(copied("org.keycloak:keycloak-quarkus-dist:" + version + ":zip"));
    }
    Path extension =
        copied(
            "io.phasetwo.keycloak:keycloak-events:"
                + System.getProperty("redrive.keycloak.events.version")
                + ":jar");
    Path installed = home.resolve("providers").resolve(extension.getFileName());
    if (!Files.exists(installed)) {
      Files.copy(extension, installed);
    }
    delete(home.resolve("data"));
    return home;
  }

  /** The home of a JDK that is new enough: a property's, or one beside that of this JVM. */
  static Path jdk() throws IOException {
    String told = System.getProperty("redrive.keycloak.jdk", "");
    if (!told.isEmpty()) {
      return Path.of(told);
    }
    Path beside = Path.of(System.getProperty("java.home")).toRealPath().getParent();
    try (Stream<Path> folders = Files.list(beside)) {
      return folders
          .filter(folder -> version(folder) >= OLDEST_JDK)
          .filter(folder -> Files.isExecutable(folder.resolve("bin/java")))
          .sorted()
          .findFirst()
          .orElseGet(
              () ->
                  abort(
                      "no JDK "
                          + OLDEST_JDK
                          + " or newer beside this one: name one with -Dredrive.keycloak.jdk"));
    }
  }

  private static int version(Path jdk) {
    Path release = jdk.resolve("release");
    if (!Files.isRegularFile(release)) {
      return 0;
    }
    var properties = new Properties();
    try (InputStream in = Files.newInputStream(release)) {
      properties.load(in);
    } catch (IOException e) {
      return 0;
    }
    String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Integer.parseInt(version.split("[.+-]", 2)[0]);
  }

  /** A file of Maven's repository, copied here. */
  private static Path copied(String artifact) throws IOException {
    String[] parts = artifact.split(":");
    Path file = FOLDER.resolve(parts[1] + "-" + parts[2] + "." + parts[3]);
    Files.createDirectories(FOLDER);
    if (!Files.exists(file) && !copy(artifact, "-o") && !copy(artifact, "-U")) {
      abort(artifact + " cannot be had from Maven's repository");
    }
    return file;
  }

  private static boolean copy(String artifact, String option) throws IOException {
    Process maven =
        new ProcessBuilder(
                Path.of(System.getProperty("redrive.maven.home"), "bin", "mvn").toString(),
                "-B",
                "-q",
                "-ntp",
                option,
                "org.apache.maven.plugins:maven-dependency-plugin:"
                    + System.getProperty("redrive.dependency-plugin.version")
                    + ":copy",
                "-Dartifact=" + artifact,
                "-DoutputDirectory=" + FOLDER)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("maven.log").toFile())
            .start();
    try {
      return maven.waitFor(15, TimeUnit.MINUTES) && maven.exitValue() == 0;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      maven.destroyForcibly();
    }
  }

  private static void unpack(Path zip) throws IOException {
    try (var entries = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path target = FOLDER.resolve(entry.getName()).normalize();
        if (!target.startsWith(FOLDER)) {
          throw new IOException("a path that leads out of the folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(entries, target);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
