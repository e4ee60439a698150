package dev.redrive.cli.options;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailureCause;
import dev.redrive.TimeSource;
import dev.redrive.cli.output.Times;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
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
      converter = Words.Causes.class,
      completionCandidates = Words.Causes.class,
      description = "Failed for these causes only: ${COMPLETION-CANDIDATES}.")
  private List<FailureCause> causes = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "At most this many. Default: all.")
  private @Nullable Long limit;

  private @Nullable DeliveryQuery query;

  public FilterOptions() {
    this(TimeSource.system());
  }

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  public FilterOptions(TimeSource time) {
    this.time = time;
  }

  /**
   * The query, the same each time.
   *
   * @throws ParameterException if the filters contradict each other
   */
  public DeliveryQuery query() {
    if (query == null) {
      query = read();
    }
    return query;
  }

  private DeliveryQuery read() {
    if (limit != null && limit < 1) {
      throw wrong("--limit is " + limit + ": ask for at least 1, or leave it out");
    }
    if (eventTypes.stream().anyMatch(String::isBlank)) {
      // It matches nothing, which would look like "nothing failed".
      throw wrong("--event-type is empty: name a type, or leave it out");
    }
    ZonedDateTime now = time.now().atZone(Times.zone());
    Instant from = since == null ? null : since.at(now);
    Instant to = until == null ? null : until.at(now);
    if (from != null && to != null && !to.isAfter(from)) {
      throw wrong(
          "--until (%s) is not after --since (%s): swap or widen them"
              .formatted(Times.toTheSecond(to), Times.toTheSecond(from)));
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
}
