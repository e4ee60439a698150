package dev.redrive.voiso;

import dev.redrive.http.Read;
import dev.redrive.http.Send;
import dev.redrive.voiso.VoisoWire.FailuresV4;
import dev.redrive.voiso.VoisoWire.OneFailureV4;
import dev.redrive.voiso.VoisoWire.SubscriptionsV4;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/** The requests of {@code /api/v4/tasks}. */
interface VoisoV4Api {
  int PAGE_SIZE = 100;

  @GET("api/v4/tasks/webhooks")
  Read<SubscriptionsV4> listWebhooks(@Query("offset") int offset, @Query("limit") int limit);

  @GET("api/v4/tasks/webhook_failures")
  Read<FailuresV4> listFailures(
      @Query("created_at[gte]") @Nullable Instant since,
      @Query("created_at[lt]") @Nullable Instant until,
      @Query("offset") int offset,
      @Query("limit") int limit);

  @GET("api/v4/tasks/webhook_failures/{id}")
  Read<OneFailureV4> getFailure(@Path("id") String id);

  @POST("api/v4/tasks/webhook_failures/{id}/retrigger")
  Send<OneFailureV4> retriggerFailure(@Path("id") String id);
}
