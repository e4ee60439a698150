package dev.redrive.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.nativ.Kernel32;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.OSUtils;

/**
 * What JLine tells of the process's own streams. Only its look-up is used: a whole JLine terminal
 * would ask the terminal questions and read its answers from what people type.
 */
final class SystemScreen {
  static final int DEFAULT_WIDTH = 80;
  private static final int VIRTUAL_TERMINAL_PROCESSING = 4;

  private SystemScreen() {}

  /** Loads the native library, unless it is plain without that. */
  static boolean isTerminal(SystemStream stream) {
    return !isSurelyNone(stream)
        && Providers.ALL.stream().anyMatch(provider -> provider.isSystemStream(stream));
  }

  /** Whether a terminal takes escape codes; on Windows that has to be switched on. */
  static boolean takesEscapes(SystemStream stream) {
    if (!OSUtils.IS_WINDOWS || OSUtils.IS_CYGWIN || OSUtils.IS_MSYSTEM) {
      return true;
    }
    try {
      long handle =
          Kernel32.GetStdHandle(
              stream == SystemStream.Output
                  ? Kernel32.STD_OUTPUT_HANDLE
                  : Kernel32.STD_ERROR_HANDLE);
      int[] mode = new int[1];
      return Kernel32.GetConsoleMode(handle, mode) != 0
          && Kernel32.SetConsoleMode(handle, mode[0] | VIRTUAL_TERMINAL_PROCESSING) != 0;
    } catch (LinkageError e) {
      return false;
    }
  }

  /** The columns that a terminal has now. */
  static int width(SystemStream stream) {
    return Providers.ALL.stream()
        .mapToInt(provider -> provider.systemStreamWidth(stream))
        .filter(columns -> columns > 0)
        .findFirst()
        .orElse(DEFAULT_WIDTH);
  }

  /** On Linux a link tells what is a file or a pipe, without any library. */
  private static boolean isSurelyNone(SystemStream stream) {
    try {
      int descriptor =
          switch (stream) {
            case Input -> 0;
            case Output -> 1;
            case Error -> 2;
          };
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return !target.startsWith("/dev/") || target.equals("/dev/null");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Loaded when first needed: the native library, and programs such as {@code stty} without it. */
  private static final class Providers {
    static final List<TerminalProvider> ALL = load();

    private static List<TerminalProvider> load() {
      var all = new ArrayList<TerminalProvider>();
      add("jni", all);
      if (all.isEmpty() || OSUtils.IS_CYGWIN || OSUtils.IS_MSYSTEM) {
        add("exec", all);
      }
      return all;
    }

    private static void add(String name, List<TerminalProvider> all) {
      try {
        all.add(TerminalProvider.load(name));
      } catch (IOException | LinkageError e) {
        // Another one may do.
      }
    }
  }
}
