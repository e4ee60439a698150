package dev.redrive.testkit;

import dev.redrive.testkit.GithubDeliveries.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The routes of a {@link FakeGithub}: of a repository, an organization and a GitHub App. */
final class GithubRoutes {
  static final String APP = "/app";
  private static final String REPOSITORY = "/repos/{owner}/{repository}";
  private static final String ORGANIZATION = "/orgs/{owner}";
  private static final int PAGE = 100;
  private static final int USUAL_PAGE = 30;
  private static final int FIRST_FAILURE = 400;
  private static final int FIRST_UNKNOWN = 600;
  private static final String CURSOR = "v1_";

  private final FakeGithub fake;
  private final GithubDeliveries deliveries;

  GithubRoutes(FakeGithub fake, GithubDeliveries deliveries) {
    this.fake = fake;
    this.deliveries = deliveries;
  }

  void declare() {
    for (String owner : List.of(REPOSITORY, ORGANIZATION)) {
      String hooks = owner + "/hooks";
      fake.get(hooks, Operation.WEBHOOKS, this::listHooks).when(this::isOwned);
      fake.get(hooks + "/{hook}", Operation.WEBHOOKS, atHook(this::readHook)).when(this::isOwned);
      declareDeliveries(hooks + "/{hook}");
    }
    fake.get(
        APP + "/hook/config",
        Operation.WEBHOOKS,
        atHook((call, hook) -> Answer.ok(GithubJson.config(hook))));
    declareDeliveries(APP + "/hook");
  }

  private void declareDeliveries(String hook) {
    String list = hook + "/deliveries";
    fake.get(list, Operation.LIST, atHook(this::list)).when(this::isOwned);
    fake.get(list + "/{id}", Operation.READ, atHook(this::read)).when(this::isOwned);
    fake.post(list + "/{id}/attempts", Operation.RETRY, atHook(this::redeliver))
        .when(this::isOwned)
        .naming(call -> List.of(hookId(call) + "/" + call.path("id")));
  }

  private boolean isOwned(Call call) {
    return (!call.hasPath("owner") || fake.organization().equalsIgnoreCase(call.path("owner")))
        && (!call.hasPath("repository")
            || fake.repository()
                .equalsIgnoreCase(call.path("owner") + "/" + call.path("repository")));
  }

  /** A GitHub App has one webhook: here, the first one. */
  private String hookId(Call call) {
    return call.hasPath("hook") ? call.path("hook") : fake.webhookIds().get(0);
  }

  private Route.Handler atHook(BiFunction<Call, Subscription, Answer> handler) {
    return call -> {
      Subscription hook = fake.subscriptions().find(hookId(call));
      return hook == null || fake.isDeleted(hook) ? notFound() : handler.apply(call, hook);
    };
  }

  private Answer notFound() {
    return fake.error(404, "Not Found");
  }

  private Answer listHooks(Call call) {
    int size = call.number("per_page", USUAL_PAGE, 1, PAGE);
    int page = call.number("page", 1, 1, Integer.MAX_VALUE);
    List<Subscription> all =
        fake.subscriptions().all().stream().filter(hook -> !fake.isDeleted(hook)).toList();
    Answer answer = Answer.ok(Json.page(all, (page - 1L) * size, size, hook -> toJson(call, hook)));
    return (long) page * size < all.size()
        ? answer.with("Link", next(call, "page=" + (page + 1) + "&per_page=" + size))
        : answer;
  }

  private Answer readHook(Call call, Subscription hook) {
    return Answer.ok(toJson(call, hook));
  }

  private Json toJson(Call call, Subscription hook) {
    String owner = call.hasPath("repository") ? "/repos/" + fake.repository() : "/orgs/octocat";
    return GithubJson.webhook(hook, fake.baseUrl() + owner + "/hooks/" + hook.id());
  }

  private String next(Call call, String query) {
    return "<" + fake.baseUrl() + call.encodedPath() + "?" + query + ">; rel=\"next\"";
  }

  /** Newest first [inferred, from GitHub's own script]; the cursor is where the page starts. */
  private Answer list(Call call, Subscription hook) {
    int size = fake.pageSize(call.number("per_page", USUAL_PAGE, 1, PAGE));
    String cursor = call.query("cursor", "");
    Delivery from = cursor.startsWith(CURSOR) ? deliveries.find(cursor.substring(3)) : null;
    if (from == null && !cursor.isEmpty()) {
      throw new InvalidParameterException("cursor", "is invalid");
    }
    List<Delivery> rows =
        filtered(deliveries.newestFirst(hook, oldest(), from), call.query("status", ""))
            .limit(size + 1L)
            .toList();
    Answer answer = Answer.ok(rows.stream().limit(size).map(GithubJson::delivery).toList());
    return rows.size() > size
        ? answer.with(
            "Link", next(call, "per_page=" + size + "&cursor=" + CURSOR + rows.get(size).id))
        : answer;
  }

  private Instant oldest() {
    return fake.now().minus(FakeGithub.RETENTION);
  }

  /** {@code failure} is 400 to 599 and {@code success} 200 to 399 [spec]: 0 is neither. */
  private static Stream<Delivery> filtered(Stream<Delivery> rows, String status) {
    return switch (status) {
      case "" -> rows;
      case "failure" ->
          rows.filter(row -> row.status >= FIRST_FAILURE && row.status < FIRST_UNKNOWN);
      case "success" -> rows.filter(row -> row.status >= 200 && row.status < FIRST_FAILURE);
      default -> throw new InvalidParameterException("status", "must be success or failure");
    };
  }

  private @Nullable Delivery listed(Call call, Subscription hook) {
    Delivery delivery = deliveries.find(call.path("id"));
    return delivery == null || delivery.webhook() != hook || !delivery.at.isAfter(oldest())
        ? null
        : delivery;
  }

  private Answer read(Call call, Subscription hook) {
    Delivery delivery = listed(call, hook);
    return delivery == null ? notFound() : Answer.ok(GithubJson.withRequest(delivery));
  }

  /** Any listed delivery is redelivered, one that succeeded too [inferred]. */
  private Answer redeliver(Call call, Subscription hook) {
    Delivery delivery = listed(call, hook);
    if (delivery == null) {
      return notFound();
    }
    fake.enqueue(() -> deliveries.redeliver(delivery, fake.now()));
    return Answer.of(202, Json.object());
  }
}
