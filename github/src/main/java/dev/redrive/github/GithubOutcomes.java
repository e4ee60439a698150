package dev.redrive.github;

import dev.redrive.NotFoundException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
    List<Sought> sought =
        http.retries().questions(results, GithubOutcomes::obstacle, reader).stream()
            .map(question -> new Sought(question, http.now()))
            .toList();
    OutcomeGroups.readEach(http, OutcomeGroups.by(Sought::hook, sought), this::read, reader);
  }

  private static @Nullable String obstacle(RetryResult result) {
    String refusal = DeliveryId.refusal(result.key().id());
    return refusal == null && result.delivery().latest().eventId() == null
        ? "the GUID of its event is not known"
        : refusal;
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
      handOver.accept(open.stream().map(one -> one.question().unknown(e.summary())).toList());
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
    var rows = hooks.deliveries(hook, clock -> open.forEach(one -> one.dated(clock)), unreadable);
    var older = new OlderRows(GithubApi.PAGE_SIZE);
    // The first page dates the requests by the provider's clock.
    boolean goesOn = rows.hasNext();
    Instant oldest =
        open.stream().map(Sought::earliest).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    while (goesOn && !open.isEmpty() && rows.hasNext()) {
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
        var decided = new ArrayList<RetryOutcome>();
        open.removeIf(one -> one.isDecided() && decided.add(one.outcome(true)));
        handOver.accept(decided);
      }
      goesOn = older.goesOn(row.value().time(), oldest);
    }
  }
}
