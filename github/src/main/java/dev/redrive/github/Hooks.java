package dev.redrive.github;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.InvalidRequestException;
import dev.redrive.Webhook;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.github.GithubWire.HookRow;
import dev.redrive.http.CursorReader;
import dev.redrive.http.DefaultWebhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the webhooks of the owner, and the deliveries of each. */
final class Hooks {
  private final ProviderHttp http;
  private final GithubApi api;
  private final Owner owner;
  private final DefaultWebhook only;

  Hooks(ProviderHttp http, GithubApi api, Owner owner, DefaultWebhook only) {
    this.http = http;
    this.api = api;
    this.owner = owner;
    this.only = only;
  }

  Iterator<Webhook> all(LeftOutRows leftOut) {
    return owner.appId() != null
        ? List.of(GithubMapper.appWebhook(api.readHookConfig().get())).iterator()
        : http
            .pages(HookRow::idText, next -> page(api.listHooks(next).answer(), "page"), leftOut)
            .stream()
            .map(GithubMapper::webhook)
            .iterator();
  }

  /** Returns the webhooks that a query is about: the one that is named, or all. */
  Iterator<Webhook> of(DeliveryQuery query, LeftOutRows leftOut) {
    String id = only.applyTo(query).webhookId();
    if (!owner.mayHave(id)) {
      throw new InvalidRequestException(
          FailedCall.withoutAnswer(
              GithubClient.DISPLAY_NAME,
              "list deliveries",
              "the webhook id is not a number: copy it from a listing"),
          null);
    }
    return id == null ? all(leftOut) : List.of(named(id)).iterator();
  }

  /** Returns a webhook of which only the id is known. */
  static Webhook named(String id) {
    return new Webhook(id, null, null, null, null, Set.of());
  }

  /** Whether a webhook no longer exists, so that its deliveries cannot be read. */
  boolean isGone(String id) {
    return LeftOutRows.listing(this::all).stream().noneMatch(hook -> hook.id().equals(id));
  }

  /**
   * Reads the deliveries to a webhook, from the newest to the oldest.
   *
   * @param dated gets the provider's clock when the first page was read, if GitHub shows it
   */
  PageReader.Rows<Recorded<DeliveryRow>> deliveries(
      String hook, Consumer<Read.ProviderClock> dated, LeftOutRows leftOut) {
    return http.pages(
        DeliveryRow::id,
        cursor -> {
          var answer = api.listDeliveries(DeliveryId.path(hook), cursor).answer();
          if (cursor == null && answer.clock() != null) {
            dated.accept(answer.clock());
          }
          return page(answer, "cursor");
        },
        leftOut);
  }

  /** Returns a page. It has no list if it has rows, but none that is a record. */
  private static <T> CursorReader.Page<T> page(
      Read.Answer<List<@Nullable T>> answer, String parameter) {
    List<@Nullable T> rows = answer.body();
    boolean isNone = !rows.isEmpty() && rows.stream().allMatch(Objects::isNull);
    return new CursorReader.Page<>(isNone ? null : rows, answer.nextPage().apply(parameter));
  }
}
