package acme;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.CursorReader;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.NoBody;
import dev.redrive.http.ProviderClient;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Question;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import dev.redrive.http.Send;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;

/** A client that is not Redrive's: pages by cursor, and one record a delivery that counts tries. */
final class AcmeClient extends ProviderClient {
  private static final String NAME = "Acme";

  interface Api {
    @GET("v2/attempts")
    Read<Attempts> listFailed(@Query("cursor") @Nullable String cursor);

    @GET("v2/attempts/{id}")
    Read<Recorded<Attempt>> readAttempt(@Path("id") String id);

    @POST("v2/attempts/{id}/resend")
    Send<NoBody> resendAttempt(@Path("id") String id);
  }

  record Attempts(@Nullable List<@Nullable Recorded<Attempt>> attempts, @Nullable String next) {}

  record Attempt(
      @Nullable String id,
      @Nullable String state,
      @Nullable Integer tries,
      @Nullable Hook hook,
      @Nullable String type,
      @Nullable String at) {}

  record Hook(@Nullable String id) {}

  record Problem(@JsonProperty("problem") @Nullable String errorMessage) implements ErrorBody {}

  private final ProviderHttp http;
  private final Api api;

  private AcmeClient(ProviderHttp http) {
    super(http, traits(http));
    this.http = http;
    this.api = http.create(Api.class);
  }

  static Builder builder() {
    return new Builder();
  }

  private static ProviderTraits traits(ProviderHttp http) {
    return http.traits().capabilities(Capability.UNIQUE_IDS).pageSize(10).build();
  }

  @Override
  public List<Webhook> webhooks() {
    throw new UnsupportedCapabilityException(NAME, Capability.WEBHOOKS);
  }

  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    throw new UnsupportedCapabilityException(NAME, Capability.LOGS);
  }

  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    if (query.webhookId() != null) {
      traits().require(Capability.WEBHOOK_FILTER);
    }
    if (!query.causes().isEmpty()) {
      traits().require(Capability.CAUSES);
    }
    return LeftOutRows.listing(leftOut -> failures(query, leftOut));
  }

  private Iterator<FailedDelivery> failures(DeliveryQuery query, LeftOutRows leftOut) {
    return http.<Recorded<Attempt>>pages(row -> row.value().id(), this::read, leftOut).stream()
        .map(this::log)
        .filter(log -> log.status() != DeliveryStatus.SUCCEEDED)
        .map(FailedDelivery::of)
        .filter(delivery -> leftOut.matches(query, delivery))
        .limit(query.limit())
        .iterator();
  }

  private CursorReader.Page<Recorded<Attempt>> read(@Nullable String cursor) {
    Attempts page = api.listFailed(cursor).get();
    return new CursorReader.Page<>(page.attempts(), page.next());
  }

  private Recorded<Attempt> read(DeliveryKey key) {
    return api.readAttempt(key.id()).get();
  }

  private WebhookLog log(Recorded<Attempt> row) {
    Attempt attempt = row.value();
    return WebhookLog.builder(http.key(String.valueOf(attempt.id())), status(attempt.state()))
        .lineage("attempt/" + attempt.id())
        .providerStatus(String.valueOf(attempt.state()))
        .webhook(attempt.hook() == null ? null : attempt.hook().id(), null, null)
        .event(null, attempt.type())
        .attemptNumber(attempt.tries())
        .createdAt(ProviderTime.parse(attempt.at()))
        .json(row.json())
        .build();
  }

  private static DeliveryStatus status(@Nullable String state) {
    return switch (String.valueOf(state).toLowerCase(Locale.ROOT)) {
      case "failed" -> DeliveryStatus.FAILED;
      case "ok" -> DeliveryStatus.SUCCEEDED;
      default -> DeliveryStatus.UNKNOWN;
    };
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retries()
        .each(
            deliveries,
            delivery -> null,
            delivery -> FailedDelivery.of(log(read(delivery.key()))),
            this::send);
  }

  private RetryResult send(FailedDelivery delivery) {
    return api.resendAttempt(delivery.key().id())
        .once()
        .toResult(delivery, sent -> RetryResult.accepted(delivery, null, sent.at()));
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    http.<Question, RetryOutcome>readEach(
        http.retries().questions(results, result -> null, reader),
        (question, handOver) -> handOver.accept(List.of(outcome(question))),
        reader);
  }

  private RetryOutcome outcome(Question question) {
    WebhookLog now;
    try {
      now = log(read(question.result().key()));
    } catch (NotFoundException e) {
      return question.unknown("its record is gone");
    }
    Integer before = question.before().attemptNumber();
    Integer tries = now.attemptNumber();
    if (now.status() == DeliveryStatus.SUCCEEDED
        || (before != null && tries != null && tries > before)) {
      return question.shown(now);
    }
    if (!question.settled()) {
      return question.pending("not tried again so far");
    }
    return !question.isAccepted() && before != null && tries != null
        ? question.notSent("no further try in its record")
        : question.unknown("Acme records no further try");
  }

  static final class Builder extends ClientBuilder<Builder> {
    private Builder() {
      super("acme", NAME, null);
    }

    AcmeClient build() {
      return new AcmeClient(connect("Authorization", "Bearer ", Problem.class));
    }
  }
}
