package dev.redrive.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RecoveryReport.End;
import dev.redrive.recovery.ledger.LedgerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rounds begin at a steady pace, and end only when they are told to. */
class CatchUpLoopTest {
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Account ACME = new Account("voiso", "acme");

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(
          new ByteArrayInputStream(new byte[0]),
          CommandLineTool.plain(new ByteArrayOutputStream()),
          CommandLineTool.plain(err),
          false);
  private final List<Duration> pauses = new ArrayList<>();
  private long nanos;
  private int rounds;

  private CatchUpLoop loop(int mostRounds) {
    return new CatchUpLoop(
        terminal,
        () -> nanos,
        pause -> {
          pauses.add(pause);
          nanos += pause.toNanos();
          return rounds < mostRounds;
        });
  }

  private CatchUpRound round(End end, Duration took) {
    rounds++;
    nanos += took.toNanos();
    var report =
        new RecoveryReport(
            "run",
            Instant.EPOCH,
            took,
            end,
            new DeliveryCounts(0, Map.of(), 0, 0, 0, 0, 0, 0),
            Map.of(),
            0,
            0,
            List.of());
    return new CatchUpRound(
        ACME, CatchUpRound.Result.COMPLETE, Instant.EPOCH, Instant.EPOCH, report);
  }

  @Test
  void roundsBeginAtASteadyPace_whateverTheyTake() {
    int exitCode =
        loop(4)
            .run(
                EVERY,
                () -> round(End.FINISHED, Duration.ofSeconds(new int[] {0, 10, 299, 900}[rounds])));

    assertThat(exitCode).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(rounds).isEqualTo(4);
    assertThat(pauses)
        .containsExactly(EVERY, Duration.ofSeconds(290), Duration.ofSeconds(1), Duration.ZERO);
    assertThat(nanos).isEqualTo(TimeUnit.SECONDS.toNanos(3 * 300 + 900));
  }

  @Test
  void aFailedRound_isToldAndTheNextGoesOn() {
    loop(3)
        .run(
            EVERY,
            () -> {
              if (rounds == 1) {
                rounds++;
                throw new LedgerException("the database is gone: start it.", null);
              }
              return round(rounds == 0 ? End.FAILED : End.FINISHED, Duration.ZERO);
            });

    assertThat(rounds).isEqualTo(3);
    assertThat(err.toString(UTF_8))
        .isEqualTo("redrive: the database is gone: start it. The next round catches up.\n");
  }

  @Test
  void aRoundThatAnotherProcessIsAt_isNotTheLast() {
    loop(3)
        .run(
            EVERY,
            () -> {
              rounds++;
              return new CatchUpRound(ACME, CatchUpRound.Result.ELSEWHERE, null, null, null);
            });

    assertThat(rounds).isEqualTo(3);
  }

  @Test
  void aRoundThatIsStoppedAtAnotherMachine_isNotTheLast() {
    assertThat(loop(3).run(EVERY, () -> round(End.CANCELLED, Duration.ZERO)))
        .isEqualTo(ExitCode.INTERRUPTED);
    assertThat(rounds).isEqualTo(3);
  }
}
