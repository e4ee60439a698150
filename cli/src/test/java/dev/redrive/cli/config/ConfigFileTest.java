package dev.redrive.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.ProviderSetting;
import dev.redrive.cli.options.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code config.toml}: what is read, what is refused and where, and what is kept. */
class ConfigFileTest {
  private static final String SECRET = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

  @TempDir private Path folder;
  private Path path;
  private ConfigFile file;

  @BeforeEach
  void file() {
    path = folder.resolve("redrive/config.toml");
    file = new ConfigFile(path);
  }

  @Test
  void everySettingOfAProfile_isRead() throws IOException {
    write(
        """
        # who sends to us
        [profiles.sales]
        provider = "chatt2me"
        key-env = "SALES_KEY"

        [profiles.voice]
        provider = "voiso"
        base-url = "https://cluster.voiso.com"
        webhook = "17"
        account = "emea"
        api-version = "v1"
        key-file = "voice.key"
        settings = { requestTimeout = "30s", concurrency = 2 }

        [profiles.cards]
        provider = "baanx"
        key-command = "pass show cards"
        clientKey-env = "CARDS_CLIENT"
        [profiles.cards.settings]
        usEnvironment = true
        """);

    List<Profile> profiles = file.read().all();

    assertThat(profiles).extracting(Profile::name).containsExactly("sales", "voice", "cards");
    assertThat(profiles.get(0).key()).isEqualTo(new KeySource(KeySource.Kind.ENV, "SALES_KEY"));
    assertThat(profiles.get(1).settings())
        .containsOnly(
            Map.entry("baseUrl", "https://cluster.voiso.com"),
            Map.entry("webhookId", "17"),
            Map.entry("account", "emea"),
            Map.entry("apiVersion", "v1"),
            Map.entry("requestTimeout", "30s"),
            Map.entry("concurrency", "2"));
    assertThat(profiles.get(1).key().value()).isEqualTo(path.resolveSibling("voice.key") + "");
    assertThat(profiles.get(2).settings()).containsOnly(Map.entry("usEnvironment", "true"));
    assertThat(profiles.get(2).keys())
        .containsOnly(
            Map.entry(
                ProviderSetting.API_KEY, new KeySource(KeySource.Kind.COMMAND, "pass show cards")),
            Map.entry("clientKey", new KeySource(KeySource.Kind.ENV, "CARDS_CLIENT")));
  }

