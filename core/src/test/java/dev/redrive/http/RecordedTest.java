package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.MalformedResponseException;
import dev.redrive.http.TestClient.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedTest extends HttpTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"1\"}",
        "{ \"id\" : \"1\" , \"text\":null }",
        "{\"id\":\"ü😀\\u00fc\\\\\\\"}\",\"text\":\"]}\"}",
        "{\"other\":{\"a\":[1,{\"b\":\"}\"}],\"c\":1e10},\"id\":\"1\"}",
        "{\"id\":\"1\",\"other\":-0.5}",
        "{\n\t\"id\":\"1\"\r\n}",
        "{\"id\":\"1\",\"text\":\"日本語 и т.д.\"}"
      })
  void json_isTheRecordWordForWord(String record) {
    enqueue(json(record));

    Recorded<Item> read = client().api.readItem("1").get();

    assertThat(read.json().text()).isEqualTo(record);
  }

  @Test
  void json_inAList_isEachElementsOwn() throws Exception {
    var random = new SplittableRandom(11);
    TestClient client = client();
    for (int run = 0; run < 40; run++) {
      List<String> records = new ArrayList<>();
      StringBuilder body = new StringBuilder("{\"x\":\"ä\",\"data\" : [");
      int count = random.nextInt(8);
      for (int i = 0; i < count; i++) {
        String record = record(random, i);
        records.add(record);
        body.append(i == 0 ? "" : ",").append(blanks(random)).append(record).append(blanks(random));
      }
      body.append("], \"total\": ").append(count).append("}");
      enqueue(json(body.toString()));

      TestClient.Items items = client.api.listItems(0, 50).get();

      assertThat(items.total()).isEqualTo(count);
      assertThat(items.data()).hasSize(count);
      for (int i = 0; i < count; i++) {
        Recorded<Item> item = items.data().get(i);
        assertThat(item.json().text()).isEqualTo(records.get(i));
        JsonNode tree = MAPPER.readTree(records.get(i));
        assertThat(item.value().id()).isEqualTo(tree.get("id").asText());
        assertThat(item.value().text()).isEqualTo(tree.get("text").textValue());
      }
    }
  }

  @Test
  void json_whenAnElementIsNoRecord_isNull() {
    enqueue(json("{\"data\":[null,1,[{}],{\"id\":\"1\"}],\"total\":2}"));

    List<Recorded<Item>> data = client().api.listItems(0, 50).get().data();

    assertThat(data).hasSize(4);
    assertThat(data.subList(0, 3)).containsOnlyNulls();
    assertThat(data.get(3).json().text()).isEqualTo("{\"id\":\"1\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"data\":{},\"total\":1}", "[{\"id\":\"1\"}]", "{\"data\":\"\"}", "{}", "5"})
  void json_whenTheShapeIsAnother_isMalformed(String body) {
    enqueue(json(body));
    TestClient client = client();

    assertThatThrownBy(() -> client.api.listItems(0, 50).get())
        .isInstanceOf(MalformedResponseException.class);
  }

  private static String record(SplittableRandom random, int i) throws JsonProcessingException {
    String text =
        random
            .ints(random.nextInt(30), 1, 0x1_0400)
            .filter(c -> c < 0xD800 || c > 0xDFFF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    String nested = random.nextBoolean() ? "[1,[],{\"}\":\"{\"}]" : "{\"a\":{\"b\":null}}";
    return "{\"more\":"
        + nested
        + blanks(random)
        + ",\"id\":\""
        + i
        + "\",\"text\":"
        + MAPPER.writeValueAsString(text)
        + blanks(random)
        + "}";
  }

  private static String blanks(SplittableRandom random) {
    return " ".repeat(random.nextInt(3)) + (random.nextBoolean() ? "\n" : "");
  }
}
