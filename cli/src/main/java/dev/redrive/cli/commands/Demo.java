package dev.redrive.cli.commands;

import dev.redrive.ProviderFactory;
import dev.redrive.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code redrive demo} shows. It brings fakes of the providers along, so it is in a jar of its
 * own, and found by {@link java.util.ServiceLoader} if that jar is on the class path.
 */
public interface Demo {
  /** Those that it can show. */
  List<ProviderFactory> providers();

  /** Runs to its end, and returns the exit code. */
  int run(Terminal terminal, Settings settings);

  /**
   * What is shown.
   *
   * @param providers some of {@link #providers()}
   * @param failures failed deliveries at each of them
   * @param seed what ids, times and causes are made from
   * @param report the page that is left behind
   * @param verbose whether to show the steps too
   */
  record Settings(
      List<ProviderFactory> providers, int failures, long seed, Path report, boolean verbose) {}
}
