package dev.redrive.onlyoffice;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event that a webhook may subscribe to.
 *
 * @param name its name, such as {@code file.created}; {@code *} stands for every event
 * @param bit the bit that stands for it in a webhook's triggers; 0 for {@code *}
 * @param available whether the caller's role may subscribe to it; null where the portal does not
 *     tell
 */
public record OnlyOfficeTrigger(String name, long bit, @Nullable Boolean available) {
  public OnlyOfficeTrigger {
    Objects.requireNonNull(name, "name");
  }
}
