package dev.redrive.keycloak;

import dev.redrive.http.NoBody;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.http.Send;
import dev.redrive.keycloak.KeycloakWire.IssuedToken;
import dev.redrive.keycloak.KeycloakWire.SendRow;
import dev.redrive.keycloak.KeycloakWire.WebhookRow;
import java.util.List;
import org.jspecify.annotations.Nullable;
import retrofit2.http.Field;
import retrofit2.http.FormUrlEncoded;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/** The requests of one realm. */
interface KeycloakApi {
  /** The most rows of a page; more are not returned, whatever is requested. */
  int PAGE_SIZE = 100;

  String SEND = "webhooks/{webhookId}/sends/{sendId}";

  @GET("webhooks")
  Read<List<@Nullable WebhookRow>> listWebhooks(@Query("first") int first, @Query("max") int max);

  /** The newest first, by the time of the latest attempt. */
  @GET("webhooks/{webhookId}/sends")
  Read<List<@Nullable Recorded<SendRow>>> listSends(
      @Path("webhookId") String webhookId, @Query("first") int first, @Query("max") int max);

  @GET(SEND)
  Read<Recorded<SendRow>> readSend(
      @Path("webhookId") String webhookId, @Path("sendId") String sendId);

  @POST(SEND + "/resend")
  Send<NoBody> resend(@Path("webhookId") String webhookId, @Path("sendId") String sendId);

  /** A read, because it may be repeated: it changes nothing. */
  @FormUrlEncoded
  @POST("protocol/openid-connect/token")
  Read<IssuedToken> requestToken(@Field("grant_type") String grantType);
}
