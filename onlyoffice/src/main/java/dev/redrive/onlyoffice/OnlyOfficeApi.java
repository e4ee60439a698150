package dev.redrive.onlyoffice;

import dev.redrive.http.DocumentedLimit;
import dev.redrive.http.Read;
import dev.redrive.http.Send;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.PUT;
import retrofit2.http.Path;
import retrofit2.http.Query;

/**
 * The routes, as in the public server source (ONLYOFFICE/DocSpace-server, {@code
 * WebhooksController.cs}). The filters {@code deliveryFrom} and {@code deliveryTo} are not used:
 * they compare a time that only successful logs have, so each of them hides all failures.
 */
interface OnlyOfficeApi {
  @GET("api/2.0/settings/webhooks/log")
  Read<OnlyOfficeWire.LogPage> listLogs(
      @Query("groupStatus") @Nullable Integer groupStatus,
      @Query("configId") @Nullable Integer webhookId,
      @Query("startIndex") int offset,
      @Query("count") int count);

  /** Reads one log. Despite its name, {@code eventId} is the id of the log. */
  @GET("api/2.0/settings/webhooks/log")
  Read<OnlyOfficeWire.LogPage> readLog(@Query("eventId") int logId, @Query("count") int count);

  @GET("api/2.0/settings/webhook")
  Read<OnlyOfficeWire.WebhookList> listWebhooks();

  @GET("api/2.0/settings/webhook/triggers")
  Read<OnlyOfficeWire.TriggerList> listTriggers();

  @DocumentedLimit(calls = 5, seconds = 15 * 60)
  @DocumentedLimit(calls = 1500, seconds = 60)
  @PUT("api/2.0/settings/webhook/{id}/retry")
  Send<OnlyOfficeWire.RetriedLog> retryWebhook(@Path("id") int logId);

  @DocumentedLimit(calls = 5, seconds = 15 * 60)
  @DocumentedLimit(calls = 1500, seconds = 60)
  @PUT("api/2.0/settings/webhook/retry")
  Send<OnlyOfficeWire.RetriedLogs> retryWebhooks(@Body OnlyOfficeWire.RetryRequest request);
}
