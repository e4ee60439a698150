package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The triggers on the wire: a map of names to bits from older builds, a list from newer ones. */
record TriggerList(@Nullable JsonNode response) {
  List<OnlyOfficeTrigger> triggers() {
    List<OnlyOfficeTrigger> triggers = new ArrayList<>();
    if (response == null) {
      return triggers;
    }
    if (response.isObject()) {
      response
          .properties()
          .forEach(
              entry ->
                  triggers.add(
                      new OnlyOfficeTrigger(entry.getKey(), entry.getValue().asLong(), null)));
    } else {
      for (JsonNode trigger : response) {
        JsonNode available = trigger.path("available");
        triggers.add(
            new OnlyOfficeTrigger(
                trigger.path("name").asText(),
                trigger.path("id").asLong(),
                available.isBoolean() ? available.asBoolean() : null));
      }
    }
    return triggers;
  }
}
