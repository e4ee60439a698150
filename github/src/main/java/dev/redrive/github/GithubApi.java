package dev.redrive.github;

import dev.redrive.RateLimit;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.github.GithubWire.HookConfig;
import dev.redrive.github.GithubWire.HookRow;
import dev.redrive.http.NoBody;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.http.Send;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/**
 * The requests about the webhooks of one owner. The base URL ends in the owner's path: {@code
 * repos/…/}, {@code orgs/…/} or {@code app/}.
 */
interface GithubApi {
  int PAGE_SIZE = 100;

  /** How long a delivery is listed at least. */
  Duration RETENTION = Duration.ofDays(3);

  /** 900 points a minute for one endpoint, of which a POST costs five. */
  RateLimit SECONDARY_LIMIT = new RateLimit(RateLimit.Scope.RETRY, 180, Duration.ofMinutes(1));

  /** Returns how long a server lists a delivery: an Enterprise Server for seven days. */
  static Duration retention(String baseUrl) {
    return baseUrl.contains("/api/v3/") ? Duration.ofDays(7) : RETENTION;
  }

  String PAGE = "?per_page=" + PAGE_SIZE;

  /** {@code hooks/ID}, or {@code hook} of a GitHub App, which has only one. */
  String HOOK = "hook";

  String DELIVERIES = "{" + HOOK + "}/deliveries";
  String DELIVERY = DELIVERIES + "/{delivery}";

  @GET("hooks" + PAGE)
  Read<List<@Nullable HookRow>> listHooks(@Query("page") @Nullable String page);

  @GET("hook/config")
  Read<HookConfig> readHookConfig();

  @GET(DELIVERIES + PAGE)
  Read<List<@Nullable Recorded<DeliveryRow>>> listDeliveries(
      @Path(value = HOOK, encoded = true) String hook, @Query("cursor") @Nullable String cursor);

  @GET(DELIVERY)
  Read<Recorded<DeliveryRow>> readDelivery(
      @Path(value = HOOK, encoded = true) String hook, @Path("delivery") String delivery);

  @POST(DELIVERY + "/attempts")
  Send<NoBody> redeliver(
      @Path(value = HOOK, encoded = true) String hook, @Path("delivery") String delivery);
}
