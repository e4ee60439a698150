package dev.redrive.micrometer;

import dev.redrive.PauseReason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Measures pauses, those of clients and those of recoveries. */
final class Pauses {
  private final Map<PauseReason, Timer> timers = new EnumMap<>(PauseReason.class);

  Pauses(MeterRegistry registry) {
    for (PauseReason reason : PauseReason.values()) {
      timers.put(
          reason,
          Timer.builder("redrive.pauses")
              .description("Times in which nothing was sent to a provider")
              .tag("reason", TagValues.of(reason))
              .register(registry));
    }
  }

  void record(PauseReason reason, Duration wait) {
    Timer timer = timers.get(reason);
    if (timer != null) {
      timer.record(wait);
    }
  }
}
