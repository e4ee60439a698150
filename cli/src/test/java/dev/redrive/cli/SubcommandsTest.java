package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

public class SubcommandsTest {
  private final Terminal terminal =
      CommandLineTool.terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream());

  @Test
  void outlines_lookTheSameInTheListOfCommands() {
    String outlined = Main.commandLine(terminal, Set.of("--help")).getUsageMessage();

    assertThat(outlined).isEqualTo(Main.commandLine(terminal).getUsageMessage());
  }

  @Test
  void aCommandThatIsNamed_isThereInFull_andTheOthersAreNot() {
    CommandLine line = Main.commandLine(terminal, Set.of("recover", "--yes"));

    assertThat(options(line, "recover")).isGreaterThan(10);
    assertThat(options(line, "plan")).isLessThan(3);
  }

  private static int options(CommandLine line, String command) {
    return line.getSubcommands().get(command).getCommandSpec().options().size();
  }
}
