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
    var about = new Finding.About("key", account);
    try {
      boolean any = client.failures(DeliveryQuery.builder().limit(1).build()).first().isPresent();
      return about.ok(
          "accepted: failures can be listed%s; whether it may retry shows at the first retry"
              .formatted(any ? "" : ", there are none now"));
    } catch (RedriveException e) {
      return about.fail(e.summary(), e.advice());
    }
  }

  private Finding clock(Duration skew) {
    var about = new Finding.About("clock", account);
    Duration off = skew.abs();
    return off.compareTo(MOST_SKEW) <= 0
        ? about.ok("as the provider's, to " + MOST_SKEW.toSeconds() + " s")
        : about.warn(
            "this machine is %s %s the provider's clock"
                .formatted(Durations.format(off), skew.isNegative() ? "behind" : "ahead of"),
            "Synchronize the clock with NTP: ages such as --since 6h are measured from this"
                + " machine's time.");
  }

  private Finding webhooks() {
    var about = new Finding.About("webhooks", account);
    if (!client.traits().can(Capability.WEBHOOKS)) {
      return about.ok("this API does not list them");
    }
    List<Webhook> all;
    try {
      all = client.webhooks();
    } catch (RedriveException e) {
      return about.warn(
          "cannot be listed: " + e.summary(),
          "Recoveries work without it. To see disabled webhooks: " + e.advice());
    }
    if (all.isEmpty()) {
      return about.warn("none are listed", "Check that the key is of the account that you mean.");
    }
    List<Webhook> disabled =
        all.stream().filter(webhook -> Boolean.FALSE.equals(webhook.active())).toList();
    return disabled.isEmpty()
        ? about.ok(all.size() + " listed, none is disabled")
        : about.warn(
            "%d of %d disabled: %s"
                .formatted(
                    disabled.size(),
                    all.size(),
                    disabled.stream().map(AccountChecks::name).collect(Collectors.joining(", "))),
            "The provider sends nothing to them: enable them in its console, or a retry fails.");
  }

  private static String name(Webhook webhook) {
    return ProviderText.clean(webhook.name() == null ? webhook.id() : webhook.name(), 60);
  }
}
