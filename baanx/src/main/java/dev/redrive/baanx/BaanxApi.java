package dev.redrive.baanx;

import dev.redrive.http.Read;
import dev.redrive.http.Send;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/**
 * The webhook routes of Baanx (https://docs.baanx.com/api-reference/webhooks/). Every {@code
 * eventId} is the {@code id} of an event's record, not its field {@code eventId}.
 */
interface BaanxApi {
  /** The most rows that a list shows. There is no way to ask for more. */
  int MOST_ROWS = 100;

  /** How long Baanx keeps attempts. */
  Duration RETENTION = Duration.ofDays(7);

  @GET("v1/webhooks")
  Read<BaanxWire.Webhooks> listWebhooks();

  @GET("v1/webhooks/{id}/logs")
  Read<BaanxWire.WebhookLogs> listLogs(@Path("id") String webhookId, @Query("limit") int limit);

  /** Lists events of one status; of every status if {@code status} is null. */
  @GET("v1/webhooks/events")
  Read<BaanxWire.Events> listEvents(
      @Query("status") @Nullable String status, @Query("limit") int limit);

  @GET("v1/webhooks/events/{eventId}/status")
  Read<BaanxWire.EventRow> readEventStatus(@Path("eventId") String eventId);

  @GET("v1/webhooks/events/{eventId}/logs")
  Read<BaanxWire.EventLogs> readEventLogs(@Path("eventId") String eventId);

  @POST("v1/webhooks/events/{eventId}/retry")
  Send<BaanxWire.RetryAnswer> retryEvent(
      @Path("eventId") String eventId, @Body BaanxWire.RetryTarget target);

  /** A request without a body and content type sends the event to all active webhooks. */
  @POST("v1/webhooks/events/{eventId}/retry")
  Send<BaanxWire.RetryAnswer> retryEventToAllWebhooks(@Path("eventId") String eventId);
}
