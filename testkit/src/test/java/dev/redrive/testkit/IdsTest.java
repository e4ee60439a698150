package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
  private final Ids ids = new Ids(7, "test");

  @Test
  void ids_are_unique_and_the_same_for_the_same_seed_and_kind() {
    Set<String> seen = new HashSet<>();
    for (int number = 0; number < 100_000; number++) {
      assertThat(seen.add(ids.uuid(number))).isTrue();
      assertThat(seen.add(ids.hex(number))).isTrue();
    }
    assertThat(new Ids(7, "test").uuid(3)).isEqualTo(ids.uuid(3));
    assertThat(new Ids(8, "test").uuid(3)).isNotEqualTo(ids.uuid(3));
    assertThat(new Ids(7, "other").hex(3)).isNotEqualTo(ids.hex(3));
  }

  @Test
  void ids_have_the_form_they_are_named_for() {
    assertThat(UUID.fromString(ids.uuid(5)).version()).isEqualTo(4);
    assertThat(UUID.fromString(ids.uuid(5)).variant()).isEqualTo(2);
    assertThat(ids.hex(5)).matches("[0-9a-f]{24}");
  }
}
