package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageWalkTest {
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @AfterAll
  static void stopThreads() {
    THREADS.shutdownNow();
  }

  /** A list that a test changes between pages. */
  private static final class MovingList implements PageReader<String> {
    final List<String> rows = new ArrayList<>();
    final AtomicInteger requests = new AtomicInteger();
    final List<Integer> offsets = new ArrayList<>();
    boolean tellsTotal = true;
    int cap = Integer.MAX_VALUE;
    Runnable beforePage = () -> {};

    MovingList(int count) {
      for (int i = 0; i < count; i++) {
        rows.add("row-" + i);
      }
    }

    @Override
    public synchronized Page<String> read(int offset, int limit) {
      requests.incrementAndGet();
      beforePage.run();
      offsets.add(offset);
      int from = Math.min(offset, rows.size());
      int to = Math.min(from + Math.min(limit, cap), rows.size());
      return new Page<>(List.copyOf(rows.subList(from, to)), tellsTotal ? rows.size() : -1);
    }
  }

  private final LeftOutRows leftOut = new LeftOutRows();

  private PageWalk<String> walk(PageReader<String> list, int pageSize, int ahead) {
    return new PageWalk<>(
        "Test Provider",
        pageSize,
        1,
        row -> row,
        list,
        THREADS,
        new PagesAhead(ahead == 1 ? 0 : ahead, 0, () -> true),
        leftOut);
  }

  private static List<String> all(PageWalk<String> walk) {
    var found = new ArrayList<String>();
    walk.forEachRemaining(found::add);
    return found;
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "49,1", "50,1", "51,2", "99,2", "100,3", "148,3", "149,4", "1000,21"})
  void walk_whenTheTotalIsTold_readsNoNeedlessPage(int count, int pages) {
    for (int ahead : new int[] {1, 2, 8}) {
      var list = new MovingList(count);

      assertThat(all(walk(list, 50, ahead))).isEqualTo(list.rows);
      assertThat(list.requests).as("requests, " + ahead + " at once").hasValue(pages);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,2", "49,2", "50,2", "51,3", "98,3", "99,3", "1000,22"})
  void walk_whenNoTotalIsTold_endsAtAPageWithoutAnotherRow(int count, int pages) {
    var list = new MovingList(count);
    list.tellsTotal = false;

    assertThat(all(walk(list, 50, 1))).isEqualTo(list.rows);
    assertThat(list.requests).hasValue(pages);
  }

  @ParameterizedTest
  @CsvSource({"60,20,1", "60,20,8", "250,25,8", "7,1,1", "7,1,4", "300,2,1", "300,49,4"})
  void walk_whenPagesAreShortAndNoTotalIsTold_losesNothing(int count, int cap, int ahead) {
    var list = new MovingList(count);
    list.tellsTotal = false;
    list.cap = cap;

    assertThat(all(walk(list, 50, ahead))).isEqualTo(list.rows);
  }

  @ParameterizedTest
  @CsvSource({"300,120,true", "300,120,false", "100,51,false"})
  void walk_whenPagesAreLargerThanAsked_losesNothing(int count, int size, boolean tellsTotal) {
    var list = new MovingList(count);
    list.tellsTotal = tellsTotal;
    PageReader<String> generous = (offset, limit) -> list.read(offset, size);

    assertThat(all(walk(generous, 50, 4))).isEqualTo(list.rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 49, 51, 300})
  void walk_whenTheListComesWholeWhateverIsAsked_endsAfterThreeRequests(int count) {
    var list = new MovingList(count);
    list.tellsTotal = false;
    PageReader<String> unpaged = (offset, limit) -> list.read(0, Integer.MAX_VALUE);

    assertThat(all(walk(unpaged, 50, 1))).isEqualTo(list.rows);
    assertThat(list.requests).hasValue(3);
  }

  /** Null where a row cannot be read, be it at a page's edge or all over it. */
  @Test
  void walk_whenRowsCannotBeRead_countsThemAndYieldsAllOthers() {
    for (int seed = 0; seed < 2_000; seed++) {
      var random = new SplittableRandom(seed);
      var list = new MovingList(random.nextInt(40));
      list.tellsTotal = random.nextBoolean();
      list.cap = random.nextBoolean() ? 2 + random.nextInt(4) : Integer.MAX_VALUE;
      Set<String> odd = new HashSet<>();
      list.rows.forEach(row -> odd.addAll(random.nextInt(3) == 0 ? Set.of(row) : Set.of()));
      List<String> readable = list.rows.stream().filter(row -> !odd.contains(row)).toList();
      PageReader<String> holes =
          (offset, limit) -> {
            PageReader.Page<String> page = list.read(offset, limit);
            List<String> rows = new ArrayList<>(page.rows());
            rows.replaceAll(row -> odd.contains(row) ? (row.endsWith("1") ? " " : null) : row);
            return new PageReader.Page<>(rows, page.total());
          };
      var count = new LeftOutRows();

      List<String> found =
          all(
              new PageWalk<>(
                  "Test Provider",
                  2 + random.nextInt(8),
                  1,
                  row -> row,
                  holes,
                  THREADS,
                  new PagesAhead(random.nextInt(3), 0, () -> true),
                  count));

      assertThat(found).as("seed " + seed).isEqualTo(readable);
      assertThat(count.soFar().unreadable()).as("seed " + seed).isEqualTo(odd.size());
    }
  }

  @Test
  void walk_readsFewPagesAhead_untilSomeWereTaken() {
    var list = new MovingList(10_000);
    PageWalk<String> walk = inline(list, new PagesAhead(8, 0, () -> true));
    assertThat(list.requests).hasValue(0);

    // Pages of 50 rows, each but the first with one of the page before.
    assertThat(requestsAfter(list, walk, 50)).isEqualTo(1);
    assertThat(requestsAfter(list, walk, 1)).isEqualTo(2 + 2);
    assertThat(requestsAfter(list, walk, 2 * 49)).isEqualTo(4 + 2);
    assertThat(requestsAfter(list, walk, 49)).isEqualTo(5 + 8);
    assertThat(requestsAfter(list, walk, 20 * 49)).isEqualTo(25 + 8);
  }

  /** Reads so many rows, and whatever is begun ahead; how many pages were read by then. */
  private static int requestsAfter(MovingList list, PageWalk<String> walk, int rows) {
    for (int i = 0; i < rows; i++) {
      walk.next();
    }
    return list.requests.get();
  }

  private PageWalk<String> inline(PageReader<String> list, PagesAhead ahead) {
    return new PageWalk<>("Test Provider", 50, 1, row -> row, list, new Inline(), ahead, leftOut);
  }

  /** Does at once what it is given to do. */
  private static final class Inline extends AbstractExecutorService {
    @Override
    public void execute(Runnable command) {
      command.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  @Test
  void walk_readsNothingAhead_whereItMayNot() {
    var list = new MovingList(1_000);
    PageWalk<String> walk = inline(list, new PagesAhead(0, 0, () -> true));

    assertThat(requestsAfter(list, walk, 500)).isEqualTo(11);
  }

  @Test
  void walk_readsNothingAhead_whileNoPermitIsFree() {
    var list = new MovingList(1_000);
    var isFree = new AtomicBoolean();
    PageWalk<String> walk = inline(list, new PagesAhead(8, 0, isFree::get));

    assertThat(requestsAfter(list, walk, 491)).isEqualTo(10);
    isFree.set(true);
    assertThat(requestsAfter(list, walk, 1)).isEqualTo(11 + 8);
  }

  @Test
  void walk_readsPagesThatAreCertainlyNeeded_atOnce() {
    var list = new MovingList(10_000);
    var together = new CountDownLatch(5);
    PageReader<String> watched =
        (offset, limit) -> {
          together.countDown();
          try {
            assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return list.read(offset, limit);
        };
    var walk =
        new PageWalk<>(
            "Test Provider",
            50,
            1,
            row -> row,
            watched,
            THREADS,
            new PagesAhead(8, 5, () -> true),
            leftOut);

    for (int i = 0; i < 246; i++) {
      walk.next();
    }

    assertThat(list.requests).hasValue(5);
  }

  @Test
  void walk_ofAListWithoutTotal_readsNoFurtherThanTheNextPage_afterAShortOne() {
    var requests = new AtomicInteger();
    PageReader<String> list =
        (offset, limit) -> {
          requests.incrementAndGet();
          return new PageReader.Page<>(
              IntStream.range(offset, Math.max(offset, 120))
                  .limit(limit)
                  .mapToObj(i -> "" + i)
                  .toList(),
              -1);
        };
    PageWalk<String> walk = inline(list, new PagesAhead(8, 0, () -> true));

    assertThat(walk).toIterable().hasSize(120);
    // Two full pages, a short one, one read ahead for a full one, and the one that shows the end.
    assertThat(requests).hasValue(5);
  }

  @Test
  void nextRow_isAtHand_onceItsPageHasComeIn() {
    PageWalk<String> walk = inline(new MovingList(1_000), new PagesAhead(8, 0, () -> true));

    for (int i = 0; i < 49; i++) {
      walk.next();
    }
    assertThat(walk.isNextAtHand()).isTrue();
    walk.next();
    assertThat(walk.isNextAtHand()).isFalse();
    for (int i = 0; i < 49; i++) {
      walk.next();
    }
    // The third page was read ahead.
    assertThat(walk.isNextAtHand()).isTrue();
  }

  @Test
  void walk_withoutOverlap_readsNoRowTwice() {
    var list = new MovingList(101);
    PagesAhead none = new PagesAhead(0, 0, () -> true);
    var walk =
        new PageWalk<>("Test Provider", 50, 0, row -> row, list, new Inline(), none, leftOut);

    assertThat(walk).toIterable().hasSize(101);
    assertThat(list.requests).hasValue(3);
  }

  @Test
  void walk_onAPoolThreadThatWaitsForAPage_readsTheNextOne() throws Exception {
    var list = new MovingList(150);
    var third = new CountDownLatch(1);
    PageReader<String> secondWaitsForThird =
        (offset, limit) -> {
          if (offset == 50) {
            awaitThird(third);
          } else if (offset == 100) {
            third.countDown();
          }
          return list.read(offset, limit);
        };
    ThreadPoolExecutor two = WorkThreads.named("two", 2);
    try {
      var walk =
          new PageWalk<>(
              "Test Provider",
              50,
              0,
              row -> row,
              secondWaitsForThird,
              two,
              new PagesAhead(8, 3, () -> true),
              leftOut);
      var read = two.submit(() -> walk.stream().count());

      assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(150);
    } finally {
      two.shutdownNow();
    }
  }

  private static void awaitThird(CountDownLatch third) {
    try {
      assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void walk_whenAtTheEnd_hasNoNext() {
    PageWalk<String> walk = walk(new MovingList(1), 50, 8);
    walk.next();

    assertThat(walk.hasNext()).isFalse();
    assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void walk_whenItIsBackAtTheSameFirstPageAgainAndAgain_goesOn() {
    var list = new MovingList(10);
    String comesAndGoes = list.rows.get(0);
    list.beforePage =
        () -> {
          if (list.requests.get() < 20 && !list.rows.remove(comesAndGoes)) {
            list.rows.add(0, comesAndGoes);
          }
        };
    List<String> stay = List.copyOf(list.rows.subList(1, 10));

    assertThat(all(walk(list, 3, 1))).containsAll(stay).doesNotHaveDuplicates();
    assertThat(list.requests.get()).isBetween(20, 30);
  }

  /** Whatever is added and removed between pages: a row that stays comes, and comes once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void walk_whenRowsComeAndGo_yieldsEachRowThatStaysOnce(int ahead) {
    for (int seed = 0; seed < (ahead == 1 ? 8_000 : 1_500); seed++) {
      var random = new SplittableRandom(seed);
      int pageSize = 2 + random.nextInt(8);
      var list = new MovingList(random.nextInt(60));
      list.tellsTotal = random.nextBoolean();
      List<String> stays = new ArrayList<>(list.rows);
      List<String> everThere = new ArrayList<>(list.rows);
      int changes = random.nextInt(1, 12);
      boolean atTopOnly = random.nextBoolean();
      list.beforePage =
          () -> {
            if (list.requests.get() > 40) {
              return;
            }
            for (int i = random.nextInt(changes); i > 0; i--) {
              if (random.nextBoolean() && !list.rows.isEmpty()) {
                String gone = list.rows.remove(random.nextInt(list.rows.size()));
                stays.remove(gone);
              } else {
                String fresh = "new-" + everThere.size();
                list.rows.add(atTopOnly ? 0 : random.nextInt(list.rows.size() + 1), fresh);
                everThere.add(fresh);
              }
            }
          };

      List<String> found = all(walk(list, pageSize, ahead));

      String what = "seed " + seed + ", pages of " + pageSize;
      // Pages read ahead in vain may still come in.
      synchronized (list) {
        assertThat(found).as(what).doesNotHaveDuplicates();
        assertThat(found).as(what).containsAll(stays);
        assertThat(everThere).as(what).containsAll(found);
      }
    }
  }

  @Test
  void walk_whenManyRowsLeaveAtOnce_findsTheRestInFewSteps() {
    var list = new MovingList(100_000);
    PageWalk<String> walk = walk(list, 50, 1);
    for (int i = 0; i < 50_000; i++) {
      walk.next();
    }
    int before = list.requests.get();
    list.rows.subList(0, 50_000).clear();
    list.rows.subList(100, list.rows.size()).clear();
    List<String> left = new ArrayList<>(list.rows);

    List<String> found = all(walk);

    assertThat(found).containsAll(left.subList(49, 100));
    assertThat(new HashSet<>(found)).hasSameSizeAs(found);
    assertThat(list.requests.get() - before).isLessThan(30);
  }

  @ParameterizedTest
  @CsvSource({"20,1", "20,8", "2,1", "7,4"})
  void walk_whenTheProviderGivesSmallerPagesThanAsked_losesNothing(int cap, int ahead) {
    var list = new MovingList(300);
    list.cap = cap;

    assertThat(all(walk(list, 50, ahead))).isEqualTo(list.rows);
  }

  @Test
  void walk_whenTheTotalCountsTooMany_endsAllTheSame() {
    var list = new MovingList(120);
    PageReader<String> wrong =
        (offset, limit) -> new PageReader.Page<>(list.read(offset, limit).rows(), 1_000_000);

    assertThat(all(walk(wrong, 50, 1))).isEqualTo(list.rows);
    assertThat(list.requests).hasValueLessThan(6);
  }

  @Test
  void walk_whenTheTotalCountsTooFew_losesNothing() {
    var list = new MovingList(120);
    PageReader<String> wrong =
        (offset, limit) -> new PageReader.Page<>(list.read(offset, limit).rows(), 0);

    assertThat(all(walk(wrong, 50, 1))).isEqualTo(list.rows);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 50, 99, 100, 148, 200, 10_000})
  void walk_whenTheProviderIgnoresTheOffset_failsAfterAFewPages(long total) {
    var list = new MovingList(50);
    PageReader<String> deaf =
        (offset, limit) -> new PageReader.Page<>(list.read(0, limit).rows(), total);
    PageWalk<String> walk = walk(deaf, 50, 1);

    if (total == 50) {
      assertThat(all(walk)).hasSize(50);
    } else {
      assertThatThrownBy(() -> all(walk))
          .isInstanceOf(MalformedResponseException.class)
          .hasMessageContaining(
              "Test Provider: list failed: the provider returns the same page again and again");
    }
    assertThat(list.requests).hasValueLessThan(8);
  }

  @Test
  void walk_whenAPageFailsOnce_goesOnFromThere() {
    var list = new MovingList(400);
    list.beforePage =
        () -> {
          if (list.requests.get() == 5) {
            throw new NetworkException(
                FailedCall.withoutAnswer("Test Provider", "list", "broken"), null);
          }
        };
    PageWalk<String> walk = walk(list, 50, 4);
    var found = new ArrayList<String>();

    assertThatThrownBy(() -> walk.forEachRemaining(found::add))
        .isInstanceOf(NetworkException.class);
    walk.forEachRemaining(found::add);

    assertThat(found).isEqualTo(list.rows);
  }

  @Test
  void walk_readsAheadNoMoreThanItMay() {
    var list = new MovingList(5_000);
    var inWork = new AtomicInteger();
    var most = new AtomicInteger();
    PageReader<String> watched =
        (offset, limit) -> {
          most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
          try {
            Thread.onSpinWait();
            return list.read(offset, limit);
          } finally {
            inWork.decrementAndGet();
          }
        };

    assertThat(all(walk(watched, 50, 4))).hasSize(5_000);

    assertThat(most.get()).isBetween(1, 4);
  }

  @Test
  void seenIds_areAsExactAsASetOfStrings() {
    var random = new SplittableRandom(3);
    var seen = new SeenIds();
    Set<String> oracle = new HashSet<>();
    String hex = "0123456789abcdef";
    for (int i = 0; i < 200_000; i++) {
      String id =
          switch (random.nextInt(6)) {
            case 0 -> Integer.toString(random.nextInt(30_000));
            case 1 -> Integer.toHexString(random.nextInt(30_000));
            case 2 -> "0".repeat(random.nextInt(40)) + random.nextInt(100);
            case 3 ->
                String.format(
                    "%08x-%04x-%04x-%04x-%012x",
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(3));
            case 4 ->
                IntStream.range(0, 1 + random.nextInt(3))
                    .mapToObj(x -> String.valueOf("abcDEF-é09".charAt(random.nextInt(10))))
                    .reduce("", String::concat);
            default -> hex.substring(random.nextInt(16)).repeat(random.nextInt(4));
          };
      assertThat(seen.contains(id)).as(id).isEqualTo(oracle.contains(id));
      assertThat(seen.add(id)).as(id).isEqualTo(oracle.add(id));
      assertThat(seen.contains(id)).as(id).isTrue();
    }
  }

  @Test
  void longPairs_areAsExactAsASet() {
    record Pair(long high, long low) {}

    var random = new SplittableRandom(5);
    var pairs = new LongPairs();
    Set<Pair> oracle = new HashSet<>();
    for (int i = 0; i < 400_000; i++) {
      boolean small = random.nextInt(3) > 0;
      long high = small ? random.nextInt(300) - 5 : random.nextLong();
      long low = small ? random.nextInt(300) - 5 : random.nextLong(8) << 60;
      boolean fresh = oracle.add(new Pair(high, low));
      assertThat(pairs.contains(high, low)).isEqualTo(!fresh);
      assertThat(pairs.add(high, low)).isEqualTo(fresh);
    }
    for (Pair pair : oracle) {
      assertThat(pairs.contains(pair.high(), pair.low())).isTrue();
    }
  }
}
