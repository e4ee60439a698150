package dev.redrive.cli.commands;

import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Words;
import dev.redrive.cli.terminal.Terminal;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code redrive completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a script that makes a shell complete commands, options and values.",
      "Put the line for your shell into its start-up file:"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(redrive completion bash)       # ~/.bashrc",
      "  source <(redrive completion zsh)        # ~/.zshrc, after compinit",
      "  redrive completion fish | source        # ~/.config/fish/config.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      converter = Shells.class,
      completionCandidates = Shells.class,
      description = "${COMPLETION-CANDIDATES}.")
  private Shell shell;

  @SuppressWarnings("NullAway.Init") // picocli sets both.
  public CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    String name = spec.root().name();
    terminal
        .out()
        .print()
        .print(
            switch (shell) {
              case BASH, ZSH -> AutoComplete.bash(name, root);
              case FISH -> FishCompletion.of(spec.root());
            });
    return ExitCode.OK;
  }

  /** The shells; the script for bash finds out by itself if zsh reads it. */
  public enum Shell {
    BASH,
    ZSH,
    FISH
  }

  /** The shells as they are typed. */
  public static final class Shells extends Words<Shell> {
    public Shells() {
      super("shell", EnumSet.allOf(Shell.class), Words::of);
    }
  }
}
