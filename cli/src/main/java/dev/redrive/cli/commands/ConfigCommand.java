package dev.redrive.cli.commands;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.config.ConfigFile;
import dev.redrive.cli.config.KeySource;
import dev.redrive.cli.config.Profile;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.options.SenderFlags;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.output.Table;
import dev.redrive.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code redrive config}: the profiles in the configuration file. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Manages the profiles in the configuration file: one for each account, with its settings and"
          + " the place of its key.",
      "The other commands take them with --profile NAME[,NAME] or --all."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive config add sales --provider chatt2me --key-env SALES_KEY",
      "  redrive config add portal --provider onlyoffice \\",
      "      --base-url https://portal.example.com --key-file ~/.keys/portal",
      "  redrive config add cards --provider baanx --key-command 'pass show baanx'",
      "  redrive config list"
    })
public final class ConfigCommand implements Runnable {
  private static final Rows<Profile> ROWS =
      new Rows<>(
          List.of("PROFILE", "PROVIDER", "BASE URL", "ACCOUNT", "KEY"),
          profile ->
              new Object[] {
                profile.name(),
                profile.provider().name(),
                profile.settings().get(ProviderSetting.BASE_URL),
                profile.settings().get(ProviderSetting.ACCOUNT),
                profile.key()
              },
          ConfigCommand::fields);

  private final Terminal terminal;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public ConfigCommand(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  public ConfigCommand(Terminal terminal) {
    this(terminal, System.getenv());
  }

  @Override
  public void run() {
    throw wrong("no command given: use add, list, show, remove or path");
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Adds a profile at the end of the file, and creates the file if needed. Makes no request.",
        "The key itself is never written: name where it is kept."
      })
  int add(
      @Parameters(
              paramLabel = "NAME",
              description = "Its name: letters, digits, - and _, at most 40.")
          String name,
      @Mixin SenderFlags flags,
      @ArgGroup(multiplicity = "0..1") @Nullable KeyFlags key) {
    if (!Profile.isName(name)) {
      throw wrong("this cannot be the name of a profile: use letters, digits, - and _");
    }
    ProviderFactory provider = flags.provider();
    if (provider == null) {
      throw wrong("no provider given: add --provider");
    }
    var problems = new ArrayList<String>();
    Map<String, String> settings = flags.settings(provider, problems);
    problems.addAll(flags.check(provider, settings));
    if (!problems.isEmpty()) {
      throw wrong(String.join("; ", problems));
    }
    Map<String, KeySource> keys = new HashMap<>();
    if (key != null) {
      KeySource source = key.source();
      if (source.isLikeAKey() && !source.isFile()) {
        throw wrong(
            "this looks like the key itself: name the variable, file or command that has it");
      }
      keys.put(ProviderSetting.API_KEY, source.absolute());
    }
    ConfigFile file = file();
    var profile = new Profile(name, provider, settings, keys);
    file.add(profile);
    terminal.note(
        "Profile %s is in %s. Its key: %s. Try it with 'redrive webhooks --profile %s'."
            .formatted(name, file, profile.key(), name));
    return ExitCode.OK;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the profiles, and where their keys are kept.")
  int list(@Mixin OutputOption output) {
    ConfigFile file = file();
    List<Profile> profiles = file.read().list();
    long count = ROWS.write(profiles, output.format(), terminal.out());
    if (count == 0) {
      terminal.note("no profiles in " + file + ": 'redrive config add' makes one");
    }
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows one profile, and never a key.")
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin OutputOption output) {
    Profile profile = file().read().named(List.of(name)).get(0);
    switch (output.format()) {
      case JSON -> terminal.out().println(Json.line(fields(profile)));
      case TABLE -> {
        try (var table = new Table(terminal.out(), "PROFILE", profile.name())) {
          table.row("provider", profile.provider().name());
          profile.fields().forEach(table::row);
          table.row("key", profile.key());
          profile.others().forEach(table::row);
        }
      }
    }
    return ExitCode.OK;
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Removes one profile from the file, and keeps the rest of it.")
  int remove(@Parameters(paramLabel = "NAME", description = "Its name.") String name) {
    ConfigFile file = file();
    file.remove(name);
    terminal.note("Profile " + name + " is no longer in " + file + ".");
    return ExitCode.OK;
  }

  @Command(
      name = "path",
      mixinStandardHelpOptions = true,
      description = "Tells where the file is, or would be. REDRIVE_CONFIG names another one.")
  int path() {
    ConfigFile file = file();
    terminal.out().println(file);
    if (!file.isThere()) {
      terminal.note("It is not there yet: 'redrive config add' makes it.");
    }
    return ExitCode.OK;
  }

  private ConfigFile file() {
    return ConfigFile.of(environment);
  }

  private ParameterException wrong(String problem) {
    ParseResult parsed = spec.commandLine().getParseResult();
    CommandSpec named = parsed.hasSubcommand() ? parsed.subcommand().commandSpec() : spec;
    return new ParameterException(named.commandLine(), problem);
  }

  static Fields fields(Profile profile) {
    var fields =
        new Fields().text("profile", profile.name()).text("provider", profile.provider().name());
    Profile.FIELDS.forEach(
        (field, setting) -> fields.text(setting, profile.settings().get(setting)));
    return fields.text("key", profile.key().toString()).object("settings", profile.others());
  }

  /** Where the key is kept: one of these. */
  static final class KeyFlags {
    @Option(
        names = "--key-env",
        paramLabel = "VARIABLE",
        description = "The key is in this environment variable. Default: REDRIVE_API_KEY.")
    private @Nullable String variable;

    @Option(names = "--key-file", paramLabel = "FILE", description = "The key is in this file.")
    private @Nullable Path file;

    @Option(
        names = "--key-command",
        paramLabel = "COMMAND",
        description =
            "The key is the first line that this command prints, or the PEM file that it prints.")
    private @Nullable String command;

    KeySource source() {
      if (variable != null) {
        return new KeySource(KeySource.Kind.ENV, variable);
      }
      return file != null
          ? new KeySource(KeySource.Kind.FILE, file.toString())
          : new KeySource(KeySource.Kind.COMMAND, String.valueOf(command));
    }
  }
}
