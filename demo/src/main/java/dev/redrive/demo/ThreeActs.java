package dev.redrive.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.ProviderFactory;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.commands.Demo;
import dev.redrive.cli.output.OutputFiles;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.demo.World.Arrivals;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The demo: the obvious loop, Redrive, and Redrive killed, each at the same failures. */
public final class ThreeActs implements Demo {
  @Override
  public List<ProviderFactory> providers() {
    return World.providers();
  }

  @Override
  public int run(Terminal terminal, Settings settings) {
    try (var folder = new TemporaryFolder("redrive-demo");
        var page = new OutputFiles(silent(), new OutputFiles.Wanted(settings.report()));
        RetryLedger ledger = JdbcLedger.open(folder.path().resolve("ledger.db"))) {
      return new Run(terminal, settings, folder.path()).all(ledger, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED;
    }
  }

  /** The page is named at the end, and not when it is written. */
  private static Terminal silent() {
    var nothing =
        new Terminal.Stream(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8), UTF_8);
    return new Terminal(InputStream.nullInputStream(), nothing, nothing, false);
  }

  /** One run of it, from beginning to end. */
  private static final class Run {
    private final Settings settings;
    private final Path folder;
    private final Story story;
    private final Steps steps;

    Run(Terminal terminal, Settings settings, Path folder) {
      this.settings = settings;
      this.folder = folder;
      this.story = new Story(terminal.out());
      this.steps = new Steps(terminal, settings.verbose());
    }

    int all(RetryLedger ledger, OutputFiles page) throws IOException, InterruptedException {
      try (World loops = world();
          World recovered = world();
          World killed = world()) {
        story.opens(settings.providers().size(), settings.failures(), loops.refused(), World.LOST);
        obviousLoop(loops);
        long requests = redrive(recovered, ledger, page);
        redriveKilled(killed, (int) Math.max(1, requests / 3));
        story.table(rows(loops.arrivals(), recovered.arrivals(), killed.arrivals()));
        story.say("The page of act 2 is in " + settings.report());
        return end(recovered.total(), killed.total());
      }
    }

    private World world() {
      return new World(settings.providers(), settings.failures(), settings.seed());
    }

    private void obviousLoop(World world) throws IOException, InterruptedException {
      story.act(1, "The obvious loop: list what failed, retry it, until nothing new has failed");
      ObviousLoop.runAll(world, steps);
      story.tell("It ends, and says that all is done:", world.total());
      world.fixReceiver();
      ObviousLoop.runAll(world, steps);
      story.tell("The receiver is fixed; run again:", world.total());
    }

    /** Returns how many retry requests the first run made. */
    private long redrive(World world, RetryLedger ledger, OutputFiles page) {
      story.act(2, "Redrive, at the same failures and with the same lost answers");
      List<WebhookRetryClient> clients = world.connect();
      try {
        RecoveryReport report = Recoveries.run(Recovery.of(clients), ledger, steps);
        steps.report(report, ledger);
        // Now: the second run takes over what this one has left.
        page.write(report, ledger);
        DeliveryCounts counts = report.counts();
        story.tell(
            "It ends: " + counts.failedAgain() + " failed again, " + counts.unknown() + " unknown:",
            world.total());
        world.fixReceiver();
        RecoveryReport again = Recoveries.run(Recovery.of(clients).anotherRound(), ledger, steps);
        steps.report(again, ledger);
        story.tell("The receiver is fixed; run --again:", world.total());
        return report.requests();
      } finally {
        clients.forEach(WebhookRetryClient::close);
      }
    }

    private void redriveKilled(World world, int request) throws IOException, InterruptedException {
      story.act(3, "Redrive, killed (kill -9) at retry request " + request);
      var process = new KilledProcess(world, folder.resolve("killed.db"));
      process.killAt(request);
      story.step("It is gone. Not delivered so far:", Story.number(world.total().never()));
      world.fixReceiver();
      process.finish();
      story.tell("The same command once more:", world.total());
    }

    private List<Story.Row> rows(
        List<Arrivals> obvious, List<Arrivals> redrive, List<Arrivals> killed) {
      var rows = new ArrayList<Story.Row>();
      for (int i = 0; i < settings.providers().size(); i++) {
        rows.add(
            new Story.Row(
                settings.providers().get(i).displayName(),
                obvious.get(i),
                redrive.get(i),
                killed.get(i)));
      }
      if (rows.size() > 1) {
        rows.add(new Story.Row("in all", sum(obvious), sum(redrive), sum(killed)));
      }
      return rows;
    }

    private static Arrivals sum(List<Arrivals> all) {
      return all.stream().reduce(Arrivals.NONE, Arrivals::plus);
    }

    private int end(Arrivals redrive, Arrivals killed) {
      if (redrive.isExact() && killed.isExact()) {
        return ExitCode.OK;
      }
      story.say("Redrive delivered an event twice or lost one. This is a bug: please report it.");
      return ExitCode.FAILED;
    }
  }
}
