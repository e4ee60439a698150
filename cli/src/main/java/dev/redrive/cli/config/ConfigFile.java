package dev.redrive.cli.config;

import dev.redrive.cli.output.NewFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The user's configuration file. It need not be there. */
public final class ConfigFile {
  /** The variable that names another file. */
  public static final String VARIABLE = "REDRIVE_CONFIG";

  private final Path path;

  ConfigFile(Path path) {
    this.path = path;
  }

  /**
   * The file that {@link #VARIABLE} names, or {@code redrive/config.toml} in the user's
   * configuration folder: {@code APPDATA} on Windows, otherwise {@code XDG_CONFIG_HOME} or {@code
   * ~/.config}, also on macOS.
   */
  public static ConfigFile of(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    return new ConfigFile(
        named.isEmpty() ? folder(environment).resolve("config.toml") : Path.of(named));
  }

  private static Path folder(Map<String, String> environment) {
    String appData = environment.getOrDefault("APPDATA", "");
    if (System.getProperty("os.name", "").startsWith("Windows") && !appData.isEmpty()) {
      return Path.of(appData, "redrive");
    }
    return xdg(environment, "XDG_CONFIG_HOME", ".config");
  }

  /**
   * Our folder by the XDG base directory specification, which ignores relative paths.
   *
   * @param variable names the folder of all programs
   * @param usual that folder in the user's home, where the variable names none
   */
  public static Path xdg(Map<String, String> environment, String variable, String usual) {
    String named = environment.get(variable);
    Path base =
        named != null && Path.of(named).isAbsolute()
            ? Path.of(named)
            : Path.of(System.getProperty("user.home")).resolve(usual);
    return base.resolve("redrive");
  }

  /**
   * The profiles; none if the file is not there.
   *
   * @throws ConfigException if it cannot be read or something in it is wrong
   */
  public Profiles read() {
    return parse(text());
  }

  /**
   * Adds a profile at the end, and keeps what is there.
   *
   * @throws ConfigException if there is one of this name, or the file cannot be used
   */
  public void add(Profile profile) {
    String before = text();
    if (parse(before).find(profile.name()).isPresent()) {
      throw new ConfigException(
          "there is a profile %1$s in %2$s already: use another name, or 'redrive config remove %1$s' first"
              .formatted(profile.name(), path));
    }
    String gap = before.isEmpty() ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    String after = before + gap + ProfileText.of(profile);
    Profiles unused = parse(after);
    write(after);
  }

  /**
   * Removes a profile, and keeps everything else.
   *
   * @throws ConfigException if there is none of this name, or the file cannot be used
   */
  public void remove(String name) {
    String before = text();
    Profiles profiles = parse(before);
    Profile profile = profiles.named(List.of(name)).get(0);
    String after = ProfileText.without(name, before);
    if (!parse(after).equals(profiles.without(profile))) {
      throw new ConfigException(
          path + ": profile " + name + " cannot be cut out: remove it with an editor");
    }
    write(after);
  }

  private Profiles parse(String text) {
    return new ConfigParser(path, text).profiles();
  }

  private String text() {
    try {
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      return "";
    } catch (MalformedInputException e) {
      throw new ConfigException(path + " is not a text file in UTF-8");
    } catch (IOException e) {
      throw new ConfigException(path + " cannot be read: check that it is a file and is yours");
    }
  }

  /** Writes it beside its place first, so that it is never there in part. */
  private void write(String text) {
    try {
      // A link stays one: the file that it names is replaced.
      Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      // Only its owner can read it.
      Path draft = Files.createTempFile(folder, "config", ".toml.part");
      try {
        Files.writeString(draft, text);
        NewFile.move(draft, target);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      // By the name that users know: that of the draft is not.
      String reason = e instanceof FileSystemException failed ? failed.getReason() : e.getMessage();
      String why = reason == null ? "check that its folder is yours" : reason;
      throw new UncheckedIOException(new IOException(path + " cannot be written: " + why, e));
    }
  }

  /** Whether the file is there. */
  public boolean isThere() {
    return Files.exists(path);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
