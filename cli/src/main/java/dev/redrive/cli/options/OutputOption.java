package dev.redrive.cli.options;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code -o}, {@code --output}. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      converter = ToForm.class,
      completionCandidates = Forms.class,
      description = "table, for people, or json, for scripts. Default: ${DEFAULT-VALUE}.")
  private OutputFormat format = OutputFormat.TABLE;

  public OutputFormat format() {
    return format;
  }

  /** Reads a form. */
  public static final class ToForm implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "table" -> OutputFormat.TABLE;
        case "json" -> OutputFormat.JSON;
        default ->
            throw new TypeConversionException("unknown format '" + value + "': use table or json");
      };
    }
  }

  /** The forms as they are typed. */
  public static final class Forms extends Candidates {
    private static final long serialVersionUID = 1L;

    public Forms() {
      super("table", "json");
    }
  }
}
