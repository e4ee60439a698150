package dev.redrive.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The profiles of a configuration file, in its order.
 *
 * @param file where they are from
 * @param list all of them
 */
public record Profiles(Path file, List<Profile> list) {
  public Profiles {
    list = List.copyOf(list);
  }

  /**
   * All of them.
   *
   * @throws ConfigException if there are none
   */
  public List<Profile> all() {
    if (list.isEmpty()) {
      throw new ConfigException(
          "there are no profiles in " + file + ": 'redrive config add' makes one");
    }
    return list;
  }

  public Optional<Profile> find(String name) {
    return list.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }

  /**
   * Those of these names, in the order of the names.
   *
   * @throws ConfigException if there is none of one of them
   */
  public List<Profile> named(List<String> names) {
    var named = new ArrayList<Profile>();
    for (String name : new LinkedHashSet<>(names)) {
      named.add(find(name).orElseThrow(() -> new ConfigException(unknown(name))));
    }
    return named;
  }

  Profiles without(Profile profile) {
    return new Profiles(file, list.stream().filter(other -> !other.equals(profile)).toList());
  }

  private String unknown(String name) {
    String known =
        list.isEmpty()
            ? "it has none, 'redrive config add' makes one"
            : "use " + list.stream().map(Profile::name).collect(Collectors.joining(", "));
    return "unknown profile '" + name + "' in " + file + ": " + known;
  }
}
