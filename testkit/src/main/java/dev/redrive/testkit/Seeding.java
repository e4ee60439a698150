package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Fills a fake with deliveries by its seed. The fake's lock is held. */
final class Seeding {
  private static final Duration NEWEST = Duration.ofMinutes(1);

  private final FakeProvider fake;
  private final Duration window;
  private final SplittableRandom random;
  private final List<String> trying = new ArrayList<>();

  /**
   * @param window how far back deliveries reach
   */
  Seeding(FakeProvider fake, Duration window, long seed) {
    this.fake = fake;
    this.window = window;
    this.random = new SplittableRandom(seed);
  }

  /** Seeds deliveries spread over webhooks, causes and the window; their ids, oldest first. */
  List<String> settled(int count, boolean success) {
    List<String> ids = new ArrayList<>(count);
    long end = fake.clock().instant().minus(NEWEST).toEpochMilli();
    long start = end - window.toMillis();
    while (ids.size() < count) {
      double place = (ids.size() + random.nextDouble()) / count;
      Instant at = Instant.ofEpochMilli(start + (long) (place * (end - start)));
      int status = success ? 200 : Causes.pick(random.nextLong());
      ids.addAll(fake.seed(at, status, draws(), count - ids.size()));
    }
    return ids;
  }

  /** Seeds deliveries that the provider still sends by itself. */
  List<String> stillTrying(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = fake.seedStillTrying(fake.now().minusSeconds(count - i), draws());
      if (id != null) {
        ids.add(id);
      }
    }
    trying.addAll(ids);
    return ids;
  }

  /** Lets the provider send what it still tries. */
  void finishTrying() {
    trying.forEach(fake::tryAgain);
    trying.clear();
  }

  /** Has new events delivered now. */
  List<String> traffic(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(fake.deliverNow(draws()));
    }
    return ids;
  }

  private Draws draws() {
    return new Draws(random.nextLong());
  }
}
