package dev.redrive.http;

import dev.redrive.RetryOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outcomes of retries in groups that can be read together, such as those of one webhook
 * or of one event.
 */
public final class OutcomeGroups {
  /**
   * The least number of open questions for which a page of a list is read. For fewer, it may well
   * contain none of them.
   */
  private static final int WORTH_A_PAGE = 8;

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

  /**
   * Reads pages of a list of the deliveries' own records, as long as each page saves more than one
   * read by id. Rows may move meanwhile, because absence from a page is not used as evidence.
   *
   * @param open the open questions by the ids of their deliveries; those that are answered are
   *     removed
   * @param id returns the id of a record; null if it has none
   * @param answer returns the outcome that a record shows
   */
  public static <T> void readListed(
      Map<String, List<Question>> open,
      int pageSize,
      PageReader<T> list,
      Function<T, @Nullable String> id,
      BiFunction<Question, T, RetryOutcome> answer,
      Consumer<List<RetryOutcome>> reader) {
    boolean goesOn = open.size() >= WORTH_A_PAGE;
    for (int offset = 0; goesOn; ) {
      PageReader.Page<T> page = list.read(offset, pageSize);
      var found = new ArrayList<RetryOutcome>();
      int before = open.size();
      for (T row : page.rows()) {
        String rowId = row == null ? null : id.apply(row);
        List<Question> ofRow = rowId == null ? null : open.remove(ProviderHttp.canonicalId(rowId));
        if (row != null && ofRow != null) {
          ofRow.forEach(question -> found.add(answer.apply(question, row)));
        }
      }
      if (!found.isEmpty()) {
        reader.accept(found);
      }
      offset += page.rows().size();
      goesOn = offset != page.total() && before - open.size() > 1 && open.size() > 1;
    }
  }
}
