package dev.redrive.testkit;

/**
 * One webhook of a fake. It is switched on until {@link FakeProvider#setActive} switches it off.
 */
public final class Subscription {
  private final String id;
  private final String name;
  private final String url;
  private final String eventType;
  private boolean active = true;

  /**
   * Describes one.
   *
   * @param id the provider's id
   * @param name its label
   * @param url the receiver's URL, which nobody calls
   * @param eventType what it is for, where the provider has one type a webhook
   */
  public Subscription(String id, String name, String url, String eventType) {
    this.id = id;
    this.name = name;
    this.url = url;
    this.eventType = eventType;
  }

  /** The provider's id. */
  public String id() {
    return id;
  }

  /** Its label. */
  public String name() {
    return name;
  }

  /** The receiver's URL, which nobody calls. */
  public String url() {
    return url;
  }

  /** What it is for, where the provider has one type a webhook. */
  public String eventType() {
    return eventType;
  }

  /** Whether it is switched on. */
  public boolean isActive() {
    return active;
  }

  void setActive(boolean value) {
    active = value;
  }
}
