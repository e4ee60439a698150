package dev.redrive.http;

import dev.redrive.RetryOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the outcomes of retries in groups that can be read together, such as those of one webhook
 * or of one event.
 */
public final class OutcomeGroups {
  private OutcomeGroups() {}

  /**
   * Reads one group.
   *
   * @param <Q> the question about one retry
   */
  @FunctionalInterface
  public interface Reading<Q> {
    /** Passes one outcome for each question to {@code handOver}, in one or more parts. */
    void read(String group, List<Q> questions, Consumer<List<RetryOutcome>> handOver);
  }

  /** Groups the questions. Keeps the order of groups and questions. The map is modifiable. */
  public static <Q> Map<String, List<Q>> by(Function<Q, String> group, List<Q> questions) {
    return questions.stream()
        .collect(Collectors.groupingBy(group, LinkedHashMap::new, Collectors.toList()));
  }

  /**
   * Reads all groups, several at once, as {@link ProviderHttp#readEach(List,
   * java.util.function.BiConsumer, Consumer)} does.
   */
  public static <Q> void readEach(
      ProviderHttp http,
      Map<String, List<Q>> groups,
      Reading<Q> reading,
      Consumer<List<RetryOutcome>> reader) {
    http.<Map.Entry<String, List<Q>>, RetryOutcome>readEach(
        List.copyOf(groups.entrySet()),
        (group, handOver) -> reading.read(group.getKey(), group.getValue(), handOver),
        reader);
  }
}
