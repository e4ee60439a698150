package dev.redrive.chatt2me;

import dev.redrive.chatt2me.Chatt2meWire.BulkRetry;
import dev.redrive.chatt2me.Chatt2meWire.BulkRetryAnswer;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.chatt2me.Chatt2meWire.Page;
import dev.redrive.chatt2me.Chatt2meWire.RetryAnswer;
import dev.redrive.chatt2me.Chatt2meWire.WebhookRow;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.http.Send;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/** The requests of the webhook API. */
interface Chatt2meApi {
  int PAGE_SIZE = 50;

  /** The most logs in one bulk retry. All must be of one webhook. */
  int BATCH_SIZE = 50;

  String LOGS = "v1/organization/webhook/{webhookId}/webhook-log";

  @GET("v1/organization/webhook")
  Read<Page<WebhookRow>> listWebhooks(@Query("offset") int offset, @Query("limit") int limit);

  @GET("v1/organization/webhook/{webhookId}")
  Read<WebhookRow> readWebhook(@Path("webhookId") String webhookId);

  @GET(LOGS)
  Read<Page<Recorded<LogRow>>> listLogs(
      @Path("webhookId") String webhookId,
      @Query("offset") int offset,
      @Query("limit") int limit,
      @Query("status") @Nullable String status);

  @POST(LOGS + "/{webhookLogId}/retry")
  Send<RetryAnswer> retryLog(
      @Path("webhookId") String webhookId, @Path("webhookLogId") String webhookLogId);

  @POST(LOGS + "/retry")
  Send<BulkRetryAnswer> retryLogs(@Path("webhookId") String webhookId, @Body BulkRetry logs);
}
