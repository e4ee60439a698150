package dev.redrive.chatt2me;

import dev.redrive.FailedDelivery;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;

/** A fake and clients that list what it shows. */
abstract class ListingFixture {
  final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  final ManualTime time = ManualTime.of(clock);
  FakeChatt2me fake = FakeChatt2me.builder().clock(clock).start();

  @AfterEach
  void stop() {
    fake.close();
  }

  Chatt2meClient.Builder builder() {
    return Chatt2meClient.builder().apiKey(fake.apiKey()).baseUrl(fake.baseUrl()).timeSource(time);
  }

  void restart(FakeChatt2me.Builder other) {
    fake.close();
    fake = other.clock(clock).start();
  }

  static List<String> ids(Iterable<FailedDelivery> deliveries) {
    return StreamSupport.stream(deliveries.spliterator(), false)
        .map(delivery -> delivery.key().id())
        .toList();
  }
}
