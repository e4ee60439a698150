package dev.redrive.cli.options;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.config.ConfigException;
import dev.redrive.cli.config.ConfigFile;
import dev.redrive.cli.config.KeySource;
import dev.redrive.cli.config.Profile;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which accounts at which providers, and as whom: one or several profiles, or one by flags. */
public final class ConnectionOptions {
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Terminal terminal;
  private final Map<String, String> environment;
  private final List<Path> keyFiles = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-p", "--profile"},
      paramLabel = "NAME",
      split = ",",
      description =
          "Profiles of the configuration file, as 'redrive config list' names them: one, or"
              + " several as a,b.")
  private List<String> profiles = new ArrayList<>();

  @Option(names = "--all", description = "All profiles of the configuration file.")
  private boolean all;

  @Mixin private SenderFlags flags = new SenderFlags();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "File that holds the API key. Default: the variable REDRIVE_API_KEY.")
  private @Nullable Path apiKeyFile;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public ConnectionOptions(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  public ConnectionOptions(Terminal terminal) {
    this(terminal, System.getenv());
  }

  /**
   * The clients. Asks no provider for anything.
   *
   * @throws ParameterException with all that is wrong with the flags, the settings and the keys
   * @throws ConfigException if the configuration file cannot be used
   */
  public Connections open() {
    return open(ProviderSettings.none());
  }

  /** The same, with so many requests at once to each provider, unless a setting says otherwise. */
  public Connections open(int concurrency) {
    return open(
        ProviderSettings.none().with(ProviderSetting.CONCURRENCY, Integer.toString(concurrency)));
  }

  /**
   * The only client, for a command that works on one account.
   *
   * @throws ParameterException also if there are several
   */
  public WebhookRetryClient connect() {
    if (all || new LinkedHashSet<>(profiles).size() > 1) {
      throw wrong(spec.name() + " works on one account: name one profile");
    }
    return open().all().get(0).client();
  }

  private Connections open(ProviderSettings defaults) {
    var problems = new ArrayList<String>();
    var opened = new ArrayList<Connections.One>();
    for (Sender sender : senders(problems)) {
      WebhookRetryClient client = sender.client(defaults, problems);
      if (client != null) {
        opened.add(
            new Connections.One(
                sender.profile(),
                sender.provider(),
                sender.settings().get(ProviderSetting.WEBHOOK_ID),
                checked(sender, client)));
      }
    }
    problems.addAll(sameAccounts(opened));
    var connections = new Connections(opened);
    if (!problems.isEmpty()) {
      connections.close();
      throw wrong(String.join("; ", problems));
    }
    keyFiles.forEach(this::warnIfOthersCanRead);
    return connections;
  }

  private WebhookRetryClient checked(Sender sender, WebhookRetryClient client) {
    String webhook = sender.settings().get(ProviderSetting.WEBHOOK_ID);
    return webhook == null
        ? client
        : new CheckedWebhook(client, sender.provider().displayName(), webhook, terminal);
  }

  private List<Sender> senders(List<String> problems) {
    List<String> given = new ArrayList<>(flags.given());
    if (apiKeyFile != null) {
      given.add("--api-key-file");
    }
    if (all && !profiles.isEmpty()) {
      throw wrong("--all and --profile exclude each other: leave one out");
    }
    if (all || !profiles.isEmpty()) {
      if (!given.isEmpty()) {
        throw wrong(
            "%s and %s exclude each other: a profile has settings of its own, see 'redrive config show'"
                .formatted(String.join(", ", given), all ? "--all" : "--profile"));
      }
      ConfigFile file = ConfigFile.of(environment);
      List<Profile> named = all ? file.read().all() : file.read().named(profiles);
      return named.stream().map(profile -> sender(profile, problems)).toList();
    }
    ProviderFactory provider = flags.provider();
    if (provider == null) {
      throw wrong(
          "no account named: add --profile NAME or --all for those that 'redrive config list'"
              + " shows, or --provider NAME");
    }
    Map<String, String> settings = flags.settings(provider, problems);
    String key = key(problems);
    if (key != null) {
      settings.put(ProviderSetting.API_KEY, key);
    }
    return List.of(new Sender(null, provider, settings));
  }

  private Sender sender(Profile profile, List<String> problems) {
    Map<String, String> settings = new LinkedHashMap<>(profile.settings());
    Map<String, KeySource> keys = new LinkedHashMap<>(profile.keys());
    keys.putIfAbsent(ProviderSetting.API_KEY, KeySource.DEFAULT);
    keys.forEach(
        (name, source) -> {
          String key = read(source, "profile " + profile.name() + ": ", problems);
          if (key != null) {
            settings.put(name, key);
          }
        });
    return new Sender(profile.name(), profile.provider(), settings);
  }

  /** In one ledger two of the same name could not be told apart. */
  private static List<String> sameAccounts(List<Connections.One> opened) {
    Map<Account, Connections.One> seen = new HashMap<>();
    var problems = new ArrayList<String>();
    for (Connections.One one : opened) {
      Account account = Account.of(one.client());
      Connections.One other = seen.putIfAbsent(account, one);
      if (other != null) {
        problems.add(
            "profiles %s and %s are both account %s: give each an 'account' of its own in the"
                    .formatted(other.name(), one.name(), account)
                + " configuration file");
      }
    }
    return problems;
  }

  private @Nullable String key(List<String> problems) {
    if (apiKeyFile == null && environment.getOrDefault(KeySource.DEFAULT_VARIABLE, "").isEmpty()) {
      problems.add(
          "no API key: set the variable "
              + KeySource.DEFAULT_VARIABLE
              + " or name an --api-key-file");
      return null;
    }
    KeySource source =
        apiKeyFile == null
            ? KeySource.DEFAULT
            : new KeySource(KeySource.Kind.FILE, apiKeyFile.toString());
    return read(source, "", problems);
  }

  private @Nullable String read(KeySource source, String of, List<String> problems) {
    try {
      String key = source.read(environment);
      if (source.kind() == KeySource.Kind.FILE) {
        keyFiles.add(Path.of(source.value()));
      }
      return key;
    } catch (ConfigException e) {
      problems.add(of + e.getMessage());
      return null;
    }
  }

  private void warnIfOthersCanRead(Path file) {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (OF_OTHERS.stream().anyMatch(permissions::contains)) {
        terminal.warn("others can read the key in " + file + ": chmod 600 " + file);
      }
    } catch (IOException e) {
      // A pipe, as of <(pass show key): it is the user's alone.
    }
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}
