package dev.redrive.voiso;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.http.Send;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

interface VoisoV4Api {
  @GET("api/v4/tasks/webhooks")
  Read<Subscriptions> listWebhooks(@Query("offset") int offset, @Query("limit") int limit);

  @GET("api/v4/tasks/webhook_failures")
  Read<Failures> listFailures(
      @Query("created_at[gte]") @Nullable Instant since,
      @Query("created_at[lt]") @Nullable Instant until,
      @Query("offset") int offset,
      @Query("limit") int limit);

  @GET("api/v4/tasks/webhook_failures/{id}")
  Read<OneFailure> getFailure(@Path("id") String id);

  @POST("api/v4/tasks/webhook_failures/{id}/retrigger")
  Send<OneFailure> retriggerFailure(@Path("id") String id);

  record Subscriptions(
      @Nullable List<@Nullable Subscription> webhooks, @Nullable Metadata metadata) {}

  record Subscription(
      @Nullable String id,
      @Nullable String name,
      @Nullable String url,
      @Nullable List<@Nullable String> events) {}

  record Failures(
      @JsonProperty("webhook_failures") @Nullable List<@Nullable Recorded<Failure>> failures,
      @Nullable Metadata metadata) {}

  record OneFailure(@JsonProperty("webhook_failure") @Nullable Recorded<Failure> failure) {}

  record Metadata(@Nullable Long total) {
    static long totalOf(@Nullable Metadata metadata) {
      return metadata == null || metadata.total == null ? -1 : metadata.total;
    }
  }
}
