package dev.redrive.demo;

import dev.redrive.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What one writes first, with some care: list what failed, have it sent again, repeat until nothing
 * new has failed. It remembers what it sent, so that it need not send it again.
 */
final class ObviousLoop {
  private static final int MOST_PASSES = 5;
  private static final Duration BETWEEN_PASSES = Duration.ofSeconds(1);

  private final VendorApi api;
  private final TimeSource time;

  ObviousLoop(VendorApi api, TimeSource time) {
    this.api = api;
    this.time = time;
  }

  /** Tells each pass to {@code passes}. */
  void run(Passes passes) throws IOException, InterruptedException {
    Set<String> sent = new HashSet<>();
    for (int pass = 1; pass <= MOST_PASSES; pass++) {
      List<String> failed = api.failed();
      List<String> fresh = new ArrayList<>(failed);
      fresh.removeAll(sent);
      passes.pass(pass, failed.size(), fresh.size());
      if (fresh.isEmpty()) {
        return;
      }
      api.retry(fresh);
      sent.addAll(fresh);
      time.sleep(BETWEEN_PASSES);
    }
  }

  /** Who is told of each pass. */
  interface Passes {
    void pass(int pass, int listed, int sent);
  }

  /** Runs one for each provider, all at once. */
  static void runAll(World world, Steps steps) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> loops = new ArrayList<>();
      for (World.Fake fake : world.fakes()) {
        VendorApi api = fake.vendorApi();
        if (api != null) {
          ObviousLoop loop = new ObviousLoop(api, TimeSource.system());
          String name = fake.provider().displayName();
          loops.add(
              threads.submit(
                  () -> {
                    loop.run((pass, listed, sent) -> steps.pass(name, pass, listed, sent));
                    return null;
                  }));
        }
      }
      for (Future<?> loop : loops) {
        loop.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the obvious loop failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }
}
