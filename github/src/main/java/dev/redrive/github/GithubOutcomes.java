package dev.redrive.github;

import dev.redrive.NotFoundException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of retries: one look at each webhook's list, down to the oldest request. */
final class GithubOutcomes {
  private final ProviderHttp http;
  private final Hooks hooks;
  private final GithubMapper mapper;

  GithubOutcomes(ProviderHttp http, Hooks hooks, GithubMapper mapper) {
    this.http = http;
    this.hooks = hooks;
    this.mapper = mapper;
  }

  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<RetryResult> toRead =
        http.retries().outcomesToRead(results, GithubOutcomes::obstacle, reader);
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(
            sought -> hook(sought.result()),
            toRead.stream().map(result -> new Sought(result, http)).toList()),
        this::read,
        reader);
  }

  private static @Nullable String obstacle(RetryResult result) {
    String refusal = DeliveryId.refusal(result.key().id());
    return refusal == null && result.delivery().latest().eventId() == null
        ? "the GUID of its event is not known"
        : refusal;
  }

  private static String hook(RetryResult result) {
    return Objects.requireNonNull(DeliveryId.parse(result.key().id())).hook();
  }

  private void read(String hook, List<Sought> sought, Consumer<List<RetryOutcome>> handOver) {
    var open = new ArrayList<>(sought);
    var unreadable = new LeftOutRows();
    try {
      search(hook, open, unreadable, handOver);
    } catch (NotFoundException e) {
      if (!hooks.isGone(hook)) {
        throw e;
      }
      handOver.accept(open.stream().map(one -> one.unknown(e.summary())).toList());
      return;
    }
    boolean isComplete = unreadable.soFar().unreadable() == 0;
    handOver.accept(open.stream().map(one -> one.outcome(isComplete)).toList());
  }

  /** Hands over what is decided after each page, and takes it out of {@code open}. */
  private void search(
      String hook,
      List<Sought> open,
      LeftOutRows unreadable,
      Consumer<List<RetryOutcome>> handOver) {
    Map<String, List<Sought>> byEvent = OutcomeGroups.by(Sought::event, open);
    var webhook = Hooks.named(hook);
    var older = new OlderRows(GithubApi.PAGE_SIZE);
    var dates = new Dates(open);
    var rows = hooks.deliveries(hook, dates, unreadable);
    while (!open.isEmpty() && rows.hasNext()) {
      Recorded<DeliveryRow> row = rows.next();
      String guid = row.value().guid();
      if (guid == null) {
        unreadable.addUnreadable();
      } else {
        byEvent
            .getOrDefault(ProviderHttp.canonicalId(guid), List.of())
            .forEach(one -> one.look(mapper.log(row, webhook), row.value().isFirst()));
      }
      if (!rows.isNextAtHand()) {
        List<Sought> decided = open.stream().filter(Sought::isDecided).toList();
        handOver.accept(decided.stream().map(one -> one.outcome(true)).toList());
        open.removeAll(decided);
      }
      if (!older.goesOn(row.value().time(), dates.oldest())) {
        return;
      }
    }
  }

  /** Dates the requests by the provider's clock when the first page was read. */
  private static final class Dates implements Consumer<Read.@Nullable ProviderClock> {
    private final List<Sought> sought;
    private boolean dated;
    private @Nullable Instant oldest;

    Dates(List<Sought> sought) {
      this.sought = List.copyOf(sought);
    }

    @Override
    public void accept(Read.@Nullable ProviderClock clock) {
      if (dated) {
        return;
      }
      dated = true;
      if (clock != null) {
        sought.forEach(one -> one.dated(clock));
      }
      boolean isBounded = sought.stream().allMatch(one -> one.earliest() != null);
      oldest =
          isBounded
              ? sought.stream().map(Sought::earliest).min(Comparator.naturalOrder()).orElse(null)
              : null;
    }

    /** Returns the time before which no delivery is of interest; null if there is no bound. */
    @Nullable Instant oldest() {
      return oldest;
    }
  }
}
