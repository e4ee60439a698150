package dev.redrive;

/** Why nothing is sent to a provider for a while. */
public enum PauseReason {
  /** The provider's limits: it asked for the pause, or its documented limit is used up. */
  RATE_LIMIT,
  /** Requests failed, because of the provider or the network. */
  FAILED_REQUESTS,
  /** The rate at which the receiver is to get events at most, over all providers. */
  RECEIVER_RATE
}
