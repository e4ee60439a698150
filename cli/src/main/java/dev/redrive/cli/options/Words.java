package dev.redrive.cli.options;

import dev.redrive.FailureCause;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.cli.output.Fate;
import dev.redrive.recovery.ledger.LedgerAdmin;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The words that an option takes, and what each stands for: reads them in any case, and with {@code
 * _} for {@code -}, and offers them to the shell's completion.
 */
public abstract class Words<T> implements ITypeConverter<T>, Iterable<String> {
  private final String what;
  private final Map<String, T> values = new LinkedHashMap<>();

  /**
   * Creates them.
   *
   * @param what what one of them is, for messages
   */
  protected Words(String what, Collection<? extends T> values, Function<? super T, String> word) {
    this.what = what;
    values.forEach(value -> this.values.put(word.apply(value), value));
  }

  /** An enum's constant as it is typed: {@code failed-again}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public T convert(String text) {
    T value = values.get(text.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (value == null) {
      throw new TypeConversionException(
          "unknown %s '%s': use %s"
              .formatted(
                  what,
                  text,
                  values.size() == 2
                      ? String.join(" or ", this)
                      : "one of " + String.join(", ", this)));
    }
    return value;
  }

  @Override
  public Iterator<String> iterator() {
    return values.keySet().iterator();
  }

  /** What became of a delivery of a ledger. */
  public static final class Fates extends Words<Fate> {
    public Fates() {
      super("state", Fate.IN_LEDGER, Words::of);
    }
  }

  /** Why deliveries fail. */
  public static final class Causes extends Words<FailureCause> {
    public Causes() {
      super("cause", EnumSet.allOf(FailureCause.class), Words::of);
    }
  }

  /** The forms of output. */
  public static final class Formats extends Words<OutputFormat> {
    public Formats() {
      super("format", EnumSet.allOf(OutputFormat.class), Words::of);
    }
  }

  /** The corrections of a ledger. */
  public static final class Resolutions extends Words<LedgerAdmin.Resolution> {
    public Resolutions() {
      super("state", EnumSet.allOf(LedgerAdmin.Resolution.class), Words::of);
    }
  }

  /** The providers that are on the class path. */
  public static final class ProviderNames extends Words<ProviderFactory> {
    public ProviderNames() {
      super("provider", Providers.ALL, ProviderFactory::name);
    }
  }

  /** The versions of the APIs that have several. */
  public static final class ApiVersions extends Words<String> {
    public ApiVersions() {
      super("version", Providers.values(ProviderSetting.API_VERSION), version -> version);
    }
  }
}
