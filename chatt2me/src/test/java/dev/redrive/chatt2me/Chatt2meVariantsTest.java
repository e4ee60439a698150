package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.testkit.FakeChatt2me;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the documentation leaves open: the client works either way. */
class Chatt2meVariantsTest {
  @Test
  void failuresWhenDeletedLogsAreListedLeaveThemOut() {
    try (FakeChatt2me chatt2me = FakeChatt2me.builder().showsDeleted(true).start();
        Chatt2meClient client =
            Chatt2meClient.builder()
                .baseUrl(chatt2me.baseUrl())
                .apiKey(chatt2me.apiKey())
                .build()) {
      List<String> ids = chatt2me.failures(3);
      chatt2me.delete(ids.get(1));

      assertThat(client.failures(DeliveryQuery.all()))
          .extracting(delivery -> delivery.key().id())
          .containsExactlyInAnyOrder(ids.get(0), ids.get(2));
    }
  }
}
