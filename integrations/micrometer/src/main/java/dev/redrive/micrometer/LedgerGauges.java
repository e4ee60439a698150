package dev.redrive.micrometer;

import dev.redrive.TimeSource;
import dev.redrive.micrometer.LedgerReadings.Reading;
import dev.redrive.recovery.ledger.DeliveryState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows what the ledger says of the accounts of this application, from the start, and of others
 * that it knows, for as long as it does: an account that no application recovers any more falls
 * behind, and that has to show.
 */
final class LedgerGauges {
  private static final Set<DeliveryState> BACKLOG =
      EnumSet.complementOf(EnumSet.of(DeliveryState.DELIVERED));

  private final MeterRegistry registry;
  private final LedgerReadings readings;
  private final TimeSource time;
  private final long watchedSince;
  private final Set<AccountName> own = new HashSet<>();
  private final Map<AccountName, List<Gauge>> gauges = new HashMap<>();
  private @Nullable Reading latest;

  LedgerGauges(MeterRegistry registry, LedgerReadings readings, TimeSource time) {
    this.registry = registry;
    this.readings = readings;
    this.time = time;
    this.watchedSince = time.nanoTime();
  }

  /**
   * Shows an account of this application.
   *
   * @param expires whether it is known how long its failures are listed
   */
  synchronized void show(AccountName account, boolean expires) {
    own.add(account);
    List<Gauge> shown = backlog(account);
    shown.add(age(account));
    if (expires) {
      shown.add(
          gauge(
              "redrive.expiring",
              "Deliveries that are not delivered and will soon no longer be listed",
              account.tags(),
              reading -> reading.expiring().getOrDefault(account, 0L)));
    }
    gauges.put(account, shown);
  }

  private List<Gauge> backlog(AccountName account) {
    List<Gauge> backlog = new ArrayList<>();
    for (DeliveryState state : BACKLOG) {
      backlog.add(
          gauge(
              "redrive.backlog",
              "Deliveries that are not delivered",
              account.tags().and("state", TagValues.of(state)),
              reading ->
                  reading.deliveries().getOrDefault(account, Map.of()).getOrDefault(state, 0L)));
    }
    return backlog;
  }

  private Gauge age(AccountName account) {
    return Gauge.builder("redrive.catchup.age", this, self -> self.age(account, self.read()))
        .description(
            "How long ago all failures were seen: since the end of the last complete window")
        .baseUnit("seconds")
        .tags(account.tags())
        .strongReference(true)
        .register(registry);
  }

  private double age(AccountName account, @Nullable Reading reading) {
    if (reading == null) {
      return Double.NaN;
    }
    Duration age = reading.ages().get(account);
    // Without a window, all that is known is that none was complete since this began to look.
    Duration since =
        age == null
            ? Duration.ofNanos(time.nanoTime() - watchedSince)
            : age.plusNanos(time.nanoTime() - reading.at());
    return since.toNanos() / 1e9;
  }

  private Gauge gauge(String name, String description, Tags tags, ToDoubleFunction<Reading> value) {
    return Gauge.builder(
            name,
            this,
            self -> {
              Reading reading = self.read();
              return reading == null ? Double.NaN : value.applyAsDouble(reading);
            })
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /** Returns the latest reading, and shows the accounts in it; null if there is none. */
  private @Nullable Reading read() {
    Reading reading = readings.latest();
    if (reading != null) {
      showOthers(reading);
    }
    return reading;
  }

  @SuppressWarnings("ReferenceEquality") // Each reading is an instance of its own.
  private synchronized void showOthers(Reading reading) {
    if (latest == reading) {
      return;
    }
    latest = reading;
    Set<AccountName> known = reading.accounts();
    known.addAll(own);
    gauges.forEach(
        (account, shown) -> {
          if (!known.contains(account)) {
            shown.forEach(registry::remove);
          }
        });
    gauges.keySet().retainAll(known);
    for (AccountName account : known) {
      if (!gauges.containsKey(account)) {
        List<Gauge> shown = backlog(account);
        if (reading.ages().containsKey(account)) {
          shown.add(age(account));
        }
        gauges.put(account, shown);
      }
    }
  }
}
