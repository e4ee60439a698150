package dev.redrive.voiso;

import dev.redrive.http.Read;
import dev.redrive.http.Send;
import dev.redrive.voiso.VoisoWire.FailuresV1;
import dev.redrive.voiso.VoisoWire.RetriggeredV1;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.Headers;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/** The requests of {@code /api/webhooks/v1}. */
interface VoisoV1Api {
  int PAGE_SIZE = 50;

  @GET("api/webhooks/v1/failures")
  Read<FailuresV1> listFailures(
      @Query("start_date") Instant start,
      @Query("end_date") @Nullable Instant end,
      @Query("page") int page,
      @Query("per_page") int perPage);

  @POST("api/webhooks/v1/failures/{id}/retrigger")
  @Headers("Content-Type: application/json")
  Send<RetriggeredV1> retriggerFailure(@Path("id") String id);
}
