package dev.redrive.micrometer;

import dev.redrive.PauseReason;
import dev.redrive.RequestListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the requests of clients. */
final class RequestMeters implements RequestListener {
  private final MeterRegistry registry;
  private final Observations observations;
  private final Pauses pauses;

  /** A thread makes one request at a time. */
  private final Map<Thread, Observation> underWay = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry registry, Observations observations, Pauses pauses) {
    this.registry = registry;
    this.observations = observations;
    this.pauses = pauses;
  }

  /** So that a query finds what has not happened yet. */
  @Override
  public void onOperation(Request request) {
    Timer unused = timer(request, Result.SUCCESS);
  }

  @Override
  public void onStart(Request request) {
    if (observations.areWanted()) {
      underWay.put(Thread.currentThread(), observations.request(request));
    }
  }

  @Override
  public void onEnd(Request request, Result result, Duration duration) {
    timer(request, result).record(duration);
    Observation observation = underWay.remove(Thread.currentThread());
    if (observation != null) {
      observation.lowCardinalityKeyValue("result", TagValues.of(result)).stop();
    }
  }

  private Timer timer(Request request, Result result) {
    return Timer.builder("redrive.requests")
        .description("Requests to providers")
        .tag("provider", request.provider())
        .tag("operation", request.operation())
        .tag("result", TagValues.of(result))
        .register(registry);
  }

  @Override
  public void onPause(Request request, Duration wait, PauseReason reason) {
    pauses.record(reason, wait);
  }
}
