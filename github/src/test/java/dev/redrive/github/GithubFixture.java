package dev.redrive.github;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.testkit.FakeGithub;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** A fake of GitHub, and a client of its repository. */
abstract class GithubFixture {
  static final Instant NOW = Instant.parse("2026-03-15T12:00:00Z");

  final MutableClock clock = MutableClock.at(NOW);
  final ManualTime time = ManualTime.of(clock);
  FakeGithub fake = FakeGithub.builder().clock(clock).start();
  GithubClient client = connect(builder -> builder);

  GithubClient connect(UnaryOperator<GithubClient.Builder> settings) {
    return settings
        .apply(
            GithubClient.builder()
                .baseUrl(fake.baseUrl())
                .owner(fake.repository())
                .apiKey(fake.apiKey())
                .timeSource(time))
        .build();
  }

  void use(FakeGithub.Builder builder) {
    close();
    fake = builder.clock(clock).start();
    client = connect(settings -> settings);
  }

  @AfterEach
  void close() {
    client.close();
    fake.close();
  }

  List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).toList();
  }

  List<String> failedIds() {
    return failures().stream().map(failure -> failure.key().id()).toList();
  }
}
