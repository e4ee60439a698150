package dev.redrive.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, where Maven is a script that copies the jars. */
public class LauncherIT {
  private static final String BUILDING = "redrive: building, because ";

  /** An empty one takes no time, and is not used. */
  private static final String ARCHIVE = "redrive-" + Runtime.version().feature() + ".jsa";

  @TempDir private Path folder;
  private Path tree;
  private Path source;
  private Shell shell;

  @BeforeEach
  void tree() throws IOException {
    tree = Files.createDirectories(folder.resolve("a tree's folder"));
    Files.copy(Shell.TREE.resolve("redrive"), tree.resolve("redrive"));
    source = tree.resolve("cli/src/main/java/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class Main {}");
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path mvn = bin.resolve("mvn");
    Files.writeString(
        mvn,
        """
        #!/bin/sh
        echo build >>'%s/builds'
        echo '[INFO] Building Redrive CLI 0.1.0-SNAPSHOT                          [1/2]'
        echo '[INFO] --- maven-compiler-plugin:3.15.0:compile (default-compile) @ redrive-cli ---'
        sleep 0.3
        [ ! -f broken ] || {
          echo '[ERROR] Failed to execute goal compile: it is broken'
          exit 1
        }
        [ ! -f edited ] || touch cli/src/main/java/Main.java
        mkdir -p cli/target demo/target
        cp '%s' cli/target/redrive.jar
        cp '%s' demo/target/redrive-demo.jar
        : >cli/target/%s
        """
            .formatted(folder, Shell.JAR, Shell.DEMO_JAR, ARCHIVE));
    assertThat(mvn.toFile().setExecutable(true)).isTrue();
    shell =
        new Shell(
            folder,
            Map.of(
                "PATH",
                bin + ":" + System.getenv("PATH"),
                "JAVA_HOME",
                System.getProperty("java.home")));
  }

  @Test
  void builds_onceUntilASourceChanges() throws IOException {
    Shell.Result first = launch();

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).startsWith("redrive ");
    assertThat(first.err())
        .contains(BUILDING + "it is not built yet", "redrive: building (1/2) Redrive CLI")
        .contains("redrive: built in ")
        .doesNotContain("compile");
    assertThat(launch().err()).isEmpty();

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
    assertThat(launch().err()).contains(BUILDING + "its sources have changed");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void builds_whenASourceIsGone() throws IOException {
    launch();
    Files.delete(source);
    Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().plusSeconds(1)));

    assertThat(launch().err()).contains(BUILDING + "its sources have changed");
  }

  @Test
  void aSourceThatChangesWhileItIsBuilt_isNewer() throws IOException {
    Files.createFile(tree.resolve("edited"));
    launch();
    Files.delete(tree.resolve("edited"));

    assertThat(launch().err()).contains(BUILDING + "its sources have changed");
    assertThat(launch().err()).isEmpty();
  }

  @Test
  void twoAtOnce_buildOnce() throws IOException {
    Shell.Running first = start();
    Shell.Running second = start();

    assertThat(first.await().exitCode()).isZero();
    assertThat(second.await().exitCode()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void failedBuild_isTold_andTriedAgain() throws IOException {
    Files.createFile(tree.resolve("broken"));

    Shell.Result result = launch();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("it is broken", "the build failed", "redrive-build.log");
    Files.delete(tree.resolve("broken"));
    assertThat(launch().exitCode()).isZero();
  }

  @Test
  void symbolicLink_leadsToTheTree() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("bin/redrive"));
    Files.createSymbolicLink(folder.resolve("bin/redrive"), tree.resolve("redrive"));

    assertThat(shell.run(link.toString(), "--version").out()).startsWith("redrive ");
  }

  @Test
  void exitCodesAndArguments_areThoseOfTheCommand() {
    launch();

    Shell.Result result =
        shell.run(tree.resolve("redrive").toString(), "demo", "--seed", "no number");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("'no number'");
  }

  @Test
  void theDemo_runs() {
    Shell.Result result =
        shell.run(
            tree.resolve("redrive").toString(), "demo", "--failures", "5", "--provider", "voiso");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("3. Redrive, killed");
    assertThat(folder.resolve("redrive-demo.html")).exists();
  }

  @Test
  void aFastStart_isPreparedOnce() throws IOException {
    launch();
    Path archive = tree.resolve("cli/target").resolve(ARCHIVE);
    Files.delete(archive);

    assertThat(launch().err()).contains("redrive: preparing a fast start, once");

    assertThat(archive).isNotEmptyFile();
    assertThat(launch().err()).isEmpty();
  }

  @Test
  void wrongJavaHome_isTold() {
    Shell.Result result =
        new Shell(folder, Map.of("JAVA_HOME", "/nowhere"))
            .run(tree.resolve("redrive").toString(), "--version");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("JAVA_HOME is '/nowhere'");
  }

  @Test
  void shellcheck_findsNothing() {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "shellcheck"))),
        "shellcheck is not here");

    Shell.Result result = shell.run("shellcheck", Shell.TREE.resolve("redrive").toString());

    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  private Shell.Result launch() {
    return start().await();
  }

  private Shell.Running start() {
    return shell.start(List.of(tree.resolve("redrive").toString(), "--version"));
  }

  private long builds() throws IOException {
    return Files.readAllLines(folder.resolve("builds")).size();
  }
}
