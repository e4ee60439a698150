package dev.redrive.cli;

import picocli.CommandLine.Option;

/** {@code --output}. */
final class OutputOption {
  @Option(
      names = "--output",
      paramLabel = "FORM",
      defaultValue = "table",
      completionCandidates = Forms.class,
      description = "table, for people, or json, for scripts. Default: ${DEFAULT-VALUE}.")
  private OutputFormat format = OutputFormat.TABLE;

  OutputFormat format() {
    return format;
  }

  /** The forms as they are typed. */
  static final class Forms extends Candidates {
    private static final long serialVersionUID = 1L;

    Forms() {
      super("table", "json");
    }
  }
}
