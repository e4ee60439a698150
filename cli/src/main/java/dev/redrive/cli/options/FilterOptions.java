package dev.redrive.cli.options;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailureCause;
import dev.redrive.TimeSource;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which deliveries. */
public final class FilterOptions {
  private static final String TIME = "An instant (2026-03-01T12:00:00Z) or an age (6h, 2d, PT6H).";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = ToInstant.class,
      description = "Recorded at this time or later. " + TIME)
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = ToInstant.class,
      description = "Recorded before this time. " + TIME)
  private @Nullable Instant until;

  @Option(
      names = "--event-type",
      paramLabel = "TYPE",
      split = ",",
      description = "Of these event types only.")
  private List<String> eventTypes = List.of();

  @Option(
      names = "--cause",
      paramLabel = "CAUSE",
      split = ",",
      converter = ToCause.class,
      completionCandidates = Causes.class,
      description = "Failed for these causes only: ${COMPLETION-CANDIDATES}.")
  private List<FailureCause> causes = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: all.")
  private @Nullable Long limit;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public FilterOptions() {}

  /**
   * The query.
   *
   * @throws ParameterException if the filters contradict each other
   */
  public DeliveryQuery query() {
    if (limit != null && limit < 1) {
      throw wrong("--limit is " + limit + ": ask for at least 1, or leave it out");
    }
    if (since != null && until != null && !until.isAfter(since)) {
      throw wrong(
          "--until (" + until + ") is not after --since (" + since + "): swap or widen them");
    }
    return DeliveryQuery.builder()
        .since(since)
        .until(until)
        .eventTypes(eventTypes.toArray(String[]::new))
        .causes(causes.toArray(FailureCause[]::new))
        .limit(limit == null ? Long.MAX_VALUE : limit)
        .build();
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  /** Reads an instant, or an age before now. */
  public static final class ToInstant implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return OffsetDateTime.parse(value).toInstant();
      } catch (DateTimeParseException e) {
        return before(value);
      }
    }

    private static Instant before(String age) {
      try {
        return TimeSource.system().now().minus(Durations.parse(age));
      } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException e) {
        throw new TypeConversionException(
            "'"
                + age
                + "' is not a time: use an instant (2026-03-01T12:00:00Z) or an age (6h, 2d, PT6H)");
      }
    }
  }

  /** Reads a cause: {@code SERVER_ERROR}, {@code server-error}. */
  public static final class ToCause implements ITypeConverter<FailureCause> {
    @Override
    public FailureCause convert(String value) {
      String name = value.strip().replace('-', '_').toUpperCase(Locale.ROOT);
      return Arrays.stream(FailureCause.values())
          .filter(cause -> cause.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "unknown cause '"
                          + value
                          + "': use one of "
                          + String.join(", ", new Causes())));
    }
  }

  /** The causes as they are typed. */
  public static final class Causes extends Candidates {
    private static final long serialVersionUID = 1L;

    public Causes() {
      super(
          Arrays.stream(FailureCause.values())
              .map(cause -> cause.name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .toArray(String[]::new));
    }
  }
}
