package dev.redrive.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.config.ConfigException;
import dev.redrive.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Which accounts the flags name. */
class ConnectionOptionsTest {
  private static final String TWO =
      """
      [profiles.sales]
      provider = "chatt2me"
      key-env = "SALES_KEY"

      [profiles.portal]
      provider = "onlyoffice"
      base-url = "https://portal.example.com"
      key-env = "PORTAL_KEY"
      """;

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void profiles_areOpenedInTheOrderOfTheirNames_eachOnce() throws IOException {
    withKeys(TWO);

    try (Connections two = options("--profile", "portal,sales", "-p", "sales").open()) {
      assertThat(two.all()).extracting(Connections.One::name).containsExactly("portal", "sales");
      assertThat(two.areSeveral()).isTrue();
      assertThat(two.names().values()).containsExactly("portal", "sales");
      assertThat(two.clients()).extracting(WebhookRetryClient::account).contains("api.chatt2.me");
    }
    try (Connections all = options("--all").open()) {
      assertThat(all.all()).extracting(Connections.One::name).containsExactly("sales", "portal");
    }
    try (Connections one = options("-p", "sales").open()) {
      assertThat(one.areSeveral()).isFalse();
      assertThat(one.names()).isEmpty();
    }
  }

  @Test
  void flags_needNoFile() {
    environment.put("REDRIVE_API_KEY", "k");
    environment.put("REDRIVE_CONFIG", folder.resolve("none").toString());

    try (Connections one =
        options("--provider", "chatt2me", "--setting", "requestTimeout=9s").open()) {
      assertThat(one.all()).hasSize(1);
      assertThat(one.all().get(0).profile()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --limit-of-none                             | Unknown option
          ""                                          | no account named: add --profile NAME or --all
          -p sales --all                              | --all and --profile exclude each other
          -p sales --provider baanx                   | --provider and --profile exclude each other
          --all --account a --api-key-file f          | --account, --api-key-file and --all exclude each other
          --all --setting deadline=1s                 | --setting and --all exclude each other
          -p nosuch                                   | unknown profile 'nosuch' in
          -p nosuch                                   | use sales, portal
          --provider baanx --setting clientKey=x      | --setting clientKey is secret: name where it is kept, in a profile
          --provider baanx --setting baseUrl=x        | --setting baseUrl: write --base-url instead
          --provider baanx --setting nosuch=x         | --setting nosuch is unknown: baanx takes concurrency
          --provider baanx --setting deadline=soon    | deadline is not a duration
          --provider baanx --api-version v1           | --api-version is for voiso only
          """)
  void whatCannotWork_isSaid(String flags, String problem) throws IOException {
    withKeys(TWO);
    environment.put("REDRIVE_API_KEY", "k");

    assertThatThrownBy(() -> options(flags.isEmpty() ? new String[0] : flags.split(" ")).open())
        .isInstanceOfAny(ParameterException.class, ConfigException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void allThatIsWrongWithProfiles_isSaidAtOnce() throws IOException {
    config(TWO + "\n[profiles.voice]\nprovider = 'voiso'\nwebhook = 'x'\nkey-env = 'VOICE_KEY'\n");
    environment.put("VOICE_KEY", "k");

    assertThatThrownBy(() -> options("--all").open())
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("profile sales: no API key: the variable SALES_KEY is not set")
        .hasMessageContaining("profile portal: no API key: the variable PORTAL_KEY is not set")
        .hasMessageContaining("profile voice: Voiso has no URL that is the same for all")
        .hasMessageContaining("profile voice: webhook ");
  }

  @Test
  void twoProfilesOfOneAccount_areRefused() throws IOException {
    withKeys(TWO + "\n[profiles.more]\nprovider = 'chatt2me'\nkey-env = 'SALES_KEY'\n");

    assertThatThrownBy(() -> options("--all").open())
        .hasMessageContaining("profiles sales and more are both account chatt2me:api.chatt2.me")
        .hasMessageContaining("give each an 'account' of its own");
  }

  @Test
  void aCommandForOneAccount_refusesSeveral() throws IOException {
    withKeys(TWO);

    assertThatThrownBy(() -> options("-p", "sales,portal").connect())
        .hasMessage("try works on one account: name one profile");
    options("-p", "sales").connect().close();
  }

  private void withKeys(String text) throws IOException {
    config(text);
    environment.put("SALES_KEY", "k1");
    environment.put("PORTAL_KEY", "k2");
  }

  private void config(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("config.toml"), text);
    environment.put("REDRIVE_CONFIG", file.toString());
  }

  private ConnectionOptions options(String... flags) {
    var command = new Try(terminal(), environment);
    new CommandLine(command).parseArgs(flags);
    return command.connection;
  }

  private Terminal terminal() {
    return CommandLineTool.terminal(err, err);
  }

  @Command(name = "try")
  private static final class Try {
    @Mixin private final ConnectionOptions connection;

    Try(Terminal terminal, Map<String, String> environment) {
      this.connection = new ConnectionOptions(terminal, environment);
    }
  }
}
