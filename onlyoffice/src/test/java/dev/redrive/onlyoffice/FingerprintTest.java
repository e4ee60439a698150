package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENT =
      """
      {"event": {"id": 41, "createOn": "2026-03-01T09:59:59Z", "trigger": "file.created"},
       "payload": {"id": 5, "title": "Füße", "size": 1.50, "tags": ["a", "b"]},
       "webhook": {"id": 7, "name": "Room activity"}}""";

  private static String of(String payload) {
    return JSON.convertValue(payload, RequestPayload.class).fingerprint();
  }

  @Test
  void itIs128BitsInHexadecimal() {
    assertThat(of(EVENT)).matches("[0-9a-f]{32}");
    assertThat(Fingerprint.isOne(of(EVENT))).isTrue();
    assertThat(Fingerprint.isOne("2147483647")).isFalse();
  }

  @Test
  void itStaysTheSame_becauseLedgersKnowDeliveriesByIt() {
    assertThat(of(EVENT)).isEqualTo("08adffbbec9ea252630cd25404ef2903");
  }

  @Test
  void whatTheSenderChangesWhenItSendsMakesNoDifference() {
    String sent =
        EVENT
            .replace("\"id\": 41", "\"id\": 99")
            .replace(
                "\"name\": \"Room activity\"",
                "\"name\": \"Renamed\", \"retryCount\": 2, \"retryOn\": \"2026-03-01T11:00:00Z\","
                    + " \"lastFailureContent\": \"500\"");
    String neverSent = EVENT.replace("\"id\": 41, ", "");

    assertThat(of(sent)).isEqualTo(of(EVENT));
    assertThat(of(neverSent)).isEqualTo(of(EVENT));
  }

  @Test
  void theSpellingOfTheJsonMakesNoDifference() {
    String spelled =
        """
        {"webhook":{"id":7},
         "payload":{"tags":["a","b"],"size":1.5e0,"title":"F\\u00fc\\u00DFe","id":5,"folder":null},
         "event":{"trigger":"file.created","createOn":"2026-03-01T09:59:59Z"}}""";

    assertThat(of(spelled)).isEqualTo(of(EVENT));
  }

  @Test
  void aLongPayloadWithObjectsInObjectsIsNamedByAllItsValues() {
    String text = "ü".repeat(2000);
    String nested =
        EVENT.replace("1.50", "{\"a\": 10, \"b\": {\"c\": \"" + text + "\", \"d\": true}}");
    String spelled = EVENT.replace("1.50", "{\"b\":{\"d\":true,\"c\":\"" + text + "\"},\"a\":1e1}");

    assertThat(of(nested)).isNotNull().isEqualTo(of(spelled));
    assertThat(of(nested.replace("üü\"", "üu\""))).isNotEqualTo(of(nested));
    assertThat(of(nested.replace("true", "\"true\""))).isNotEqualTo(of(nested));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"id\": 5|\"id\": 6",
        "\"id\": 5|\"id\": \"5\"",
        "\"id\": 7|\"id\": 8",
        "09:59:59|09:59:58",
        "file.created|file.moved",
        "[\"a\", \"b\"]|[\"b\", \"a\"]",
        "[\"a\", \"b\"]|[\"a\", [\"b\"]]",
        "1.50|1.51",
        "Füße|Fü",
        "\"title\"|\"titles\""
      })
  void anotherEventHasAnotherName(String change) {
    String[] parts = change.split("\\|");

    assertThat(of(EVENT.replace(parts[0], parts[1]))).isNotNull().isNotEqualTo(of(EVENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "null",
        "[1]",
        "{}",
        "{\"id\": 5, \"title\": \"report.docx\"}",
        "{\"event\": {\"id\": 41}, \"payload\": {}, \"webhook\": {\"id\": 7}}",
        "{\"event\": {\"createOn\": \"2026-03-01T09:59:59Z\"}, \"payload\": {}}"
      })
  void aPayloadThatDoesNotTellTheEventHasNone(String payload) {
    assertThat(of(payload)).isNull();
  }

  @Test
  void absurdNumbersAndDepthsAreNoTrouble() {
    assertThat(of(EVENT.replace("1.50", "1e999999999"))).isNotNull();
    assertThat(of(EVENT.replace("1.50", "[".repeat(5000) + "]".repeat(5000)))).isNull();
  }
}
