package dev.redrive.cli;

import dev.redrive.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/** How help looks: commands by purpose, as wide as the terminal. */
final class HelpLayout {
  private static final int NARROWEST = 60;
  private static final int WIDEST = 100;

  /** Where help goes to a file. */
  private static final int USUAL = 80;

  private static final int NAME_COLUMNS = 14;

  /** The purposes in order. What is not named here is shown last. */
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("Look", List.of("providers", "webhooks", "logs", "failures", "show"));
    GROUPS.put("Recover", List.of("plan", "recover", "catch-up", "retry"));
    GROUPS.put("Keep", List.of("history", "report", "ledger", "config", "doctor"));
  }

  private static final String OTHERS = "More";

  private HelpLayout() {}

  /** Whether a command line asks for help, which takes a moment to lay out. */
  static boolean isAskedFor(ParseResult parsed) {
    return parsed.isUsageHelpRequested()
        || parsed.commandSpec().helpCommand()
        || (parsed.subcommand() != null && isAskedFor(parsed.subcommand()));
  }

  /** Fits help to a terminal: this asks what it is. */
  static void fit(CommandLine line, Terminal terminal) {
    int width = terminal.out().isTerminal() ? terminal.out().width() : USUAL;
    line.setUsageHelpWidth(Math.min(WIDEST, Math.max(NARROWEST, width)));
    line.setColorScheme(Help.defaultColorScheme(terminal.out().colours() ? Ansi.ON : Ansi.OFF));
    line.getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpLayout::commandsByPurpose);
  }

  private static String commandsByPurpose(Help help) {
    var left = new LinkedHashMap<>(help.subcommands());
    var text = new StringBuilder();
    GROUPS.forEach(
        (purpose, names) -> {
          var commands = new LinkedHashMap<String, Help>();
          names.forEach(
              name -> {
                Help command = left.remove(name);
                if (command != null) {
                  commands.put(name, command);
                }
              });
          append(text, help, purpose, commands);
        });
    append(text, help, OTHERS, left);
    return text.toString();
  }

  private static void append(
      StringBuilder text, Help help, String purpose, Map<String, Help> commands) {
    if (commands.isEmpty()) {
      return;
    }
    int width = help.commandSpec().usageMessage().width();
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(NAME_COLUMNS, 2, Column.Overflow.SPAN),
            new Column(width - NAME_COLUMNS, 2, Column.Overflow.WRAP));
    commands.forEach(
        (name, command) ->
            table.addRowValues(
                help.colorScheme().commandText(name), help.colorScheme().text(summary(command))));
    text.append(purpose).append(":\n").append(table);
  }

  /** The first clause of a description: the rest is in the command's own help. */
  private static String summary(Help command) {
    var lines = new ArrayList<String>(List.of(command.commandSpec().usageMessage().header()));
    lines.addAll(List.of(command.commandSpec().usageMessage().description()));
    return lines.stream()
        .filter(line -> !line.isBlank())
        .findFirst()
        .map(line -> line.split("[.:;](?: |$)", 2)[0])
        .orElse("");
  }
}
