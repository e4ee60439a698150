package dev.redrive.onlyoffice;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event that a webhook may subscribe to.
 *
 * @param name its name, such as {@code file.created}; {@code *} means every event
 * @param bit its bit in the triggers of a webhook; 0 for {@code *}
 * @param available whether the caller's role may subscribe to it; null if the portal does not say
 */
public record OnlyOfficeTrigger(String name, long bit, @Nullable Boolean available) {
  public OnlyOfficeTrigger {
    Objects.requireNonNull(name, "name");
  }
}
