package dev.redrive.cli.options;

import picocli.CommandLine.Option;

/** {@code -o}, {@code --output}. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      converter = Words.Formats.class,
      completionCandidates = Words.Formats.class,
      description = "table, for people, or json, for scripts. Default: ${DEFAULT-VALUE}.")
  private OutputFormat format = OutputFormat.TABLE;

  public OutputFormat format() {
    return format;
  }

  public boolean isJson() {
    return format == OutputFormat.JSON;
  }
}
