package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.JsonText;
import dev.redrive.chatt2me.Chatt2meWire.ErrorAnswer;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogScanTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final ProviderHttp http = new Builder().http();
  private final List<Recorded<LogRow>> logs = new ArrayList<>();
  private final AtomicReference<LogOrder> order = new AtomicReference<>(LogOrder.UNCLEAR);
  private int reads;
  private int mostRows = 50;
  private int unlisted;

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void newestLogsAreScannedUntilAPageOfOlderOnes() {
    logsOfSeconds(IntStream.rangeClosed(1, 1_000).map(i -> 1_000 - i).toArray());
    assertThat(scanFrom(900)).hasSizeBetween(100, 200);
    assertThat(reads).isLessThanOrEqualTo(5);
  }

  @Test
  void newestLogsAreScannedFromTheEndOfAListThatBeginsWithTheOldest() {
    logsOfSeconds(IntStream.range(0, 1_000).toArray());
    assertThat(scanFrom(900)).hasSizeBetween(100, 200).startsWith(999, 998).contains(900);
    assertThat(reads).isLessThanOrEqualTo(6);
  }

  @Test
  void fewOlderLogsAmongNewerOnesDoNotEndTheScan() {
    int[] seconds = IntStream.rangeClosed(1, 1_000).map(i -> 1_000 - i).toArray();
    for (int i = 20; i < 60; i += 10) {
      seconds[i] = 1;
    }
    logsOfSeconds(seconds);
    assertThat(scanFrom(900)).contains(999, 901, 900);
  }

  @Test
  void listWithoutOrderIsScannedToItsEnd() {
    var seconds = new ArrayList<>(IntStream.range(0, 1_000).boxed().toList());
    Collections.shuffle(seconds, new Random(7));
    logsOfSeconds(seconds.stream().mapToInt(Integer::intValue).toArray());
    assertThat(scanFrom(900)).hasSize(1_000);
  }

  @Test
  void listOfShortPagesThatBeginsWithTheOldestIsScannedWhole() {
    logsOfSeconds(IntStream.range(0, 300).toArray());
    mostRows = 20;
    assertThat(scanFrom(250)).contains(299, 250).hasSize(300);
  }

  @Test
  void listWhoseTotalCountsRowsThatAreNotListedIsScannedWhole() {
    logsOfSeconds(IntStream.range(0, 300).toArray());
    for (int unlisted : new int[] {10, 60, 500}) {
      this.unlisted = unlisted;
      assertThat(scanFrom(250)).contains(299, 250).hasSize(300);
    }
  }

  @Test
  void firstPageIsReadOnce() {
    logsOfSeconds(3, 2, 1);
    assertThat(scanFrom(0)).containsExactly(3, 2, 1);
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void theOrderIsReadOffTheEndsOnce() {
    logsOfSeconds(IntStream.range(0, 200).map(i -> i < 150 ? 100 : 50).toArray());
    assertThat(scanFrom(0)).hasSize(200);
    assertThat(order).hasValue(LogOrder.NEWEST_FIRST);
    assertThat(reads).isEqualTo(6);
    reads = 0;
    assertThat(scanFrom(0)).hasSize(200);
    assertThat(reads).isEqualTo(5);
  }

  @Test
  void twoPagesAreReadWithoutALookAtTheOrder() {
    logsOfSeconds(IntStream.range(0, 99).toArray());
    assertThat(scanFrom(90)).hasSize(99);
    assertThat(order).hasValue(LogOrder.UNCLEAR);
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void onePairOfRowsTellsNoOrder() {
    unlisted = -3; // No total is told.
    logsOfSeconds(9, 8);
    assertThat(scanFrom(0)).hasSize(2);
    assertThat(order).hasValue(LogOrder.UNCLEAR);
  }

  private void logsOfSeconds(int... seconds) {
    for (int second : seconds) {
      var row =
          new LogRow(
              "log-" + logs.size(),
              null,
              null,
              null,
              "Failed",
              null,
              START.plusSeconds(second).toString(),
              null,
              null,
              null);
      logs.add(new Recorded<>(row, JsonText.NONE));
    }
  }

  /** The seconds of the logs that a scan for those not older than a second brings. */
  private List<Integer> scanFrom(int second) {
    PageReader<Recorded<LogRow>> reader =
        (offset, limit) -> {
          reads++;
          int from = Math.min(offset, logs.size());
          return new PageReader.Page<>(
              logs.subList(from, Math.min(logs.size(), from + Math.min(limit, mostRows))),
              unlisted < 0 ? -1 : logs.size() + unlisted);
        };
    Instant oldest = START.plusSeconds(second);
    var scan =
        LogScan.begin(
            (rows, ahead) -> http.pages(50, LogScan::id, rows, ahead, new LeftOutRows()),
            reader,
            order,
            () -> oldest,
            http.pagesAhead(0));
    var found = new ArrayList<Integer>();
    while (scan.hasNext()) {
      Instant time = Instant.parse(scan.next().value().createdDate());
      found.add((int) (time.getEpochSecond() - START.getEpochSecond()));
    }
    return found;
  }

  private static final class Builder extends ClientBuilder<Builder> {
    Builder() {
      super("test", "Test", "https://localhost");
      apiKey("key").concurrency(1);
    }

    ProviderHttp http() {
      return connect("x-api-key", "", ErrorAnswer.class);
    }
  }
}
