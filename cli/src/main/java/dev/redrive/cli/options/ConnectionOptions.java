package dev.redrive.cli.options;

import dev.redrive.Capability;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.Errors;
import dev.redrive.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which provider, where, and as whom. */
public final class ConnectionOptions {
  public static final String KEY_VARIABLE = "REDRIVE_API_KEY";

  /** The options by the settings that they are for. */
  private static final List<Map.Entry<String, String>> FLAGS =
      List.of(
          Map.entry(ProviderSetting.BASE_URL, "--base-url"),
          Map.entry(ProviderSetting.WEBHOOK_ID, "--webhook"),
          Map.entry(ProviderSetting.ACCOUNT, "--account"),
          Map.entry(ProviderSetting.API_VERSION, "--api-version"));

  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Terminal terminal;
  private final Map<String, String> environment;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--provider",
      required = true,
      paramLabel = "NAME",
      converter = ToProvider.class,
      completionCandidates = Names.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private ProviderFactory provider;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description =
          "Where its API is. Default: the vendor's; needed where each customer has a URL of their"
              + " own.")
  private @Nullable String baseUrl;

  @Option(
      names = "--webhook",
      paramLabel = "ID",
      description = "One webhook only, by the id that 'redrive webhooks' lists. Default: all.")
  private @Nullable String webhook;

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "What tells this account from others in the ledger. Default: the URL's host.")
  private @Nullable String account;

  @Option(
      names = "--api-version",
      paramLabel = "VERSION",
      converter = ToApiVersion.class,
      completionCandidates = ApiVersions.class,
      description =
          "Generation of the API, where a provider has several: ${COMPLETION-CANDIDATES}."
              + " Default: the first of its own.")
  private @Nullable String apiVersion;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "File that holds the API key. Default: the variable REDRIVE_API_KEY.")
  private @Nullable Path apiKeyFile;

  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  public ConnectionOptions(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  public ConnectionOptions(Terminal terminal) {
    this(terminal, System.getenv());
  }

  public ProviderFactory provider() {
    return provider;
  }

  /**
   * The client. Asks the provider for nothing but the webhook, if one is named: some list nothing
   * for a webhook that is not there.
   *
   * @throws ParameterException with all that is wrong with the settings
   * @throws UnknownWebhookException if there is no such webhook
   */
  public WebhookRetryClient connect() {
    return connect(ProviderSettings.none());
  }

  /** The same, with so many requests at once at the most. */
  public WebhookRetryClient connect(int concurrency) {
    return connect(
        ProviderSettings.none().with(ProviderSetting.CONCURRENCY, Integer.toString(concurrency)));
  }

  private WebhookRetryClient connect(ProviderSettings more) {
    WebhookRetryClient client = build(more);
    try {
      warnIfOthersCanReadTheKey();
      checkWebhook(client);
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private void checkWebhook(WebhookRetryClient client) {
    if (webhook != null && client.traits().can(Capability.WEBHOOKS) && !isListed(client, webhook)) {
      throw new UnknownWebhookException(
          provider.displayName()
              + " has no webhook "
              + webhook
              + " for this key, or none any more: 'redrive webhooks' lists what there is");
    }
  }

  /** Where webhooks cannot be listed, their failures may be all the same. */
  private boolean isListed(WebhookRetryClient client, String id) {
    try {
      return client.webhooks().stream().anyMatch(known -> known.id().equalsIgnoreCase(id));
    } catch (NotFoundException e) {
      terminal.warn("whether there is a webhook " + id + " could not be checked: " + e.summary());
      return true;
    }
  }

  private WebhookRetryClient build(ProviderSettings more) {
    var problems = new ArrayList<String>();
    ProviderSettings settings =
        taken(
                more.with(ProviderSetting.BASE_URL, baseUrl)
                    .with(ProviderSetting.WEBHOOK_ID, webhook)
                    .with(ProviderSetting.ACCOUNT, account)
                    .with(ProviderSetting.API_VERSION, apiVersion),
                problems)
            .with(ProviderSetting.API_KEY, key(problems));
    if (baseUrl == null && Providers.needs(provider, ProviderSetting.BASE_URL)) {
      problems.add(
          provider.displayName()
              + " has no URL that is the same for all: name yours with --base-url");
    }
    WebhookRetryClient client = null;
    try {
      client = provider.create(settings);
    } catch (InvalidConfigurationException e) {
      e.problems().stream()
          .filter(
              problem -> !problem.startsWith("no API key") && !problem.startsWith("no base URL"))
          .map(ConnectionOptions::inFlags)
          .forEach(problems::add);
    }
    if (client == null || !problems.isEmpty()) {
      if (client != null) {
        client.close();
      }
      throw new ParameterException(spec.commandLine(), String.join("; ", problems));
    }
    return client;
  }

  /** What the provider takes of the settings; the rest are problems. */
  private ProviderSettings taken(ProviderSettings settings, List<String> problems) {
    ProviderSettings taken = settings;
    for (Map.Entry<String, String> flag : FLAGS) {
      if (settings.get(flag.getKey()) != null && !provider.takes(flag.getKey())) {
        taken = taken.with(flag.getKey(), null);
        problems.add(
            flag.getValue()
                + " is for "
                + String.join(" and ", Providers.taking(flag.getKey()))
                + " only: leave it out, "
                + provider.name()
                + " takes "
                + FLAGS.stream()
                    .filter(other -> provider.takes(other.getKey()))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining(", ")));
      }
    }
    return taken;
  }

  private @Nullable String key(List<String> problems) {
    if (apiKeyFile != null) {
      return keyOf(apiKeyFile, problems);
    }
    String key = environment.get(KEY_VARIABLE);
    if (key == null || key.isEmpty()) {
      problems.add("no API key: set the variable " + KEY_VARIABLE + " or name an --api-key-file");
      return null;
    }
    return key;
  }

  private @Nullable String keyOf(Path file, List<String> problems) {
    try {
      String key = Files.readString(file).strip();
      if (key.isEmpty()) {
        problems.add("--api-key-file " + file + " is empty: write the key into it");
        return null;
      }
      return key;
    } catch (MalformedInputException e) {
      problems.add("--api-key-file " + file + " is no text file");
    } catch (IOException e) {
      problems.add("--api-key-file cannot be read: " + Errors.file(e));
    }
    return null;
  }

  private void warnIfOthersCanReadTheKey() {
    Path file = apiKeyFile;
    if (file == null || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
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

  /** The builders speak of their methods. */
  private static String inFlags(String problem) {
    return problem
        .replace("the key goes into apiKey", "the key goes into " + KEY_VARIABLE)
        .replaceFirst("^apiKey ", "the API key ")
        .replace("the id that webhooks() lists", "the id that 'redrive webhooks' lists")
        .replaceFirst("^webhookId ", "--webhook ")
        .replaceFirst("^account ", "--account ")
        .replaceFirst("^apiVersion ", "--api-version ")
        .replaceFirst("^the base URL ", "--base-url: it ");
  }

  /** Reads a provider's name. */
  public static final class ToProvider implements ITypeConverter<ProviderFactory> {
    @Override
    public ProviderFactory convert(String value) {
      return Providers.find(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "unknown provider '"
                          + value
                          + "': use one of "
                          + String.join(", ", Providers.names())));
    }
  }

  /** Reads the version of an API. */
  public static final class ToApiVersion implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      List<String> versions = Providers.values(ProviderSetting.API_VERSION);
      return versions.stream()
          .filter(value::equalsIgnoreCase)
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "unknown version '" + value + "': use " + String.join(" or ", versions)));
    }
  }

  /** The providers' names. */
  public static final class Names extends Candidates {
    private static final long serialVersionUID = 1L;

    public Names() {
      super(Providers.names());
    }
  }

  /** The versions of the APIs that have several. */
  public static final class ApiVersions extends Candidates {
    private static final long serialVersionUID = 1L;

    public ApiVersions() {
      super(Providers.values(ProviderSetting.API_VERSION));
    }
  }
}
