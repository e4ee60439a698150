package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.PauseReason;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RequestListener;
import dev.redrive.RequestListener.Result;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client's listener is told of each request that the server sees, and of each pause. */
public interface RequestListenerContract extends ContractPart {
  /** What is told of a request that ended so. */
  Map<Class<? extends RedriveException>, Result> TOLD =
      Map.of(
          RateLimitedException.class, Result.RATE_LIMITED,
          AuthenticationException.class, Result.UNAUTHORIZED,
          InvalidRequestException.class, Result.REJECTED,
          NotFoundException.class, Result.REJECTED,
          ProviderUnavailableException.class, Result.UNAVAILABLE,
          MalformedResponseException.class, Result.MALFORMED,
          NetworkException.class, Result.NO_RESPONSE);

  /** More names of operations than any provider has, for some deliveries or for many. */
  int MOST_OPERATIONS = 10;

  @Test
  default void listener_isToldOfEachRequest_byTheNamesOfAFewOperations() {
    List<String> ids = fake().failures(12);
    long before = fake().requestCount();
    var told = new ToldRequests();
    WebhookRetryClient client = client(settings -> settings.requestListener(told));

    List<FailedDelivery> failed = list(client);
    List<RetryResult> results = client.retryAll(failed);
    client.outcomes(results);
    if (can(Capability.WEBHOOKS)) {
      client.webhooks();
    }
    if (can(Capability.LOGS)) {
      client.logs(DeliveryQuery.all()).forEach(log -> {});
    }

    // A page that was read ahead is given up if it turns out not to be needed.
    List<Result> ended =
        told.results().stream().filter(result -> result != Result.CANCELLED).toList();
    // Some say of what was delivered that they do not know it.
    assertThat(ended).containsOnly(anyOf(ended));
    assertThat(fake().requestCount() - before)
        .isBetween((long) ended.size(), (long) told.results().size());
    assertThat(told.requests())
        .allMatch(request -> request.provider().equals(traits().provider()))
        .allMatch(request -> request.account().equals(client.account()));
    assertThat(operations(told))
        .hasSizeBetween(2, MOST_OPERATIONS)
        .allMatch(operation -> operation.matches("[a-z]+( [a-z]+)*"))
        .noneMatch(operation -> ids.stream().anyMatch(operation::contains));
    assertThat(told.pauses()).isEmpty();
  }

  private static Result[] anyOf(List<Result> results) {
    return results.contains(Result.REJECTED)
        ? new Result[] {Result.SUCCESS, Result.REJECTED}
        : new Result[] {Result.SUCCESS};
  }

  private static Set<String> operations(ToldRequests told) {
    return told.requests().stream()
        .map(RequestListener.Request::operation)
        .collect(Collectors.toSet());
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STALL") // Told as a lost request is.
  default void listener_ofARetry_isToldWhatBecameOfIt(Trouble trouble) {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).always().inject(trouble.fault);
    long before = fake().requestCount();
    var told = new ToldRequests();

    client(settings -> settings.requestListener(told)).retry(delivery);

    assertThat(told.results()).hasSize((int) (fake().requestCount() - before));
    int requests = trouble == Trouble.STATUS_429 ? TRIES : 1;
    assertThat(fake().requestCount(Operation.RETRY)).isEqualTo(requests);
    List<Result> failures =
        told.results().stream().filter(result -> result != Result.SUCCESS).toList();
    Set<Result> expected = expected(trouble);
    assertThat(expected).containsAll(failures);
    if (!expected.contains(Result.SUCCESS)) {
      assertThat(failures).hasSize(requests);
    }
    assertThat(told.pauses())
        .hasSize(requests - 1)
        .allMatch(pause -> pause.reason() == PauseReason.RATE_LIMIT)
        .allMatch(pause -> pause.length().compareTo(Duration.ofSeconds(1)) >= 0);
  }

  private Set<Result> expected(Trouble trouble) {
    if (trouble.result(this) == RetryResult.Status.ACCEPTED) {
      return Set.of(Result.SUCCESS);
    }
    Result told = Objects.requireNonNull(TOLD.get(trouble.error));
    // That a field is missing may show only when the answer is used.
    return trouble == Trouble.OTHER_OBJECT ? Set.of(told, Result.SUCCESS) : Set.of(told);
  }

  @OncePerApi
  @Test
  default void listener_ofARead_isToldOfEachAttemptAndOfThePauses() {
    fake().failures(3);
    var told = new ToldRequests();
    WebhookRetryClient client = client(settings -> settings.requestListener(told));
    long before = fake().requestCount();
    fake().faults().on(Operation.LIST).nth(1).inject(Fault.status(503));
    fake().faults().on(Operation.LIST).nth(2).inject(Fault.lostAnswer());

    assertThat(list(client)).hasSize(3);

    // A page that was read ahead is given up if it turns out not to be needed.
    List<Result> ended =
        told.results().stream().filter(result -> result != Result.CANCELLED).toList();
    assertThat(fake().requestCount() - before)
        .isBetween((long) ended.size(), (long) told.results().size());
    assertThat(ended)
        .containsOnlyOnce(Result.UNAVAILABLE, Result.NO_RESPONSE)
        .contains(Result.SUCCESS);
    assertThat(told.pauses())
        .hasSize(2)
        .allMatch(pause -> pause.reason() == PauseReason.FAILED_REQUESTS)
        .extracting(ToldRequests.Pause::length)
        .containsExactlyElementsOf(time().sleeps());
  }

  @Test
  default void listener_whenNobodyListensThere_isTold() {
    FailedDelivery delivery = oneFailed();
    var told = new ToldRequests();
    WebhookRetryClient client = client(settings -> settings.requestListener(told).maxAttempts(1));
    fake().close();

    client.retry(delivery);

    assertThat(told.results()).isNotEmpty().containsOnly(Result.NO_RESPONSE);
  }

  @Test
  default void listener_thatFails_changesNothing() {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).inject(Fault.status(429).retryAfter("1"));
    WebhookRetryClient client = client(settings -> settings.requestListener(new Failing()));

    assertThat(client.retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);

    assertSent(delivery, 2, 1);
    assertThat(fake().requestCount(Operation.RETRY)).isEqualTo(2);
  }

  /** Fails whatever it is told. */
  final class Failing implements RequestListener {
    @Override
    public void onOperation(Request request) {
      throw new IllegalStateException("on operation");
    }

    @Override
    public void onStart(Request request) {
      throw new IllegalStateException("on start");
    }

    @Override
    public void onEnd(Request request, Result result, Duration duration) {
      throw new IllegalStateException("on end");
    }

    @Override
    public void onPause(Request request, Duration wait, PauseReason reason) {
      throw new IllegalStateException("on pause");
    }
  }
}
