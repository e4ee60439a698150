package dev.redrive.cli.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.terminal.Hidden;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the profiles out of a text. Everything in it must be understood: what is ignored today may
 * send to the wrong account tomorrow. No message shows a value, which may be a key.
 */
final class ConfigParser {
  private static final String PROFILES = "profiles";
  private static final String PROVIDER = "provider";
  private static final String SETTINGS = "settings";
  private static final Pattern SECRET =
      Pattern.compile("(api|client|access|auth)?[-_]?(key|token|secret|password|bearer)");

  private final Path file;
  private final String text;

  ConfigParser(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * The profiles in it.
   *
   * @throws ConfigException with the file and the line of the first thing that is wrong
   */
  Profiles profiles() {
    var profiles = new ArrayList<Profile>();
    JsonNode root = tree();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getKey().equals(PROFILES)) {
        throw wrong(0, "unknown name '" + shown(entry.getKey()) + "': use [profiles.NAME]");
      }
      if (!entry.getValue().isObject()) {
        throw wrong(0, "'profiles' is not a table: use [profiles.NAME]");
      }
      for (Map.Entry<String, JsonNode> profile : entry.getValue().properties()) {
        profiles.add(profile(profile.getKey(), profile.getValue()));
      }
    }
    return new Profiles(file, profiles);
  }

  private JsonNode tree() {
    try {
      return new TomlMapper().readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation where = e.getLocation();
      throw wrong(
          where == null ? 0 : where.getLineNr(),
          "this is not TOML: "
              + e.getOriginalMessage().toLowerCase(Locale.ROOT)
              + (where == null ? "" : ", column " + where.getColumnNr())
              + ". Text needs quotes, as in base-url = \"https://portal.example.com\"");
    }
  }

  private Profile profile(String name, JsonNode table) {
    if (!Profile.isName(name)) {
      throw wrong(
          ProfileText.line(text, name, ""),
          "'" + shown(name) + "' cannot be the name of a profile: use letters, digits, - and _");
    }
    if (!table.isObject()) {
      throw wrong(0, "'profiles." + name + "' is not a table: use [profiles." + name + "]");
    }
    ProviderFactory provider = provider(name, table);
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, KeySource> keys = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : table.properties()) {
      String field = entry.getKey();
      if (field.equals(SETTINGS)) {
        addSettings(name, provider, entry.getValue(), settings);
      } else if (Profile.FIELDS.containsKey(field)) {
        settings.put(
            Profile.FIELDS.getOrDefault(field, field), string(name, field, entry.getValue()));
      } else if (!field.equals(PROVIDER)) {
        addKey(name, provider, field, entry.getValue(), keys);
      }
    }
    return new Profile(name, provider, settings, keys);
  }

  private ProviderFactory provider(String name, JsonNode table) {
    JsonNode value = table.get(PROVIDER);
    if (value == null) {
      throw wrong(name, PROVIDER, "it has no provider: use one of " + providers());
    }
    return Providers.find(string(name, PROVIDER, value))
        .orElseThrow(() -> wrong(name, PROVIDER, "unknown provider: use one of " + providers()));
  }

  private static String providers() {
    return String.join(", ", Providers.names());
  }

  private void addKey(
      String name,
      ProviderFactory provider,
      String field,
      JsonNode value,
      Map<String, KeySource> keys) {
    for (ProviderSetting setting : provider.settings()) {
      for (KeySource.Kind kind : KeySource.Kind.values()) {
        String keyName = ProfileText.keyName(setting.name());
        if (setting.secret() && field.equals(keyName + kind.suffix())) {
          String text = string(name, field, value);
          KeySource source = source(kind, text);
          if (new KeySource(kind, text).isLikeAKey() && !source.isFile()) {
            throw wrong(
                name,
                field,
                "'" + field + "' looks like the key itself: name the place where it is kept");
          }
          if (keys.put(setting.name(), source) != null) {
            throw wrong(name, field, "the " + keyName + " is told twice: " + oneOf(keyName));
          }
          return;
        }
      }
    }
    throw isSecret(provider, field) ? keyInTheFile(name, field) : unknown(name, field, provider);
  }

  private static boolean isSecret(ProviderFactory provider, String field) {
    return Providers.isSecret(provider, field)
        || SECRET.matcher(field.toLowerCase(Locale.ROOT)).matches();
  }

  private ConfigException keyInTheFile(String name, String field) {
    return wrong(
        name,
        field,
        "a key does not belong in this file: take '"
            + shown(field)
            + "' out, and name where the key is kept: "
            + oneOf("key"));
  }

  private static String oneOf(String keyName) {
    return "use one of "
        + String.join(
            ", ",
            Arrays.stream(KeySource.Kind.values()).map(kind -> keyName + kind.suffix()).toList());
  }

  private ConfigException unknown(String name, String field, ProviderFactory provider) {
    String advice =
        provider.takes(field)
            ? "write it under [profiles." + name + ".settings]"
            : "use provider, "
                + String.join(", ", Profile.FIELDS.keySet())
                + ", key-env, key-file, key-command or settings";
    return wrong(name, field, "unknown name '" + shown(field) + "': " + advice);
  }

  private void addSettings(
      String name, ProviderFactory provider, JsonNode table, Map<String, String> settings) {
    if (!table.isObject()) {
      throw wrong(
          name, SETTINGS, "'settings' is not a table: use [profiles." + name + ".settings]");
    }
    for (Map.Entry<String, JsonNode> entry : table.properties()) {
      String setting = entry.getKey();
      String field = Profile.fieldOf(setting);
      if (isSecret(provider, setting)) {
        throw keyInTheFile(name, setting);
      }
      if (field != null) {
        throw wrong(name, setting, "write '" + field + "' in [profiles." + name + "] instead");
      }
      if (!provider.takes(setting)) {
        throw wrong(
            name,
            setting,
            "unknown setting '" + shown(setting) + "': " + Providers.othersOf(provider));
      }
      JsonNode value = entry.getValue();
      if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
        throw wrong(name, setting, "'" + setting + "' is not a text, a number, true or false");
      }
      settings.put(setting, value.asText());
    }
  }

  /** A path is one of the user's home, or beside the file. */
  private KeySource source(KeySource.Kind kind, String value) {
    if (kind != KeySource.Kind.FILE) {
      return new KeySource(kind, value);
    }
    try {
      Path path =
          value.startsWith("~/")
              ? Path.of(System.getProperty("user.home"), value.substring(2))
              : file.toAbsolutePath().resolveSibling(value);
      return new KeySource(kind, path.toString());
    } catch (InvalidPathException e) {
      return new KeySource(kind, value);
    }
  }

  private String string(String name, String field, JsonNode value) {
    if (!value.isTextual() || value.asText().isBlank()) {
      throw wrong(name, field, "'" + field + "' is not a text: write it in quotes");
    }
    return value.asText();
  }

  /** A name that is as long as a key may be one. */
  private static String shown(String name) {
    return name.length() <= 20 ? name : Hidden.SHOWN;
  }

  private ConfigException wrong(String name, String field, String problem) {
    return wrong(ProfileText.line(text, name, field), "profile " + name + ": " + problem);
  }

  private ConfigException wrong(int line, String problem) {
    return new ConfigException(file + (line > 0 ? ", line " + line : "") + ": " + problem);
  }
}
