package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists with times in any spelling, pages of any size, and rows that hold anything. */
abstract class OddListingContract extends ListingContract {
  private static final int SHORT_PAGE = 20;
  private static final Set<String> TIMES =
      Set.of("createdDate", "sendAt", "createdAt", "creationTime", "created_at");

  private static final List<JsonNode> ODD_VALUES =
      List.of(
          Answer.JSON.textNode("x"),
          Answer.JSON.numberNode(99_999_999_999L),
          Answer.JSON.objectNode(),
          Answer.JSON.arrayNode(),
          Answer.JSON.booleanNode(true),
          Answer.JSON.nullNode());

  /** Each keeps whole seconds at least. */
  private static final Map<String, Function<Instant, JsonNode>> SPELLINGS = spellings();

  private static Map<String, Function<Instant, JsonNode>> spellings() {
    var spellings = new LinkedHashMap<String, Function<Instant, JsonNode>>();
    spellings.put("+0100", at -> text("uuuu-MM-dd'T'HH:mm:ssxx", ZoneOffset.ofHours(1), at));
    spellings.put("-05:00", at -> text("uuuu-MM-dd'T'HH:mm:ssxxx", ZoneOffset.ofHours(-5), at));
    spellings.put("space for T", at -> text("uuuu-MM-dd HH:mm:ss", ZoneOffset.UTC, at));
    spellings.put("RFC 1123", at -> Answer.JSON.textNode(HttpDate.format(at)));
    spellings.put("[UTC]", at -> Answer.JSON.textNode(at + "[UTC]"));
    spellings.put("epoch s", at -> Answer.JSON.numberNode(at.getEpochSecond()));
    spellings.put("epoch ms", at -> Answer.JSON.numberNode(at.toEpochMilli()));
    spellings.put("epoch s as text", at -> Answer.JSON.textNode("" + at.getEpochSecond()));
    return spellings;
  }

  private static JsonNode text(String pattern, ZoneOffset offset, Instant at) {
    return Answer.JSON.textNode(
        DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(offset).format(at));
  }

  /**
   * Whether the provider itself looks for times, so that a row without one was matched there; false
   * by default.
   */
  protected boolean filtersTimesItself() {
    return false;
  }

