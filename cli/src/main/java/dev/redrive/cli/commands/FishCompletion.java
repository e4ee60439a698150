package dev.redrive.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A script for the fish shell, which picocli has none for. */
final class FishCompletion {
  private final String name;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String name) {
    this.name = name;
  }

  /** The script for a command and all that it has. */
  static String of(CommandSpec root) {
    var script = new FishCompletion(root.name());
    script.lines.add("complete -c " + script.name + " -f");
    script.add(root, List.of());
    return String.join("\n", script.lines) + "\n";
  }

  private void add(CommandSpec command, List<String> path) {
    List<CommandLine> subcommands = List.copyOf(command.subcommands().values());
    String names =
        subcommands.stream()
            .map(sub -> sub.getCommandSpec().name())
            .collect(Collectors.joining(" "));
    // A command is completed until one of its own commands is typed.
    String here =
        path.stream()
            .map(word -> "__fish_seen_subcommand_from " + word)
            .collect(Collectors.joining("; and "));
    String until =
        names.isEmpty()
            ? here
            : (here.isEmpty() ? "" : here + "; and ") + "not __fish_seen_subcommand_from " + names;
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        lines.add(
            line(path.isEmpty() ? until : here) + names(option) + value(option) + describe(option));
      }
    }
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (parameter.completionCandidates() != null) {
        lines.add(line(until) + " -a " + quoted(candidates(parameter)) + describe(parameter));
      }
    }
    for (CommandLine sub : subcommands) {
      CommandSpec spec = sub.getCommandSpec();
      lines.add(
          line(until)
              + " -a "
              + spec.name()
              + description(String.join(" ", spec.usageMessage().description())));
      var deeper = new ArrayList<>(path);
      deeper.add(spec.name());
      add(spec, deeper);
    }
  }

  private String line(String condition) {
    return "complete -c " + name + (condition.isEmpty() ? "" : " -n " + quoted(condition));
  }

  private static String names(OptionSpec option) {
    return List.of(option.names()).stream()
        .map(
            name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
        .collect(Collectors.joining());
  }

  private static String value(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    if (option.completionCandidates() != null) {
      return " -x -a " + quoted(candidates(option));
    }
    String label = option.paramLabel().toUpperCase(Locale.ROOT);
    return label.contains("FILE") || label.contains("PATH") ? " -r -F" : " -x";
  }

  private static String candidates(ArgSpec argument) {
    return StreamSupport.stream(argument.completionCandidates().spliterator(), false)
        .collect(Collectors.joining(" "));
  }

  private static String describe(ArgSpec argument) {
    return description(String.join(" ", argument.description()));
  }

  /** The first sentence. */
  private static String description(String text) {
    String first = text.strip().split("[.:;](?: |$)", 2)[0];
    return first.isEmpty() || first.contains("${") ? "" : " -d " + quoted(first);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
