package dev.redrive.cli.commands;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.ProviderText;
import dev.redrive.RedriveException;
import dev.redrive.Webhook;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.options.Durations;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Checks one account at its provider by reading a little; sends nothing. */
public final class AccountChecks {
  private static final Duration MOST_SKEW = Duration.ofSeconds(30);

  private final WebhookRetryClient client;
  private final String account;

  public AccountChecks(WebhookRetryClient client) {
    this.client = client;
    this.account = Account.of(client).toString();
  }

  public List<Finding> run() {
    var findings = new ArrayList<Finding>();
    findings.add(key());
    if (findings.get(0).verdict() == Finding.Verdict.OK) {
      findings.add(webhooks());
    }
    client.clockSkew().ifPresent(skew -> findings.add(clock(skew)));
    return findings;
  }

  private Finding key() {
    try {
      boolean any = client.failures(DeliveryQuery.builder().limit(1).build()).first().isPresent();
      return Finding.ok(
          "key",
          account,
          "accepted: failures can be listed"
              + (any ? "" : ", there are none now")
              + "; whether it may retry shows at the first retry");
    } catch (RedriveException e) {
      return Finding.fail("key", account, e);
    }
  }

  private Finding clock(Duration skew) {
    Duration off = skew.abs();
    if (off.compareTo(MOST_SKEW) <= 0) {
      return Finding.ok("clock", account, "as the provider's, to " + MOST_SKEW.toSeconds() + " s");
    }
    return Finding.warn(
        "clock",
        account,
        "this machine is "
            + Durations.format(off)
            + (skew.isNegative() ? " behind" : " ahead of")
            + " the provider's clock",
        "Synchronize the clock with NTP: ages such as --since 6h are measured from this machine's time.");
  }

  private Finding webhooks() {
    if (!client.traits().can(Capability.WEBHOOKS)) {
      return Finding.ok("webhooks", account, "this API does not list them");
    }
    List<Webhook> all;
    try {
      all = client.webhooks();
    } catch (RedriveException e) {
      return Finding.warn(
          "webhooks",
          account,
          "cannot be listed: " + e.summary(),
          "Recoveries work without it. To see disabled webhooks: " + e.advice());
    }
    List<Webhook> disabled =
        all.stream().filter(webhook -> Boolean.FALSE.equals(webhook.active())).toList();
    if (all.isEmpty()) {
      return Finding.warn(
          "webhooks",
          account,
          "none are listed",
          "Check that the key is of the account that you mean.");
    }
    return disabled.isEmpty()
        ? Finding.ok("webhooks", account, all.size() + " listed, none is disabled")
        : Finding.warn(
            "webhooks",
            account,
            disabled.size()
                + " of "
                + all.size()
                + " disabled: "
                + disabled.stream().map(AccountChecks::name).collect(Collectors.joining(", ")),
            "The provider sends nothing to them: enable them in its console, or a retry fails.");
  }

  private static String name(Webhook webhook) {
    return ProviderText.clean(webhook.name() == null ? webhook.id() : webhook.name(), 60);
  }
}
