package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists with pages of any size, and rows that hold anything. */
public interface OddRowsContract extends ContractPart {
  @ParameterizedTest(name = "totals told: {0}")
  @ValueSource(booleans = {false, true})
  default void failures_whenPagesAreShorterThanAskedFor_areListedAll(boolean tellsTotals) {
    assumeTrue(traits().visibleFailures() == null);
    fake(settings -> settings.webhooks(1));
    int shortPage = 20;
    fake().oddLists().mostRows(shortPage);
    if (!tellsTotals) {
      fake().oddLists().hideTotals();
    }
    int count = 250;
    List<String> ids = fake().failures(count);

    List<FailedDelivery> failures = listed();

    assertThat(ids(failures)).containsExactlyInAnyOrderElementsOf(ids);
    // Pages overlap by a row, or are read forwards and backwards; a window of them in vain.
    assertThat(fake().requestCount(Operation.LIST))
        .isBetween((long) count / shortPage, 3L * count / shortPage + 16);
  }

  @TestFactory
  default Stream<DynamicTest> failures_whenAFieldOfARowIsOdd_areListedButForThatRow() {
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
        .flatMap(field -> OddRow.ODD_VALUES.stream().map(value -> Map.entry(field, value)))
        .map(
            odd ->
                DynamicTest.dynamicTest(
                    odd.getKey() + " = " + odd.getValue(),
                    () -> {
                      rewriteRows(
                          row ->
                              OddRow.isOf(target, row) && row.has(odd.getKey())
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
  default Stream<DynamicTest> failures_whenARowIsNone_areListedButForThatRow() {
    fake(settings -> settings.webhooks(1));
    fake().failures(7);
    List<FailedDelivery> all = listed();
    UnaryOperator<JsonNode> withoutId = row -> ((ObjectNode) row).without("id");
    UnaryOperator<JsonNode> oddId = row -> ((ObjectNode) row).set("id", OddRow.NODES.objectNode());
    Map<String, UnaryOperator<JsonNode>> rows = new LinkedHashMap<>();
    rows.put("without id", withoutId);
    rows.put("with an odd id", oddId);
    rows.put("null", row -> OddRow.NODES.nullNode());
    rows.put("a text", row -> OddRow.NODES.textNode("gone"));
    rows.put("a list", row -> OddRow.NODES.arrayNode().add(1));
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
    rewriteRows(row -> OddRow.isOf(target, row) ? odd.apply(row) : row);

    Listing<FailedDelivery> listing = client().failures(DeliveryQuery.all());
    List<String> found = ids(listing.toList());

    List<String> others = new ArrayList<>(ids(all));
    others.remove(target.key().id());
    assertThat(found).containsExactlyInAnyOrderElementsOf(others);
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @Test
  default void outcomes_whenOtherRowsCannotBeRead_areNotProvenByAbsence() {
    // A record of its own that tells its latest attempt is evidence, whatever the others hold.
    assumeTrue(!filtersTimesItself());
    fake(settings -> settings.webhooks(1));
    fake().failures(9);
    FailedDelivery target =
        listed().stream().max(Comparator.comparingInt(OddRowsContract::attempts)).orElseThrow();
    for (Fault fault : List.of(Fault.lostRequest(), Fault.lostAnswer())) {
      fake().faults().on(Operation.RETRY).inject(fault);
      RetryResult result = client().retry(target);
      fake().settle();
      fake().traffic(3);
      settle();
      var odd = new AtomicInteger();
      rewriteRows(
          row -> {
            if (row.path("id").asText().equals(target.latest().logId())) {
              return row;
            }
            odd.incrementAndGet();
            return OddRow.NODES.objectNode();
          });

      RetryOutcome outcome = outcome(result);

      assumeTrue(odd.get() > 0, "reads records one by one");
      if (outcome.log() == null) {
        assertThat(outcome.status())
            .as(fault + ": " + outcome.reason())
            .isNotIn(RetryOutcome.Status.NOT_SENT, RetryOutcome.Status.DELIVERED);
      }
      rewriteRows(row -> row);
    }
  }

  private static int attempts(FailedDelivery failure) {
    Integer number = failure.latest().attemptNumber();
    return number == null ? 1 : number;
  }

  /** The fields of a failure's rows, in lists and in single reads, but for the id. */
  private Set<String> fieldsOf(FailedDelivery target) {
    Set<String> fields = ConcurrentHashMap.newKeySet();
    rewriteRows(
        row -> {
          if (OddRow.isOf(target, row)) {
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

  private void rewriteRows(UnaryOperator<JsonNode> odd) {
    fake().oddLists().rewrite(row -> odd.apply(OddRow.parsed(row)).toString());
  }
}
