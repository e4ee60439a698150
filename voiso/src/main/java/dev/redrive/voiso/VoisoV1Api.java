package dev.redrive.voiso;

import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.http.Send;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Headers;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

interface VoisoV1Api {
  @GET("api/webhooks/v1/failures")
  Read<Failures> listFailures(
      @Query("start_date") Instant start,
      @Query("end_date") @Nullable Instant end,
      @Query("page") int page,
      @Query("per_page") int perPage);

  @POST("api/webhooks/v1/failures/{id}/retrigger")
  @Headers("Content-Type: application/json")
  Send<Retriggered> retriggerFailure(@Path("id") String id);

  record Failures(@Nullable List<@Nullable Recorded<Failure>> failures, @Nullable String error) {}

  record Retriggered(@Nullable String status, @Nullable String error) {}
}
