package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/architecture.md says is so. */
class ArchitecturePageTest {
  private static final Path PAGE = Sources.root().resolve("docs/architecture.md");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  /** A type in backticks, with a method or without. */
  private static final Pattern TYPE =
      Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.(\\w+)\\(\\))?`");

  private static final Pattern DECLARATION =
      Pattern.compile("(?:class|interface|record|enum) (\\w+)");

  private static final Pattern TRANSITION =
      Pattern.compile("^ +(\\w+) --> (\\w+):", Pattern.MULTILINE);

  @Test
  void everyTypeThatItNames_exists() throws IOException {
    Map<String, List<String>> sources = sourcesByType();
    List<MatchResult> named = TYPE.matcher(Sources.text(PAGE)).results().toList();
    List<String> missing =
        named.stream()
            .filter(
                name ->
                    sources.getOrDefault(name.group(1), List.of()).stream()
                        .noneMatch(source -> hasMethod(source, name.group(2))))
            .map(MatchResult::group)
            .toList();
    assertThat(named).hasSizeGreaterThan(50);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyStateAndTransitionOfTheDiagram_isOneOfALedgerEntry() {
    Set<String> possible = transitions();
    Matcher drawn = TRANSITION.matcher(Sources.text(PAGE));
    var states = new LinkedHashSet<String>();
    while (drawn.find()) {
      states.add(drawn.group(1));
      states.add(drawn.group(2));
      assertThat(possible).contains(drawn.group(1) + " " + drawn.group(2));
    }
    assertThat(states)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(DeliveryState.values()).map(Enum::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md"})
  void itIsLinked(String from) {
    assertThat(Sources.text(Sources.root().resolve(from))).contains("(docs/architecture.md)");
  }

  @Test
  void itIsShort() {
    assertThat(Sources.text(PAGE).lines().count()).isLessThan(150);
  }

  /** Each change of state that the methods of an entry make, but those by hand. */
  private static Set<String> transitions() {
    var transitions = new LinkedHashSet<String>();
    var key = new DeliveryKey("acme", "main", "1");
    FailedDelivery failed =
        FailedDelivery.of(WebhookLog.builder(key, DeliveryStatus.FAILED).build());
    LedgerEntry found = LedgerEntry.found(1, new Account("acme", "main"), failed);
    LedgerEntry claimed = change(transitions, found, found.claimed(NOON));
    LedgerEntry lost = change(transitions, claimed, claimed.lost(NOON));
    var underWay = new ArrayList<>(List.of(lost));
    for (RetryResult.Status status : RetryResult.Status.values()) {
      var result = new RetryResult(failed, status, null, null, null, NOON);
      underWay.add(change(transitions, claimed, claimed.recorded(result)));
    }
    var ended = new ArrayList<>(underWay);
    for (LedgerEntry entry : underWay) {
      for (RetryOutcome.Status status : RetryOutcome.Status.values()) {
        if (entry.isWorthAsking()) {
          var outcome = RetryOutcome.of(entry.toResult(), status, "read");
          ended.add(change(transitions, entry, entry.settled(outcome, NOON)));
        }
      }
    }
    for (LedgerEntry entry : ended) {
      if (entry.admission(RetryLedger.Round.ANOTHER, true, NOON) == Admission.ADMITTED) {
        LedgerEntry unused = change(transitions, entry, entry.queued());
      }
    }
    return transitions;
  }

  private static LedgerEntry change(Set<String> transitions, LedgerEntry from, LedgerEntry to) {
    transitions.add(from.state() + " " + to.state());
    return to;
  }

  private static boolean hasMethod(String source, @Nullable String method) {
    return method == null || source.contains(" " + method + "(");
  }

  /** The sources that declare a type, by its name. */
  private static Map<String, List<String>> sourcesByType() throws IOException {
    Map<String, List<String>> byType = new HashMap<>();
    for (String source : sources()) {
      Set<String> types =
          DECLARATION
              .matcher(source)
              .results()
              .map(type -> type.group(1))
              .collect(Collectors.toSet());
      types.forEach(type -> byType.computeIfAbsent(type, any -> new ArrayList<>()).add(source));
    }
    return byType;
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> modules = Files.list(Sources.root());
        Stream<Path> integrations = Files.list(Sources.root().resolve("integrations"))) {
      var sources = new ArrayList<String>();
      for (Path module :
          Stream.concat(modules, integrations)
              .filter(module -> Files.exists(module.resolve("src")))
              .toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Sources::text)
              .forEach(sources::add);
        }
      }
      return sources;
    }
  }
}
