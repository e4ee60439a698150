package dev.redrive.cli.options;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailureCause;
import dev.redrive.TimeSource;
import dev.redrive.cli.output.Times;
import java.time.Instant;
import java.time.ZonedDateTime;
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
  private static final String TIME =
      "10:30, yesterday, 2026-03-01, an instant, or an age: 5min, 6h.";

  private final TimeSource time;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = ToWhen.class,
      description = "Recorded at this time or later. " + TIME)
  private @Nullable When since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = ToWhen.class,
      description = "Recorded before this time. " + TIME)
  private @Nullable When until;

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

  public FilterOptions() {
    this(TimeSource.system());
  }

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public FilterOptions(TimeSource time) {
    this.time = time;
  }

  /**
   * The query.
   *
   * @throws ParameterException if the filters contradict each other
   */
  public DeliveryQuery query() {
    if (limit != null && limit < 1) {
      throw wrong("--limit is " + limit + ": ask for at least 1, or leave it out");
    }
    ZonedDateTime now = time.now().atZone(Times.zone());
    Instant from = since == null ? null : since.at(now);
    Instant to = until == null ? null : until.at(now);
    if (from != null && to != null && !to.isAfter(from)) {
      throw wrong(
          "--until ("
              + Times.toTheSecond(to)
              + ") is not after --since ("
              + Times.toTheSecond(from)
              + "): swap or widen them");
    }
    return DeliveryQuery.builder()
        .since(from)
        .until(to)
        .eventTypes(eventTypes.toArray(String[]::new))
        .causes(causes.toArray(FailureCause[]::new))
        .limit(limit == null ? Long.MAX_VALUE : limit)
        .build();
  }

  private ParameterException wrong(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  /** Reads a time. */
  public static final class ToWhen implements ITypeConverter<When> {
    @Override
    public When convert(String value) {
      try {
        return When.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
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
