package dev.redrive.cli.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The most frequent causes and endpoints; the rest of a long list is summed up. */
final class Rankings {
  private static final int MOST_ROWS = 12;
  private static final double LEAST_SHARE = 0.006;

  private Rankings() {}

  static List<Page.Ranked> causes(RunSummary summary, Map<String, String> advice) {
    return ranked(
        summary.byCause(),
        cause -> new Endpoint(cause, ""),
        cause -> advice.getOrDefault(cause, ""));
  }

  static List<Page.Ranked> endpoints(RunSummary summary) {
    return ranked(summary.byEndpoint(), endpoint -> endpoint, endpoint -> "");
  }

  private static <K> List<Page.Ranked> ranked(
      Map<K, Count> counts, Function<K, Endpoint> name, Function<K, String> note) {
    List<Map.Entry<K, Count>> sorted =
        counts.entrySet().stream()
            .sorted(
                Comparator.comparing((Map.Entry<K, Count> entry) -> -entry.getValue().total())
                    .thenComparing(entry -> name.apply(entry.getKey()).name()))
            .toList();
    Count rest =
        sorted.stream().skip(MOST_ROWS).map(Map.Entry::getValue).reduce(Count.NOTHING, Count::plus);
    long most = sorted.isEmpty() ? 1 : Math.max(sorted.get(0).getValue().total(), rest.total());
    var ranked = new ArrayList<Page.Ranked>();
    sorted.stream()
        .limit(MOST_ROWS)
        .forEach(
            entry ->
                ranked.add(
                    row(
                        name.apply(entry.getKey()),
                        entry.getValue(),
                        most,
                        note.apply(entry.getKey()))));
    if (sorted.size() > MOST_ROWS) {
      ranked.add(row(new Endpoint((sorted.size() - MOST_ROWS) + " more", ""), rest, most, ""));
    }
    return ranked;
  }

  private static Page.Ranked row(Endpoint name, Count count, long most, String note) {
    return new Page.Ranked(
        name.name(),
        name.url(),
        Formats.number(count.total()),
        count.bad() == 0 ? "" : Formats.number(count.bad()) + " left",
        share(count.total(), most),
        share(count.good(), most),
        share(count.bad(), most),
        note);
  }

  /** What is there is seen, however few. */
  private static String share(long count, long most) {
    return Formats.percent(count == 0 ? 0 : Math.max(LEAST_SHARE, (double) count / most));
  }
}
