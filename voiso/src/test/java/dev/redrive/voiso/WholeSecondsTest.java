package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WholeSecondsTest {
  private final StubVoiso stub = new StubVoiso();

  @AfterEach
  void close() {
    stub.close();
  }

  @Test
  void v4IsAskedForWholeSecondsThatHoldTheBounds() {
    try (VoisoClient client = stub.v4()) {
      assertAskedFor(client, "created_at[gte]", "created_at[lt]");
    }
  }

  @Test
  void v1IsAskedForWholeSecondsThatHoldTheBounds() {
    try (VoisoClient client = stub.v1()) {
      assertAskedFor(client, "start_date", "end_date");
    }
  }

  private void assertAskedFor(VoisoClient client, String from, String to) {
    client
        .failures(
            DeliveryQuery.builder()
                .since(Instant.parse("2026-03-15T10:00:00.900Z"))
                .until(Instant.parse("2026-03-15T10:00:01.000000001Z"))
                .build())
        .forEach(failure -> {});
    client
        .failures(
            DeliveryQuery.builder()
                .since(Instant.parse("2026-03-15T10:00:00Z"))
                .until(Instant.parse("2026-03-15T10:00:01Z"))
                .build())
        .forEach(failure -> {});

    assertThat(stub.requests().get(0))
        .contains(from + "=2026-03-15T10:00:00Z&")
        .contains(to + "=2026-03-15T10:00:02Z&");
    assertThat(stub.requests())
        .last()
        .asString()
        .contains(from + "=2026-03-15T10:00:00Z&")
        .contains(to + "=2026-03-15T10:00:01Z&");
  }

  private static String failures(String... rows) {
    return "{\"failures\": [" + String.join(",", rows) + "]}";
  }
}
