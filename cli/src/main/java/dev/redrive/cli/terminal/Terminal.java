package dev.redrive.cli.terminal;

import dev.redrive.ProviderText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes: results to stdout, all else to stderr, each in colour only if
 * it is a terminal and {@code NO_COLOR} is not set.
 */
public final class Terminal {
  private static final int LONGEST = 2000;

  private final InputStream in;
  private final Stream out;
  private final Stream err;
  private final boolean canAsk;

  public Terminal(InputStream in, Stream out, Stream err, boolean canAsk) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.canAsk = canAsk;
  }

  /** The process's own streams. */
  public static Terminal system() {
    Map<String, String> environment = System.getenv();
    String noColor = environment.getOrDefault("NO_COLOR", "");
    boolean isDumb = "dumb".equals(environment.get("TERM"));
    boolean colours = noColor.isEmpty() && !isDumb;
    Charset charset = charset();
    boolean errIsTerminal = isTerminal(2);
    return new Terminal(
        System.in,
        stream(FileDescriptor.out, isTerminal(1), colours, charset),
        errIsTerminal && !isDumb
            ? withStatusLine(colours, charset)
            : stream(FileDescriptor.err, errIsTerminal, colours, charset),
        isTerminal(0) && errIsTerminal);
  }

  /** What people type; empty at its end. */
  public InputStream in() {
    return in;
  }

  /** Results. */
  public Stream out() {
    return out;
  }

  /** Progress, questions, warnings and errors. */
  public Stream err() {
    return err;
  }

  /** One line on stderr of what went wrong. */
  public void error(String problem) {
    err.print().println(err.red("redrive: ") + ProviderText.clean(problem, LONGEST));
  }

  /** One line of warning on stderr. */
  public void warn(String warning) {
    err.print().println(err.yellow("warning: ") + ProviderText.clean(warning, LONGEST));
  }

  /** One line of information on stderr. */
  public void note(String note) {
    err.print().println(ProviderText.clean(note, LONGEST));
  }

  /** Whether a question is seen and can be answered. */
  public boolean canAsk() {
    return canAsk;
  }

  /**
   * One output stream.
   *
   * @param print where text goes
   * @param isTerminal whether a person sees it at once
   * @param colours whether it may be coloured
   * @param charset what text is encoded in
   * @param statusLine a line at its end that can be written again and again; null for none
   */
  public record Stream(
      PrintStream print,
      boolean isTerminal,
      boolean colours,
      Charset charset,
      @Nullable StatusLine statusLine) {
    public Stream(PrintStream print, boolean isTerminal, boolean colours, Charset charset) {
      this(print, isTerminal, colours, charset, null);
    }

    /** The same as a writer. */
    public PrintWriter writer() {
      return new PrintWriter(print, true, charset);
    }

    /** Whether it can show more than ASCII. */
    public boolean isUnicode() {
      return charset.equals(StandardCharsets.UTF_8);
    }

    public String bold(String text) {
      return styled("1", text);
    }

    public String faint(String text) {
      return styled("2", text);
    }

    public String red(String text) {
      return styled("31", text);
    }

    public String green(String text) {
      return styled("32", text);
    }

    public String yellow(String text) {
      return styled("33", text);
    }

    private String styled(String code, String text) {
      return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
  }

  private static Stream stream(
      FileDescriptor descriptor, boolean isTerminal, boolean colours, Charset charset) {
    // JSON is UTF-8 wherever it goes; a terminal that cannot show it gets what it can.
    Charset used = isTerminal ? charset : StandardCharsets.UTF_8;
    return new Stream(
        new PrintStream(new FileOutputStream(descriptor), true, used),
        isTerminal,
        isTerminal && colours,
        used);
  }

  private static Stream withStatusLine(boolean colours, Charset charset) {
    var line = new StatusLine(new FileOutputStream(FileDescriptor.err));
    return new Stream(new PrintStream(line, true, charset), true, colours, charset, line);
  }

  private static Charset charset() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }

  /** Java tells of stdin and stdout together only; Linux tells of each. */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return hasConsole();
    }
  }

  /** From JDK 22 on there may be a console without a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    java.io.Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
