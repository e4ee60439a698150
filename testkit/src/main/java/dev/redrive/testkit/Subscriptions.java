package dev.redrive.testkit;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The webhooks of a fake, in the order in which the API lists them. */
public final class Subscriptions {
  static final Subscriptions NONE = new Subscriptions(List.of());

  private final List<Subscription> all;

  private Subscriptions(List<Subscription> all) {
    this.all = all;
  }

  Subscriptions(int count, IntFunction<Subscription> subscription) {
    this(IntStream.range(0, count).mapToObj(subscription).toList());
  }

  /** All of them. */
  public List<Subscription> all() {
    return all;
  }

  /** One of them. */
  public Subscription any(Draws draws) {
    return all.get(draws.below(all.size()));
  }

  /** The one of this id, in upper or lower case; null if there is none. */
  public @Nullable Subscription find(String id) {
    return all.stream().filter(each -> each.id().equalsIgnoreCase(id)).findFirst().orElse(null);
  }

  /**
   * The one that a test names.
   *
   * @throws IllegalArgumentException if there is none of this id
   */
  public Subscription get(String id) {
    Subscription found = find(id);
    if (found == null) {
      throw new IllegalArgumentException("unknown webhook " + id + ": use an id from webhookIds()");
    }
    return found;
  }
}
