package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is in the jar that users run. */
class JarContentsIT {
  @Test
  void theJar_holdsNoTestKit() throws IOException {
    try (var jar = new ZipFile(RedriveJar.path().toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .contains("dev/redrive/cli/Main.class")
          .noneMatch(name -> name.startsWith("dev/redrive/testkit"))
          .noneMatch(name -> name.startsWith("org/junit/") || name.startsWith("org/assertj/"));
    }
  }
}