  @Test
  void withoutAKey_itIsTheUsualVariable() throws IOException {
    write("[profiles.sales]\nprovider = 'chatt2me'\n");

    assertThat(file.read().all().get(0).key()).isEqualTo(KeySource.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          provider = 'nosuch'                   | 3 | unknown provider: use one of baanx
          webhook = '17'                        | 2 | it has no provider: use one of baanx
          provider = 3                          | 3 | 'provider' is not a text: write it in quotes
          provider = chatt2me                   | 3 | this is not TOML: unknown token
          provider = 'baanx'!base_url = 'x'     | 4 | unknown name 'base_url': use provider, base-url, webhook, account, api-version, key-env, key-file, key-command or settings
          provider = 'baanx'!base-url = 4       | 4 | 'base-url' is not a text
          provider = 'baanx'!base-url = ''      | 4 | 'base-url' is not a text
          provider = 'baanx'!key-env = ['A']    | 4 | 'key-env' is not a text
          provider = 'baanx'!provider = 'baanx' | 5 | this is not TOML: duplicate key
          provider = 'baanx'!requestTimeout='1s'| 4 | write it under [profiles.sales.settings]
          provider = 'baanx'!settings = 4       | 4 | 'settings' is not a table
          provider = 'baanx'!settings.nosuch=4  | 4 | unknown setting 'nosuch': baanx takes concurrency
          provider = 'baanx'!settings.baseUrl=''| 4 | write 'base-url' in [profiles.sales] instead
          provider = 'baanx'!settings.deadline=[]|4 | 'deadline' is not a text, a number, true or false
          provider = 'baanx'!key-env='A'!key-file='b' | 5 | the key is told twice: use one of key-env, key-file, key-command
          """)
  void whatIsWrong_isToldWithItsLine(String lines, int line, String problem) throws IOException {
    write("# mine\n[profiles.sales]\n" + lines.replace("!", "\n") + "\n");

    assertThatThrownBy(file::read)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(path + ", line " + line + ": ")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "key",
    "api-key",
    "apiKey",
    "api_key",
    "token",
    "secret",
    "password",
    "clientKey",
    "API-KEY"
  })
  void aKeyInTheFile_isRefusedAndNotShown(String name) throws IOException {
    write("[profiles.a]\nprovider = 'baanx'\n" + name + " = '" + SECRET + "'\n");
    assertThatThrownBy(file::read)
        .hasMessageContaining("line 3: profile a: a key does not belong in this file")
        .hasMessageContaining("use one of key-env, key-file, key-command")
        .hasMessageNotContaining("sk_live");

    write("[profiles.a]\nprovider = 'baanx'\n[profiles.a.settings]\n" + name + "='" + SECRET + "'");
    assertThatThrownBy(file::read)
        .hasMessageContaining("line 4: profile a: a key does not belong in this file")
        .hasMessageNotContaining("sk_live");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sk_live_4eC39HqLyjWDarjtT1zdp7dc
          [profiles.a]!provider = sk_live_4eC39HqLyjWDarjtT1zdp7dc
          [profiles.a]!provider = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
          [profiles.a]!provider = 'baanx'!sk_live_4eC39HqLyjWDarjtT1zdp7dc = 'x'
          [profiles.sk_live_4eC39HqLyjWDarjtT1zdp7dc_and_more_of_it]
          sk_live_4eC39HqLyjWDarjtT1zdp7dc = 4
          profiles = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
          [profiles.a]!provider = 'baanx'!key-env = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
          [profiles.a]!provider = 'baanx'!key-file = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
          [profiles.a]!provider = 'baanx'!key-command = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'
          """)
  void aKeyInAnyWrongPlace_isNotShown(String text) throws IOException {
    write(text.replace("!", "\n"));

    assertThatThrownBy(file::read)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageNotContaining("4eC39HqLyjWDarjtT1zdp7dc");
  }

  @Test
  void addAndRemove_keepWhatIsThere() throws IOException {
    String before =
        """
        # Ask Ann before you change this.
        [profiles.sales]  # the first
        provider = "chatt2me"

        # the portal
        [profiles.portal]
        provider = "onlyoffice"
        base-url = "https://portal.example.com"
        """;
    write(before);
    var added =
        new Profile(
            "cards-2",
            Providers.find("baanx").orElseThrow(),
            Map.of("account", "eu \"1\"", "requestTimeout", "30s"),
            Map.of("apiKey", new KeySource(KeySource.Kind.ENV, "CARDS")));

    file.add(added);

    assertThat(path).content().startsWith(before).contains("[profiles.cards-2]");
    assertThat(file.read().find("cards-2")).contains(added);
    assertThatThrownBy(() -> file.add(added)).hasMessageContaining("config remove cards-2");

    file.remove("cards-2");
    assertThat(path).hasContent(before);

    file.remove("sales");
    assertThat(path).content().startsWith("# Ask Ann").contains("# the portal\n[profiles.portal]");
    assertThat(file.read().all()).extracting(Profile::name).containsExactly("portal");
    assertThatThrownBy(() -> file.remove("sales"))
        .hasMessage("unknown profile 'sales' in " + path + ": use portal");
  }

  @Test
  void remove_takesItsSubtablesAlong_andLeavesAProfileWithALongerName() throws IOException {
    write(
        """
        [profiles.a]
        provider = "baanx"
        [profiles.a.settings]
        deadline = "9s"
        [profiles.ab]
        provider = "baanx"
        """);

    file.remove("a");

    assertThat(path).hasContent("[profiles.ab]\nprovider = \"baanx\"\n");
  }

  @Test
  void remove_thatWouldTouchAnotherProfile_isRefused() throws IOException {
    String text =
        """
        profiles.a.provider = "baanx"
        profiles.b.provider = "baanx"
        """;
    write(text);

    assertThatThrownBy(() -> file.remove("a")).hasMessageContaining("remove it with an editor");
    assertThat(path).hasContent(text);
  }

  @Test
  void aNewFile_isForItsOwnerOnly_andALinkStaysOne() throws IOException {
    var profile = new Profile("a", Providers.find("baanx").orElseThrow(), Map.of(), Map.of());

    file.add(profile);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    Path link = Files.createSymbolicLink(folder.resolve("link.toml"), path);
    new ConfigFile(link).remove("a");
    assertThat(link).isSymbolicLink();
    assertThat(path).hasContent("");
    assertThat(path.getParent()).isDirectoryContaining(there -> there.equals(path));
    try (var files = Files.list(path.getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aKeyFileWithTheNameOfAKey_isTakenIfItIsThere() throws IOException {
    write("[profiles.a]\nprovider = 'baanx'\nkey-file = 'api-key-production'\n");
    assertThatThrownBy(file::read).hasMessageContaining("line 3: profile a: 'key-file' looks like");

    Files.writeString(path.resolveSibling("api-key-production"), "k1");

    assertThat(file.read().list()).hasSize(1);
  }

  @Test
  void aFolderThatTakesNoFile_isSaidByTheNameOfTheFile() {
    Path there = Path.of("/proc/redrive.toml");
    Assumptions.assumeTrue(Files.isDirectory(there.getParent()), "there is no /proc");
    var profile = new Profile("a", Providers.find("baanx").orElseThrow(), Map.of(), Map.of());

    assertThatThrownBy(() -> new ConfigFile(there).add(profile))
        .hasMessageContaining(there.toString())
        .hasMessageNotContaining(".part");
  }

  @Test
  void theFile_isTheOneThatTheEnvironmentNames() {
    assertThat(ConfigFile.of(Map.of("REDRIVE_CONFIG", "/a/b.toml"))).hasToString("/a/b.toml");
    assertThat(ConfigFile.of(Map.of("XDG_CONFIG_HOME", "/x")))
        .hasToString("/x/redrive/config.toml");
    assertThat(ConfigFile.of(Map.of("XDG_CONFIG_HOME", "relative")))
        .hasToString(System.getProperty("user.home") + "/.config/redrive/config.toml");
  }

  @Test
  void noFile_isNoProfiles() {
    assertThat(file.read().list()).isEmpty();
    assertThatThrownBy(() -> file.read().all())
        .hasMessage("there are no profiles in " + path + ": 'redrive config add' makes one");
  }

  private void write(String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
