package dev.redrive.cli.options;

import dev.redrive.cli.output.Fate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The states of deliveries as they are typed: {@code failed-again}. */
public final class FateOption {
  private FateOption() {}

  /** States as they are typed, for messages. */
  public static String names(Collection<Fate> fates) {
    return fates.stream().sorted().map(FateOption::name).collect(Collectors.joining(", "));
  }

  private static String name(Fate fate) {
    return fate.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A delivery of a ledger is never skipped: only listed rows are. */
  private static List<Fate> ofDeliveries() {
    return Arrays.stream(Fate.values()).filter(fate -> fate != Fate.SKIPPED).toList();
  }

  /** Reads a state: {@code failed-again}, {@code FAILED_AGAIN}. */
  public static final class ToFate implements ITypeConverter<Fate> {
    @Override
    public Fate convert(String value) {
      String name = value.strip().replace('-', '_').toUpperCase(Locale.ROOT);
      return ofDeliveries().stream()
          .filter(fate -> fate.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "unknown state '" + value + "': use one of " + names(ofDeliveries())));
    }
  }

  /** The states as they are typed. */
  public static final class Fates extends Candidates {
    private static final long serialVersionUID = 1L;

    public Fates() {
      super(ofDeliveries().stream().map(FateOption::name).toList());
    }
  }
}
