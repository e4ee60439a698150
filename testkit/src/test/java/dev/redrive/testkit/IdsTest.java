package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  private final Ids ids = new Ids(7, "test");

  @Test
  void ids_lead_back_to_their_rows_and_are_unique() {
    Set<String> seen = new HashSet<>();
    for (int row = 0; row < 100_000; row++) {
      assertThat(ids.uuidRow(ids.uuid(row))).isEqualTo(row);
      assertThat(ids.hexRow(ids.hex(row))).isEqualTo(row);
      assertThat(seen.add(ids.uuid(row))).isTrue();
    }
    assertThat(UUID.fromString(ids.uuid(5)).version()).isEqualTo(4);
    assertThat(UUID.fromString(ids.uuid(5)).variant()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "aabbccddeeff001122334455",
        "00000000-0000-0000-0000-000000000000",
        "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
        "00000000+0000-0000-0000-000000000000"
      })
  void ids_of_others_have_no_row(String id) {
    assertThat(ids.uuidRow(id)).isEqualTo(-1);
    assertThat(ids.hexRow(id)).isEqualTo(-1);
    assertThat(new Ids(8, "test").uuidRow(ids.uuid(3))).isEqualTo(-1);
    assertThat(new Ids(7, "other").hexRow(ids.hex(3))).isEqualTo(-1);
  }
}
