package dev.redrive.micrometer;

import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.Account;
import io.micrometer.core.instrument.Tags;

/** An account, as meters name it. */
record AccountName(String provider, String account) {
  static AccountName of(Account account) {
    return new AccountName(account.provider(), account.name());
  }

  static AccountName of(WebhookRetryClient client) {
    return new AccountName(client.traits().provider(), client.account());
  }

  Tags tags() {
    return Tags.of("provider", provider, "account", account);
  }
}