  @TestFactory
  Stream<DynamicTest> failures_whenTimesAreSpelledOddly_areDatedRight() {
    List<String> ids = fake().failures(12);
    Map<String, Instant> times = new LinkedHashMap<>();
    listed().forEach(failure -> times.put(failure.key().id(), whole(failure)));
    assertThat(times.keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assumeTrue(!times.containsValue(Instant.MIN));
    Instant middle = times.values().stream().sorted().toList().get(6);
    return SPELLINGS.entrySet().stream()
        .map(
            spelling ->
                DynamicTest.dynamicTest(
                    spelling.getKey(),
                    () -> {
                      rewriteTimes(
                          text -> spelling.getValue().apply(Instant.parse(text.textValue())));

                      for (FailedDelivery failure : listed()) {
                        assertThat(whole(failure)).isEqualTo(times.get(failure.key().id()));
                      }
                      Listing<FailedDelivery> late = client().failures(DeliveryQuery.since(middle));
                      assertThat(ids(late.stream().toList()))
                          .containsExactlyInAnyOrderElementsOf(
                              times.entrySet().stream()
                                  .filter(time -> !time.getValue().isBefore(middle))
                                  .map(Map.Entry::getKey)
                                  .toList());
                      assertThat(late.leftOut()).isEqualTo(Listing.LeftOut.NONE);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> failures_whenTimesCannotBeRead_areLeftOutUnderABoundAndCounted() {
    List<String> ids = fake().failures(7);
    assumeTrue(listed().get(0).latest().createdAt() != null);
    Instant old = clock.instant().minus(Duration.ofDays(2));
    Stream<JsonNode> unreadable =
        Stream.of("soon", "", "2026-13-45T99:00:00Z", "12/23/2023 11:26 PM", "Zulu")
            .map(Answer.JSON::textNode);
    Stream<JsonNode> others =
        Stream.of(Answer.JSON.nullNode(), Answer.JSON.objectNode(), Answer.JSON.numberNode(0));
    return Stream.concat(unreadable, others)
        .map(
            odd ->
                DynamicTest.dynamicTest(
                    odd.toString(),
                    () -> {
                      rewriteTimes(text -> odd);
                      boolean wasMatched = odd.isNull() && filtersTimesItself();

                      Listing<FailedDelivery> recent = client().failures(DeliveryQuery.since(old));
                      assertThat(ids(recent.stream().toList())).hasSize(wasMatched ? 7 : 0);
                      assertThat(recent.leftOut())
                          .isEqualTo(new Listing.LeftOut(wasMatched ? 0 : 7, 0));

                      Listing<FailedDelivery> all = client().failures(DeliveryQuery.all());
                      assertThat(ids(all.stream().toList()))
                          .containsExactlyInAnyOrderElementsOf(ids);
                      assertThat(all.leftOut()).isEqualTo(Listing.LeftOut.NONE);
                    }));
  }

  @ParameterizedTest(name = "totals told: {0}")
  @ValueSource(booleans = {false, true})
  void failures_whenPagesAreShorterThanAskedFor_areListedAll(boolean tellsTotals) {
    assumeTrue(traits().visibleFailures() == null);
    fake(settings -> settings.webhooks(1));
    fake().oddLists().mostRows(SHORT_PAGE);
    if (!tellsTotals) {
      fake().oddLists().hideTotals();
    }
    int count = 250;
    List<String> ids = fake().failures(count);

    List<FailedDelivery> failures = listed();

    assertThat(ids(failures)).containsExactlyInAnyOrderElementsOf(ids);
    // Pages overlap by a row, or are read forwards and backwards; a window of them in vain.
    assertThat(fake().requestCount(Operation.LIST))
        .isBetween((long) count / SHORT_PAGE, 3L * count / SHORT_PAGE + 16);
  }

  @TestFactory
  Stream<DynamicTest> failures_whenAFieldOfARowIsOdd_areListedButForThatRow() {
    fake(settings -> settings.webhooks(1));
    fake().failures(9);
    List<FailedDelivery> all = listed();
    FailedDelivery target =
        all.stream()
            .filter(failure -> failure.latest().httpStatus() != null)
            .findFirst()
            .orElse(all.get(4));
    DeliveryQuery query = DeliveryQuery.builder().includeProviderRetries().build();
    return fieldsOf(target).stream()
        .flatMap(field -> ODD_VALUES.stream().map(value -> Map.entry(field, value)))
        .map(
            odd ->
                DynamicTest.dynamicTest(
                    odd.getKey() + " = " + odd.getValue(),
                    () -> {
                      fake()
                          .oddLists()
                          .rewrite(
                              row ->
                                  isOf(target, row) && row.has(odd.getKey())
                                      ? ((ObjectNode) row).set(odd.getKey(), odd.getValue())
                                      : row);

                      Listing<FailedDelivery> listing = client().failures(query);
                      List<String> found = ids(listing.toList());

                      List<String> others = new ArrayList<>(ids(all));
                      others.remove(target.key().id());
                      assertThat(found).containsAll(others).doesNotHaveDuplicates();
                      assertThat(found.size() + listing.leftOut().unreadable())
                          .as("what is listed and what is counted")
                          .isGreaterThanOrEqualTo(all.size());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> failures_whenARowIsNone_areListedButForThatRow() {
    fake(settings -> settings.webhooks(1));
    fake().failures(7);
    List<FailedDelivery> all = listed();
    UnaryOperator<JsonNode> withoutId = row -> ((ObjectNode) row).without("id");
    UnaryOperator<JsonNode> oddId = row -> ((ObjectNode) row).set("id", Answer.object());
    Map<String, UnaryOperator<JsonNode>> rows = new LinkedHashMap<>();
    rows.put("without id", withoutId);
    rows.put("with an odd id", oddId);
    rows.put("null", row -> Answer.JSON.nullNode());
    rows.put("a text", row -> Answer.JSON.textNode("gone"));
    rows.put("a list", row -> Answer.JSON.arrayNode().add(1));
    return rows.entrySet().stream()
        .flatMap(
            odd ->
                Stream.of(0, 3, 6)
                    .map(
                        place ->
                            DynamicTest.dynamicTest(
                                odd.getKey() + " at " + place,
                                () -> assertLeftOut(all, all.get(place), odd.getValue()))));
  }

  private void assertLeftOut(
      List<FailedDelivery> all, FailedDelivery target, UnaryOperator<JsonNode> odd) {
    fake().oddLists().rewrite(row -> isOf(target, row) ? odd.apply(row) : row);

    Listing<FailedDelivery> listing = client().failures(DeliveryQuery.all());
    List<String> found = ids(listing.toList());

    List<String> others = new ArrayList<>(ids(all));
    others.remove(target.key().id());
    assertThat(found).containsExactlyInAnyOrderElementsOf(others);
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @Test
  void outcomes_whenOtherRowsCannotBeRead_areNotProvenByAbsence() {
    // A record of its own that tells its latest attempt is evidence, whatever the others hold.
    assumeTrue(!filtersTimesItself());
    fake(settings -> settings.webhooks(1));
    fake().failures(9);
    FailedDelivery target =
        listed().stream().max(Comparator.comparingInt(OddListingContract::attempts)).orElseThrow();
    for (Fault fault : List.of(Fault.lostRequest(), Fault.lostAnswer())) {
      fake().faults().on(Operation.RETRY).inject(fault);
      RetryResult result = client().retry(target);
      fake().settle();
      fake().traffic(3);
      settle();
      var odd = new AtomicInteger();
      fake()
          .oddLists()
          .rewrite(
              row -> {
                if (row.path("id").asText().equals(target.latest().logId())) {
                  return row;
                }
                odd.incrementAndGet();
                return Answer.object();
              });

      RetryOutcome outcome = outcome(result);

      assumeTrue(odd.get() > 0, "reads records one by one");
      if (outcome.log() == null) {
        assertThat(outcome.status())
            .as(fault + ": " + outcome.reason())
            .isNotIn(RetryOutcome.Status.NOT_SENT, RetryOutcome.Status.DELIVERED);
      }
      fake().oddLists().rewrite(row -> row);
    }
  }

  private static int attempts(FailedDelivery failure) {
    Integer number = failure.latest().attemptNumber();
    return number == null ? 1 : number;
  }

  /** The fields of a failure's rows, in lists and in single reads, but for the id. */
  private Set<String> fieldsOf(FailedDelivery target) {
    Set<String> fields = ConcurrentHashMap.newKeySet();
    fake()
        .oddLists()
        .rewrite(
            row -> {
              if (isOf(target, row)) {
                row.fieldNames().forEachRemaining(fields::add);
              }
              return row;
            });
    listed();
    var sorted = new LinkedHashSet<>(fields.stream().sorted().toList());
    sorted.remove("id");
    assertThat(sorted).isNotEmpty();
    return sorted;
  }

  /** Whether a row is the failure's own, that of its event, or that of its latest attempt. */
  private static boolean isOf(FailedDelivery failure, JsonNode row) {
    String id = row.path("id").asText();
    return id.equals(failure.latest().logId())
        || failure.key().id().equals(id)
        || failure.key().id().startsWith(id + "/");
  }

  private void rewriteTimes(UnaryOperator<JsonNode> odd) {
    fake()
        .oddLists()
        .rewrite(
            row -> {
              for (String field : TIMES) {
                if (row.path(field).isTextual()) {
                  ((ObjectNode) row).set(field, odd.apply(row.get(field)));
                }
              }
              return row;
            });
  }

  /** When a failure was made, to the second; the far past if that is not told. */
  private static Instant whole(FailedDelivery failure) {
    Instant created = failure.latest().createdAt();
    return created == null ? Instant.MIN : created.truncatedTo(ChronoUnit.SECONDS);
  }
}
