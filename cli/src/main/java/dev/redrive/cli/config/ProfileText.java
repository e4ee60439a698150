package dev.redrive.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.redrive.ProviderSetting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Profiles as text: writes one, cuts one out, and finds the line of one. */
final class ProfileText {
  private static final String KEY = "key";
  private static final Pattern HEADER = Pattern.compile("\\s*\\[.*");

  private ProfileText() {}

  /** The name of a secret setting in a profile, before {@code -env}, {@code -file} and so on. */
  static String keyName(String setting) {
    return setting.equals(ProviderSetting.API_KEY) ? KEY : setting;
  }

  /** The table of a profile. */
  static String of(Profile profile) {
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("provider", profile.provider().name());
    table.putAll(profile.fields());
    new TreeMap<>(profile.keys())
        .forEach(
            (setting, source) ->
                table.put(keyName(setting) + source.kind().suffix(), source.value()));
    if (!profile.others().isEmpty()) {
      table.put("settings", profile.others());
    }
    try {
      return "[profiles." + profile.name() + "]\n" + new TomlMapper().writeValueAsString(table);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Maps of text are always TOML", e);
    }
  }

  /** The text without a profile's tables. Comments right above the next table stay with that. */
  static String without(String name, String text) {
    var kept = new ArrayList<String>();
    var cut = new ArrayList<String>();
    boolean isCut = false;
    for (String line : text.split("(?<=\n)", -1)) {
      if (HEADER.matcher(line.strip()).matches()) {
        if (isCut) {
          kept.addAll(above(cut));
        }
        cut.clear();
        isCut = isTableOf(name, line);
      }
      (isCut ? cut : kept).add(line);
    }
    while (isCut && !kept.isEmpty() && kept.get(kept.size() - 1).isBlank()) {
      kept.remove(kept.size() - 1);
    }
    return String.join("", kept);
  }

  /** The comments and blank lines that end a table. */
  private static List<String> above(List<String> table) {
    int start = table.size();
    while (start > 1 && (table.get(start - 1).isBlank() || isComment(table.get(start - 1)))) {
      start--;
    }
    List<String> last = table.subList(start, table.size());
    int comment = 0;
    while (comment < last.size() && last.get(comment).isBlank()) {
      comment++;
    }
    return List.copyOf(last.subList(comment, last.size()));
  }

  private static boolean isComment(String line) {
    return line.stripLeading().startsWith("#");
  }

  /** The number of the line of a profile's field, or of the profile; 0 if it is not found. */
  static int line(String text, String name, String field) {
    Pattern assignment =
        Pattern.compile(
            "\\s*(?:settings\\s*\\.\\s*)?[\"']?" + Pattern.quote(field) + "[\"']?\\s*=.*");
    int header = 0;
    boolean isInside = false;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (HEADER.matcher(line).matches()) {
        isInside = isTableOf(name, line);
        header = isInside && header == 0 ? number : header;
      } else if (isInside && assignment.matcher(line).matches()) {
        return number;
      }
    }
    return header;
  }

  private static boolean isTableOf(String name, String line) {
    String part = "\\s*[\"']?%s[\"']?\\s*";
    String header =
        "\\s*\\[" + part.formatted("profiles") + "\\." + part.formatted(Pattern.quote(name));
    return Pattern.compile(header + "[\\].].*", Pattern.DOTALL).matcher(line).matches();
  }
}
