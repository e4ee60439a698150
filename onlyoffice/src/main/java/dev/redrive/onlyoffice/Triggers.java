package dev.redrive.onlyoffice;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of the trigger bits, from the public server source (WebhookTrigger.cs). */
final class Triggers {
  /** The trigger of a webhook that receives every event. */
  static final String ALL = "*";

  private static final List<String> BY_BIT =
      List.of(
          "user.created",
          "user.invited",
          "user.updated",
          "user.deleted",
          "group.created",
          "group.updated",
          "group.deleted",
          "file.created",
          "file.uploaded",
          "file.updated",
          "file.trashed",
          "file.deleted",
          "file.restored",
          "file.copied",
          "file.moved",
          "folder.created",
          "folder.updated",
          "folder.trashed",
          "folder.deleted",
          "folder.restored",
          "folder.copied",
          "folder.moved",
          "room.created",
          "room.updated",
          "room.archived",
          "room.deleted",
          "room.restored",
          "room.copied",
          "form.submit",
          "form.filled.out",
          "form.stopped",
          "agent.created",
          "agent.updated",
          "agent.deleted",
          "file.downloaded",
          "folder.downloaded");

  private Triggers() {}

  /** Returns the names in a mask. An unknown bit or text is kept as it is. */
  static Set<String> names(@Nullable String mask) {
    if (mask == null) {
      return Set.of();
    }
    long bits = bits(mask);
    if (bits <= 0) {
      return Set.of(bits == 0 ? ALL : mask);
    }
    Set<String> names = new LinkedHashSet<>();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((bits & 1L << bit) != 0) {
        names.add(name(bit));
      }
    }
    return Collections.unmodifiableSet(names);
  }

  /** Returns the name of one trigger. Anything but a single known bit is kept as it is. */
  static @Nullable String name(@Nullable String trigger) {
    if (trigger == null) {
      return null;
    }
    long bits = bits(trigger);
    return bits > 0 && Long.bitCount(bits) == 1 ? name(Long.numberOfTrailingZeros(bits)) : trigger;
  }

  private static String name(int bit) {
    return bit < BY_BIT.size() ? BY_BIT.get(bit) : Long.toUnsignedString(1L << bit);
  }

  private static long bits(String number) {
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
