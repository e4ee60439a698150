package dev.redrive.cli;

import dev.redrive.Capability;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.voiso.VoisoClient.ApiVersion;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which provider, where, and as whom. */
final class ConnectionOptions {
  static final String KEY_VARIABLE = "REDRIVE_API_KEY";

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
      description = "chatt2me, baanx, onlyoffice or voiso.")
  private Provider provider;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "Where its API is. Default: the vendor's; needed for onlyoffice and voiso.")
  private @Nullable String baseUrl;

  @Option(
      names = "--webhook",
      paramLabel = "ID",
      description =
          "One webhook only: its UUID, at onlyoffice the id of its configuration. Default: all.")
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
      description = "At voiso: v4 or v1. Default: v4.")
  private @Nullable ApiVersion apiVersion;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "File that holds the API key. Default: the variable REDRIVE_API_KEY.")
  private @Nullable Path apiKeyFile;

  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  ConnectionOptions(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  ConnectionOptions(Terminal terminal) {
    this(terminal, System.getenv());
  }

  Provider provider() {
    return provider;
  }

  /**
   * The client. Asks the provider for nothing but the webhook, if one is named: some list nothing
   * for a webhook that is not there.
   *
   * @throws ParameterException with all that is wrong with the settings
   * @throws UnknownWebhookException if there is no such webhook
   */
  WebhookRetryClient connect() {
    return connect(Provider.Connection.USUAL_CONCURRENCY);
  }

  /** The same, with so many requests at once at the most. */
  WebhookRetryClient connect(int concurrency) {
    WebhookRetryClient client = build(concurrency);
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

  private WebhookRetryClient build(int concurrency) {
    var problems = new ArrayList<String>();
    String key = key(problems);
    if (baseUrl == null && provider.needsBaseUrl()) {
      problems.add(
          provider.displayName()
              + " has no URL that is the same for all: name yours with --base-url");
    }
    if (apiVersion != null && provider != Provider.VOISO) {
      problems.add("--api-version is for voiso only: leave it out");
    }
    WebhookRetryClient client = null;
    try {
      client =
          provider.connect(
              new Provider.Connection(key, baseUrl, account, webhook, apiVersion, concurrency));
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
        .replaceFirst("^the base URL ", "--base-url: it ");
  }

  /** Reads a provider's name. */
  static final class ToProvider implements ITypeConverter<Provider> {
    @Override
    public Provider convert(String value) {
      for (Provider provider : Provider.values()) {
        if (provider.toString().equalsIgnoreCase(value)) {
          return provider;
        }
      }
      throw new TypeConversionException(
          "unknown provider '" + value + "': use one of " + Provider.names());
    }
  }

  /** Reads Voiso's version. */
  static final class ToApiVersion implements ITypeConverter<ApiVersion> {
    @Override
    public ApiVersion convert(String value) {
      for (ApiVersion version : ApiVersion.values()) {
        if (version.name().equalsIgnoreCase(value)) {
          return version;
        }
      }
      throw new TypeConversionException("unknown version '" + value + "': use v4 or v1");
    }
  }

  /** The providers' names. */
  static final class Names extends Candidates {
    private static final long serialVersionUID = 1L;

    Names() {
      super("chatt2me", "baanx", "onlyoffice", "voiso");
    }
  }

  /** Voiso's versions. */
  static final class ApiVersions extends Candidates {
    private static final long serialVersionUID = 1L;

    ApiVersions() {
      super("v4", "v1");
    }
  }
}
