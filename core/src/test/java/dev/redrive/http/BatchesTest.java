package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
  @Test
  void of_whenTheLastBatchIsNotFull_keepsTheOrder() {
    assertThat(Batches.of(List.of(1, 2, 3, 4, 5), 2))
        .containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
  }

  @Test
  void of_whenThereIsNothing_makesNoBatch() {
    assertThat(Batches.of(List.of(), 2)).isEmpty();
  }
}
