package dev.redrive.testkit;

/** The kind of a request to a {@link FakeProvider}. Faults, hooks and counts refer to it. */
public enum Operation {
  /** One page of a list of deliveries, attempts or events. */
  LIST,
  /** One delivery, or the state and attempts of one event. */
  READ,
  /** A retry, of one delivery or of a batch. */
  RETRY,
  /** The subscriptions, all of them or one. */
  WEBHOOKS,
  /** A token that later requests carry, where a client requests its own. */
  TOKEN,
  /** A path or method that the API does not have. */
  OTHER
}
