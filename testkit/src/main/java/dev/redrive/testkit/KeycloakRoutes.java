package dev.redrive.testkit;

import dev.redrive.testkit.KeycloakSends.Row;
import dev.redrive.testkit.KeycloakSends.Send;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The routes of a {@link FakeKeycloak}: those of the extension, and the token endpoint. */
final class KeycloakRoutes {
  private static final String REALM = "/realms/{realm}";
  private static final String WEBHOOK = REALM + "/webhooks/{webhook}";
  private static final int PAGE = 100;

  private final FakeKeycloak fake;
  private final KeycloakSends sends;

  KeycloakRoutes(FakeKeycloak fake, KeycloakSends sends) {
    this.fake = fake;
    this.sends = sends;
  }

  void declare() {
    fake.post(REALM + FakeKeycloak.TOKEN, Operation.TOKEN, call -> fake.issueToken());
    fake.get(REALM + "/webhooks", Operation.WEBHOOKS, inRealm(this::listWebhooks));
    fake.get(WEBHOOK, Operation.WEBHOOKS, inRealm(this::readWebhook));
    fake.get(WEBHOOK + "/sends", Operation.LIST, inRealm(this::listSends));
    fake.get(WEBHOOK + "/sends/{id}", Operation.READ, inRealm(this::readSend));
    fake.post(WEBHOOK + "/sends/{id}/resend", Operation.RETRY, inRealm(this::resend));
  }

  private Route.Handler inRealm(Route.Handler handler) {
    return call ->
        call.path("realm").equals(FakeKeycloak.REALM)
            ? handler.handle(call)
            : fake.error(404, "Realm does not exist");
  }

  private Answer listWebhooks(Call call) {
    return page(call, fake.subscriptions().all(), KeycloakJson::webhook);
  }

  private Answer readWebhook(Call call) {
    Subscription webhook = fake.subscriptions().find(call.path("webhook"));
    return webhook == null ? noWebhook(call) : Answer.ok(KeycloakJson.webhook(webhook));
  }

  private Answer listSends(Call call) {
    Subscription webhook = fake.subscriptions().find(call.path("webhook"));
    return webhook == null
        ? noWebhook(call)
        : page(call, sends.listed(webhook), row -> KeycloakJson.send(row, true));
  }

  /** A {@code max} above the most, or none, means the most [src]. */
  private <R> Answer page(Call call, List<R> rows, Function<R, Json> json) {
    int first = call.number("first", 0, 0, Integer.MAX_VALUE);
    int max = Math.min(PAGE, call.number("max", PAGE, 0, Integer.MAX_VALUE));
    boolean isList = call.operation() == Operation.LIST;
    return Answer.ok(Json.page(rows, first, isList ? fake.pageSize(max) : max, json));
  }

  private Answer readSend(Call call) {
    Answer missing = missing(call);
    return missing != null ? missing : Answer.ok(KeycloakJson.send(row(call), false));
  }

  /** Whatever its status [src]. */
  private Answer resend(Call call) {
    Answer missing = missing(call);
    if (missing != null) {
      return missing;
    }
    Send send = row(call).send();
    fake.enqueueAt(at -> sends.resend(send, at));
    return Answer.empty(202).with("Content-Type", "text/plain");
  }

  private Row row(Call call) {
    return Objects.requireNonNull(sends.recorded(call.path("id")));
  }

  /** Why there is no such send of this webhook; null if there is. */
  private @Nullable Answer missing(Call call) {
    String id = call.path("id");
    Subscription webhook = fake.subscriptions().find(call.path("webhook"));
    if (webhook == null) {
      return noWebhook(call);
    }
    Row row = sends.recorded(id);
    if (row == null) {
      return fake.error(404, "no webhook send with id " + id);
    }
    return row.send().event.webhook() == webhook
        ? null
        : fake.error(404, "no webhook " + webhook.id() + " and send " + id);
  }

  private Answer noWebhook(Call call) {
    return fake.error(404, "no webhook with id " + call.path("webhook"));
  }
}
