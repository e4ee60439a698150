package dev.redrive.cli.options;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.config.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that describe one account at one provider, but for its key. */
public final class SenderFlags {
  @Option(
      names = "--provider",
      paramLabel = "NAME",
      converter = Words.ProviderNames.class,
      completionCandidates = Words.ProviderNames.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private @Nullable ProviderFactory provider;

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
      description = "The name of this account in the ledger. Default: the URL's host.")
  private @Nullable String account;

  @Option(
      names = "--api-version",
      paramLabel = "VERSION",
      converter = Words.ApiVersions.class,
      completionCandidates = Words.ApiVersions.class,
      description =
          "Generation of the API, where a provider has several: ${COMPLETION-CANDIDATES}."
              + " Default: the first of its own.")
  private @Nullable String apiVersion;

  @Option(
      names = "--setting",
      paramLabel = "NAME=VALUE",
      description =
          "Another setting of the provider, as requestTimeout=30s; repeatable. For an unknown"
              + " name, the error lists all.")
  private Map<String, String> others = new LinkedHashMap<>();

  public @Nullable ProviderFactory provider() {
    return provider;
  }

  /** The flags that were given, by name. */
  public List<String> given() {
    var given = new ArrayList<String>();
    if (provider != null) {
      given.add("--provider");
    }
    own().keySet().forEach(setting -> given.add("--" + Profile.fieldOf(setting)));
    if (!others.isEmpty()) {
      given.add("--setting");
    }
    return given;
  }

  /** What they set, by the names of the settings. Adds what is wrong with {@code --setting}. */
  public Map<String, String> settings(ProviderFactory factory, List<String> problems) {
    Map<String, String> settings = own();
    others.forEach(
        (name, value) -> {
          String problem = Sender.problemOf(factory, name, "--");
          if (problem == null) {
            settings.put(name, value);
          } else {
            problems.add("--setting " + problem);
          }
        });
    return settings;
  }

  /** What the provider says is wrong with settings, but for the key. Makes no request. */
  public List<String> check(ProviderFactory factory, Map<String, String> settings) {
    var problems = new ArrayList<String>();
    WebhookRetryClient client =
        new Sender(null, factory, settings).withoutKey().client(ProviderSettings.none(), problems);
    if (client != null) {
      client.close();
    }
    return problems;
  }

  private Map<String, String> own() {
    Map<String, String> own = new LinkedHashMap<>();
    put(own, ProviderSetting.BASE_URL, baseUrl);
    put(own, ProviderSetting.WEBHOOK_ID, webhook);
    put(own, ProviderSetting.ACCOUNT, account);
    put(own, ProviderSetting.API_VERSION, apiVersion);
    return own;
  }

  private static void put(Map<String, String> values, String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
  }
}
