package dev.redrive.cli.options;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.config.KeySource;
import dev.redrive.cli.config.Profile;
import dev.redrive.recovery.Account;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One account at one provider: what its client is made of.
 *
 * @param profile the name of its profile; null if it was described by flags
 * @param provider the provider
 * @param settings the provider's settings, secret ones too, by their names
 */
public record Sender(
    @Nullable String profile, ProviderFactory provider, Map<String, String> settings) {
  public Sender {
    settings = new LinkedHashMap<>(settings);
  }

  /** The names of its settings only: the values may be secret. */
  @Override
  public String toString() {
    return "Sender[" + profile + ", " + provider.name() + ", " + settings.keySet() + "]";
  }

  /** The accounts of profiles. Makes no request and reads no key. */
  public static Map<Account, String> profiles(List<Profile> profiles) {
    Map<Account, String> names = new LinkedHashMap<>();
    for (Profile profile : profiles) {
      var sender = new Sender(profile.name(), profile.provider(), profile.settings());
      WebhookRetryClient client =
          sender.withoutKey().client(ProviderSettings.none(), new ArrayList<>());
      if (client != null) {
        names.putIfAbsent(Account.of(client), profile.name());
        client.close();
      }
    }
    return names;
  }

  /** The same with keys that no provider takes, to look at all else. */
  Sender withoutKey() {
    Map<String, String> complete = new LinkedHashMap<>(settings);
    provider.settings().stream()
        .filter(ProviderSetting::secret)
        .forEach(setting -> complete.put(setting.name(), "not-looked-at"));
    return new Sender(profile, provider, complete);
  }

  /** What is wrong with a further setting of this name; null if nothing is. */
  static @Nullable String problemOf(ProviderFactory provider, String name, String prefix) {
    String field = Profile.fieldOf(name);
    if (field != null) {
      return name + ": write " + prefix + field + " instead";
    }
    if (Providers.isSecret(provider, name)) {
      return name + " is secret: name where it is kept, in a profile";
    }
    return provider.takes(name) ? null : name + " is unknown: " + Providers.othersOf(provider);
  }

  /** The client; null if something is wrong, which is added to {@code problems}. */
  @Nullable WebhookRetryClient client(ProviderSettings defaults, List<String> problems) {
    var wrong = new ArrayList<String>();
    ProviderSettings taken = defaults;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String notTaken = notTaken(setting.getKey());
      if (notTaken == null) {
        taken = taken.with(setting.getKey(), setting.getValue());
      } else {
        wrong.add(notTaken);
      }
    }
    if (taken.get(ProviderSetting.BASE_URL) == null
        && Providers.needs(provider, ProviderSetting.BASE_URL)) {
      wrong.add(
          provider.displayName()
              + " has no URL that is the same for all: name yours with "
              + flag("base-url"));
    }
    WebhookRetryClient client = null;
    try {
      client = provider.create(taken);
    } catch (InvalidConfigurationException e) {
      e.problems().stream()
          .filter(
              problem -> !problem.startsWith("no API key") && !problem.startsWith("no base URL"))
          .map(this::inWordsOfTheUser)
          .forEach(wrong::add);
    }
    if (wrong.isEmpty()) {
      return client;
    }
    if (client != null) {
      client.close();
    }
    wrong.forEach(problem -> problems.add(of(problem)));
    return null;
  }

  /** A problem, and whose it is. */
  String of(String problem) {
    return profile == null ? problem : "profile " + profile + ": " + problem;
  }

  private @Nullable String notTaken(String setting) {
    String field = Profile.fieldOf(setting);
    return field == null || provider.takes(setting)
        ? null
        : "%s is for %s only: leave it out, %s takes %s"
            .formatted(
                flag(field),
                String.join(" and ", Providers.taking(setting)),
                provider.name(),
                Profile.FIELDS.entrySet().stream()
                    .filter(other -> provider.takes(other.getValue()))
                    .map(other -> flag(other.getKey()))
                    .collect(Collectors.joining(", ")));
  }

  private String flag(String field) {
    return profile == null ? "--" + field : field;
  }

  /** The builders speak of their methods. */
  private String inWordsOfTheUser(String problem) {
    return problem
        .replace("pass the key as apiKey", "put the key into " + KeySource.DEFAULT_VARIABLE)
        .replaceFirst("^apiKey ", "the API key ")
        .replace("webhooks()", "'redrive webhooks'")
        .replaceFirst("^webhookId ", flag("webhook") + " ")
        .replaceFirst("^account ", flag("account") + " ")
        .replaceFirst("^apiVersion ", flag("api-version") + " ")
        .replaceFirst("^the base URL ", flag("base-url") + ": it ");
  }
}
