package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link FakeApi} over HTTP: finds the route of each request, runs hooks, applies the
 * request's fault, and responds after the latency.
 */
final class ApiServer {
  private final FakeApi api;
  private final RequestAccount account;
  private final Route unknownPath;
  private final List<Route> routes = new ArrayList<>();
  private final List<Hook> hooks = new CopyOnWriteArrayList<>();
  private final Load load = new Load();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Duration latency;
  private @Nullable MockWebServer server;

  private record Hook(Operation operation, Runnable action) {}

  private record Request(Call call, Route route, List<String> ids) {}

  ApiServer(FakeApi api, RequestAccount account, Duration latency) {
    this.api = api;
    this.account = account;
    this.latency = latency;
    this.unknownPath = new Route("", "/", Operation.OTHER, call -> api.error(404, "Not found"));
  }

  Route add(Route route) {
    routes.add(route);
    return route;
  }

  void onRequest(Operation operation, Runnable action) {
    hooks.add(new Hook(operation, action));
  }

  void latency(Duration time) {
    latency = time;
  }

  Load load() {
    return load;
  }

  /** Starts to listen, and returns the origin. */
  String open() {
    try {
      MockWebServer started = Http.start(new Requests());
      server = started;
      return "http://127.0.0.1:" + started.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException("the fake cannot listen on the loopback address", e);
    }
  }

  void close() {
    closing.countDown();
    if (server != null) {
      server.close();
    }
  }

  private Request read(mockwebserver3.RecordedRequest request) {
    for (Route route : routes) {
      Call call = route.match(request);
      if (call != null) {
        return new Request(call, route, route.idsIn(call));
      }
    }
    return new Request(new Call(request, Operation.OTHER, Map.of()), unknownPath, List.of());
  }

  private MockResponse answer(Request request) throws InterruptedException {
    Instant arrival = api.clock().instant();
    long nanos = System.nanoTime();
    Call call = request.call;
    for (Hook hook : hooks) {
      if (hook.operation == call.operation()) {
        hook.action.run();
      }
    }
    Fault fault = api.faults().meet(call.operation(), request.ids);
    Responses responses;
    synchronized (api.lock) {
      Answer answer = fault == null || fault.worked ? api.work(call, request.route) : null;
      responses = new Responses(api, answer, fault);
      account.add(call, request.ids, responses.status(), arrival);
    }
    MockResponse response = responses.build(api.clock().instant());
    if (fault != null && fault.kind == Fault.Kind.STALL) {
      closing.await();
    }
    Duration late = fault == null ? latency : latency.plus(fault.delay);
    long left = late.toNanos() - (System.nanoTime() - nanos);
    boolean closed = left > 0 && closing.await(left, TimeUnit.NANOSECONDS);
    return closed ? Responses.closed() : response;
  }

  private final class Requests extends Dispatcher {
    @Override
    public MockResponse dispatch(mockwebserver3.RecordedRequest recorded)
        throws InterruptedException {
      forget();
      Request request = read(recorded);
      Operation operation = request.call.operation();
      load.enter(recorded.getMethod(), operation);
      try {
        return answer(request);
      } finally {
        load.leave(recorded.getMethod(), operation);
      }
    }

    /** Discards requests, which the server would keep for {@code takeRequest} forever. */
    private void forget() throws InterruptedException {
      if (server != null) {
        server.takeRequest(0, TimeUnit.NANOSECONDS);
      }
    }
  }
}
