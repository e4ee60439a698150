package dev.redrive.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.cli.config.KeySource.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where keys come from, and what is said if they do not. */
class KeySourceTest {
  private static final String SECRET = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

  @TempDir private Path folder;

  @Test
  void aKey_comesFromAVariable_aFileOrTheFirstLineOfACommand() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "k1\n");

    assertThat(new KeySource(Kind.ENV, "A").read(Map.of("A", "k1"))).isEqualTo("k1");
    assertThat(new KeySource(Kind.FILE, file.toString()).read(Map.of())).isEqualTo("k1");
    assertThat(new KeySource(Kind.COMMAND, "echo k1; echo user: me").read(Map.of()))
        .isEqualTo("k1");
  }

  @Test
  void aPemFileThatACommandPrints_isReadAsAWhole() throws IOException {
    String pem = "-----BEGIN KEY-----\nAAAA\nBBBB\n-----END KEY-----";
    Path file = Files.writeString(folder.resolve("pem"), pem + "\n");

    assertThat(new KeySource(Kind.COMMAND, "cat '" + file + "'").read(Map.of())).isEqualTo(pem);
  }

  @Test
  void aKeyThatIsNotThere_isSaid() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "\n");

    assertProblem(Kind.ENV, "SALES_KEY", "the variable SALES_KEY is not set");
    assertProblem(Kind.FILE, folder.resolve("none").toString(), "none does not exist");
    assertProblem(Kind.FILE, empty.toString(), "is empty: write the key into it");
    assertProblem(Kind.COMMAND, "exit 3", "the key command ended with exit code 3");
    assertProblem(Kind.COMMAND, "true", "the key command printed nothing");
  }

  @Test
  void aKeyInsteadOfItsPlace_isNotShown() {
    for (Kind kind : Kind.values()) {
      var source = new KeySource(kind, SECRET);
      assertThat(source.toString()).contains("(hidden)").doesNotContain("4eC39");
      assertThatThrownBy(() -> source.read(Map.of())).hasMessageNotContaining("4eC39");
    }
    assertProblem(Kind.COMMAND, SECRET, "looks like a key itself");
    assertThat(new KeySource(Kind.COMMAND, "echo " + SECRET).toString()).doesNotContain("4eC39");
  }

  @Test
  void aCommandThatHangs_isGivenUp() {
    assertThatThrownBy(
            () -> new KeySource(Kind.COMMAND, "exec sleep 60").command(Duration.ofMillis(50)))
        .hasMessageContaining("did not end");
  }

  private static void assertProblem(Kind kind, String value, String problem) {
    assertThatThrownBy(() -> new KeySource(kind, value).read(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("no API key: ")
        .hasMessageContaining(problem);
  }
}
