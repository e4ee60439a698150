package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientJsonTest {
  private static final ObjectMapper PLAIN = new ObjectMapper();
  private static final ObjectMapper LENIENT =
      JsonMapper.builder()
          .configure(
              com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              false)
          .addModule(LenientJson.module())
          .build();
  private static final List<String> ODD =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1.5",
          "1e400",
          "99999999999",
          "1e999999999",
          "12345678901234567890123456789012345678901234567890",
          "\"\"",
          "\" \"",
          "\"no\"",
          "\"internal error\"",
          "\"[]\"",
          "[]",
          "[[]]",
          "[1,{\"id\":2}]",
          "{}",
          "{\"id\":{\"id\":[{}]}}",
          "[{\"a\":[{\"b\":[]}]},\"x\"]");

  record Row(
      String id,
      @Nullable Integer number,
      @Nullable Long count,
      @Nullable Boolean flag,
      @Nullable Part part,
      @Nullable List<String> words,
      @Nullable List<Part> parts,
      @Nullable JsonNode any) {
    Row {
      Objects.requireNonNull(id, "id");
    }
  }

  record Part(@Nullable String id, @Nullable Part inner) {}

  record Rows(List<Row> rows, @Nullable Long total, @Nullable Part part) {
    Rows {
      Objects.requireNonNull(rows, "rows");
    }
  }

  private static ObjectNode row(int id) throws Exception {
    return (ObjectNode)
        PLAIN.readTree(
            "{\"other\":[{}],\"number\":7,\"count\":8,\"flag\":true,\"part\":{\"id\":\"p\",\"inner\":{\"id\":\"q\"}},"
                + "\"words\":[\"a\",\"b\"],\"parts\":[{\"id\":\"r\"}],\"any\":{\"x\":1},\"id\":\""
                + id
                + "\",\"last\":[1]}");
  }

  @Test
  void anyFieldOfARow_withAnyOddValue_costsNoOtherRow() throws Exception {
    List<String> fields = new ArrayList<>();
    row(0).fieldNames().forEachRemaining(fields::add);
    Row expected = LENIENT.treeToValue(row(2), Row.class);
    for (String field : fields) {
      for (String odd : ODD) {
        String broken = row(1).put(field, "HERE").toString().replace("\"HERE\"", odd);
        String page =
            "{\"rows\":[" + row(0) + "," + broken + "," + row(2) + "],\"total\":3,\"part\":{}}";

        Rows read = LENIENT.readValue(page, Rows.class);

        String what = field + ": " + odd;
        assertThat(read.rows()).as(what).hasSize(3);
        assertThat(read.rows().get(0).id()).as(what).isEqualTo("0");
        assertThat(read.rows().get(2)).as(what).isEqualTo(expected);
        assertThat(read.total()).as(what).isEqualTo(3);
        assertThat(read.part()).as(what).isNotNull();
        if (!field.equals("id")) {
          assertThat(read.rows().get(1).id()).as(what).isEqualTo("1");
        }
      }
    }
  }

  @Test
  void aRow_thatIsNoRecordOrHasNoId_isNull() throws Exception {
    for (String odd : ODD) {
      String page = "{\"total\":2,\"rows\":[" + odd + "," + row(1) + "],\"part\":{\"id\":\"p\"}}";

      Rows read = LENIENT.readValue(page, Rows.class);

      assertThat(read.rows()).as(odd).hasSize(2);
      assertThat(read.rows().get(1).id()).as(odd).isEqualTo("1");
      assertThat(read.rows().get(0)).as(odd).isNull();
      assertThat(read.part()).as(odd).isEqualTo(new Part("p", null));
    }
  }

  @Test
  void anEnvelopesField_thatCannotBeRead_isNotTold() throws Exception {
    for (String odd : List.of("\"many\"", "{}", "[]", "99999999999999999999", "1.5", "\"\"")) {
      String page = "{\"total\":" + odd + ",\"part\":" + odd + ",\"rows\":[" + row(1) + "]}";

      Rows read = LENIENT.readValue(page, Rows.class);

      assertThat(read.total()).as(odd).isNull();
      assertThat(read.rows()).as(odd).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"\"",
        "5",
        "{}",
        "{\"rows\":{}}",
        "{\"rows\":\"gone\"}",
        "{\"rows\":null}",
        "{\"rows\":[{\"id\":\"1\"},",
        "{\"rows\":[{\"id\":\"1\",\"part\":{\"id\":tru}}]}",
        "{\"rows\":[{\"id\":\"1\",\"part\":\"gone\"",
        "{\"rows\":[{\"part\":\"gone\"},{\"id\":}]}"
      })
  void anAnswer_ofAnotherShapeOrCutOff_fails(String body) {
    assertThatThrownBy(() -> LENIENT.readValue(body, Rows.class))
        .isInstanceOf(com.fasterxml.jackson.core.JacksonException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|200",
        "\"200\"|200",
        "200.0|200",
        "2e2|200",
        "2147483648|",
        "-2147483648|-2147483648",
        "200.5|",
        "\"internal error\"|",
        "true|"
      })
  void number_whenItIsWholeAndFits_isRead(String json, @Nullable Integer expected)
      throws Exception {
    Rows read = LENIENT.readValue("{\"rows\":[{\"id\":1,\"number\":" + json + "}]}", Rows.class);

    assertThat(read.rows().get(0).number()).isEqualTo(expected);
    assertThat(read.rows().get(0).id()).isEqualTo("1");
  }
}
