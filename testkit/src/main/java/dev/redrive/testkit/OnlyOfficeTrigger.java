package dev.redrive.testkit;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a portal can tell of; the bit is its number in the API [src: WebhookTrigger.cs, of which
 * agents and downloads are beyond what an int holds].
 */
record OnlyOfficeTrigger(String name, long bit) {
  /** Stands for all the others. */
  static final OnlyOfficeTrigger ALL = new OnlyOfficeTrigger("*", 0);

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

  /** All triggers of single events, by their bits. */
  static final List<OnlyOfficeTrigger> EVENTS =
      IntStream.range(0, BY_BIT.size())
          .mapToObj(bit -> new OnlyOfficeTrigger(BY_BIT.get(bit), 1L << bit))
          .toList();

  /** Those of seeded events. */
  private static final List<OnlyOfficeTrigger> SEEDED =
      List.of(
          named("user.created"),
          named("user.updated"),
          named("file.created"),
          named("file.updated"),
          named("file.moved"),
          named("room.created"),
          named("agent.created"));

  /**
   * The trigger of this name.
   *
   * @throws IllegalArgumentException if the server has none
   */
  static OnlyOfficeTrigger named(String name) {
    int bit = BY_BIT.indexOf(name);
    if (bit < 0) {
      throw new IllegalArgumentException("no trigger " + name);
    }
    return EVENTS.get(bit);
  }

  static OnlyOfficeTrigger any(Draws draws) {
    return SEEDED.get(draws.below(SEEDED.size()));
  }
}
