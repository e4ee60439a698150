package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fakes of several APIs, which recoveries in processes of their own send to. */
final class Fakes implements AutoCloseable {
  private final Map<Api, FakeProvider> fakes = new LinkedHashMap<>();
  private volatile RequestListener listener = (api, fake) -> {};

  interface RequestListener {
    void onRequest(Api api, FakeProvider fake);
  }

  interface Action {
    void on(FakeProvider fake);
  }

  static Fakes start(long seed, List<Api> apis) {
    var started = new Fakes();
    for (Api api : apis) {
      // No two accounts of a provider have one id.
      long own = seed * Api.all().size() + Api.all().indexOf(api);
      FakeProvider fake = api.start(builder -> builder.seed(own).recordedRequests(100_000));
      started.fakes.put(api, fake);
      for (Operation operation : Operation.values()) {
        fake.onRequest(operation, () -> started.listener.onRequest(api, fake));
      }
    }
    return started;
  }

  FakeProvider of(Api api) {
    return fakes.get(api);
  }

  void each(Action action) {
    fakes.values().forEach(action::on);
  }

  void onEachRequest(RequestListener newListener) {
    listener = newListener;
  }

  /** API and settings of each, for the arguments of a process. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    fakes.forEach(
        (api, fake) -> arguments.addAll(List.of(api.name(), Api.argument(api.settings(fake)))));
    return arguments;
  }

  int deliveredTwice() {
    return fakes.values().stream()
        .mapToInt(fake -> fake.endpoint().deliveredMoreThanOnce().size())
        .sum();
  }

  int lost() {
    return fakes.values().stream().mapToInt(fake -> fake.endpoint().neverDelivered().size()).sum();
  }

  void assertEachEventDeliveredOnce(String report) {
    fakes.forEach(
        (api, fake) -> {
          assertThat(fake.endpoint().deliveredMoreThanOnce()).as(api + " " + report).isEmpty();
          assertThat(fake.endpoint().neverDelivered()).as(api + " " + report).isEmpty();
        });
  }

  @Override
  public void close() {
    each(FakeProvider::close);
  }
}
