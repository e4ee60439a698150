package dev.redrive.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/** A provider as small as one can be. */
final class TestClient implements AutoCloseable {
  static final String KEY = "key-0123456789abcdef";

  record Item(String id, @Nullable String text) {
    Item {
      Objects.requireNonNull(id, "id");
    }
  }

  record Items(List<@Nullable Recorded<Item>> data, long total) {
    Items {
      Objects.requireNonNull(data, "data");
    }
  }

  record Done(boolean success) {}

  record Refusal(
      @Nullable @JsonProperty("message") String errorMessage,
      @Nullable @JsonProperty("code") String errorCode)
      implements ErrorBody {
    @Override
    public @Nullable Duration retryAfter(int httpStatus) {
      return httpStatus == 403 && "slow down".equals(errorCode) ? Duration.ofSeconds(7) : null;
    }
  }

  interface Api {
    @GET("items")
    Read<Items> listItems(@Query("offset") int offset, @Query("limit") int limit);

    @GET("items/{id}")
    Read<Recorded<Item>> readItem(@Path("id") String id);

    @POST("items/{id}/retry")
    Send<Done> retryItem(@Path("id") String id);

    @POST("items/{id}/resend")
    Send<NoBody> resendItem(@Path("id") String id);
  }

  static final class Builder extends ClientBuilder<Builder> {
    private @Nullable String region;

    Builder() {
      super("test", "Test Provider", null);
    }

    Builder region(@Nullable String value) {
      this.region = value;
      return this;
    }

    Builder at(String place) {
      place(place, place);
      return this;
    }

    TestClient build() {
      checkUuid("webhookId", defaultWebhook().id());
      header("x-region", region);
      return new TestClient(connect("x-api-key", "", Refusal.class));
    }
  }

  final ProviderHttp http;
  final Api api;

  private TestClient(ProviderHttp http) {
    this.http = http;
    this.api = http.create(Api.class);
  }

  Item read(String id) {
    return api.readItem(id).get().value();
  }

  Sent<Done> send(String id) {
    return api.retryItem(id).once();
  }

  FailedDelivery delivery(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(http.key(id), DeliveryStatus.FAILED).httpStatus(500).build());
  }

  /** Retries items in batches of one. */
  List<RetryResult> retryAll(List<String> ids) {
    List<List<FailedDelivery>> batches = ids.stream().map(id -> List.of(delivery(id))).toList();
    return http.retries()
        .sendEach(
            batches,
            batch -> {
              FailedDelivery one = batch.get(0);
              return List.of(
                  api.retryItem(one.key().id())
                      .once()
                      .toResult(one, done -> RetryResult.accepted(one, null, done.at())));
            });
  }

  @Override
  public void close() {
    http.close();
  }
}
