package dev.redrive.cli.terminal;

import dev.redrive.ProviderText;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jline.terminal.spi.SystemStream;
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
  private final BooleanSupplier canAsk;
  private volatile boolean isForScripts;

  public Terminal(InputStream in, Stream out, Stream err, boolean canAsk) {
    this(in, out, err, () -> canAsk);
  }

  private Terminal(InputStream in, Stream out, Stream err, BooleanSupplier canAsk) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.canAsk = canAsk;
  }

  /** The process's own streams. What they are is found out when it is first asked for. */
  public static Terminal system() {
    Stream err = stream(SystemStream.Error);
    return new Terminal(
        System.in,
        stream(SystemStream.Output),
        err,
        () -> SystemScreen.isTerminal(SystemStream.Input) && err.isTerminal());
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

  /** From now on, errors and warnings are JSON, one object a line. */
  public void speakToScripts() {
    isForScripts = true;
  }

  /** What went wrong, on stderr; the command goes on. */
  public void error(String problem) {
    error(problem, null, null, null);
  }

  /**
   * What went wrong, on stderr.
   *
   * @param advice what to do; null if the problem says it
   * @param exitCode what the command ends with; null if it goes on
   * @param trace the stack trace; null to show none
   */
  public void error(
      String problem, @Nullable String advice, @Nullable Integer exitCode, @Nullable String trace) {
    if (isForScripts) {
      err.println(
          Json.line(
              new Fields()
                  .text("error", problem)
                  .text("advice", advice)
                  .value("exitCode", exitCode)
                  .value("trace", trace)));
      return;
    }
    if (trace != null) {
      err.print().print(trace);
    }
    String line = advice == null ? problem : problem + ". " + advice;
    err.println(err.red("redrive: ") + ProviderText.clean(line, LONGEST));
  }

  /** One line of warning on stderr. */
  public void warn(String warning) {
    err.println(
        isForScripts
            ? Json.line(new Fields().text("warning", warning))
            : err.yellow("warning: ") + ProviderText.clean(warning, LONGEST));
  }

  /** One line of information on stderr. */
  public void note(String note) {
    err.println(ProviderText.clean(note, LONGEST));
  }

  /** Whether a question is seen and can be answered. */
  public boolean canAsk() {
    return canAsk.getAsBoolean();
  }

  /** One output stream. */
  public static final class Stream {
    private final PrintStream print;
    private final Charset charset;
    private final BooleanSupplier isTerminal;
    private final BooleanSupplier takesEscapes;
    private final IntSupplier width;
    private final boolean mayColour;
    private final @Nullable StatusLine statusLine;

    private Stream(
        PrintStream print,
        Charset charset,
        BooleanSupplier isTerminal,
        BooleanSupplier takesEscapes,
        IntSupplier width,
        boolean mayColour,
        @Nullable StatusLine statusLine) {
      this.print = print;
      this.charset = charset;
      this.isTerminal = isTerminal;
      this.takesEscapes = takesEscapes;
      this.width = width;
      this.mayColour = mayColour;
      this.statusLine = statusLine;
    }

    /**
     * A stream that is known.
     *
     * @param columns how many a terminal has; 0 if it is none
     * @param statusLine a line at its end that can be written again and again; null for none
     */
    public Stream(
        PrintStream print,
        int columns,
        boolean colours,
        Charset charset,
        @Nullable StatusLine statusLine) {
      this(
          print, charset, () -> columns > 0, () -> columns > 0, () -> columns, colours, statusLine);
    }

    /** One that is no terminal. */
    public Stream(PrintStream print, Charset charset) {
      this(print, 0, false, charset, null);
    }

    /** Where text goes. */
    public PrintStream print() {
      return print;
    }

    /** Writes a line. */
    public void println(Object line) {
      print.println(line);
    }

    /** Writes an empty line. */
    public void println() {
      print.println();
    }

    /** Whether a person sees it at once. */
    public boolean isTerminal() {
      return isTerminal.getAsBoolean();
    }

    /** How many columns a line may have; no limit if it is no terminal. */
    public int width() {
      return isTerminal() ? width.getAsInt() : Integer.MAX_VALUE;
    }

    /** Whether it may be coloured. */
    public boolean colours() {
      return mayColour && takesEscapes.getAsBoolean();
    }

    /** A line at its end that can be written again and again; null if there is none. */
    public @Nullable StatusLine statusLine() {
      return statusLine != null && takesEscapes.getAsBoolean() ? statusLine : null;
    }

    /** Ends the line, if one is begun. */
    public void freshLine() {
      if (statusLine == null || statusLine.isMidLine()) {
        print.println();
      }
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
      return colours() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
  }

  private static Stream stream(SystemStream stream) {
    Map<String, String> environment = System.getenv();
    boolean isDumb = "dumb".equals(environment.get("TERM"));
    var isTerminal = new Once(() -> SystemScreen.isTerminal(stream));
    var takesEscapes =
        new Once(() -> !isDumb && isTerminal.getAsBoolean() && SystemScreen.takesEscapes(stream));
    boolean mayColour = environment.getOrDefault("NO_COLOR", "").isEmpty();
    Charset charset = charset(isTerminal);
    IntSupplier width = () -> SystemScreen.width(stream);
    if (stream == SystemStream.Output) {
      var print = new PrintStream(Stdout.STREAM, true, charset);
      return new Stream(print, charset, isTerminal, takesEscapes, width, mayColour, null);
    }
    var line = new StatusLine(new FileOutputStream(FileDescriptor.err), charset, width);
    var print = new PrintStream(line, true, charset);
    return new Stream(print, charset, isTerminal, takesEscapes, width, mayColour, line);
  }

  /** JSON is UTF-8 wherever it goes; a terminal that cannot show it gets what it can. */
  private static Charset charset(BooleanSupplier isTerminal) {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding"));
    Charset charset =
        name != null && Charset.isSupported(name)
            ? Charset.forName(name)
            : Charset.defaultCharset();
    return charset.equals(StandardCharsets.UTF_8) || isTerminal.getAsBoolean()
        ? charset
        : StandardCharsets.UTF_8;
  }

  /** Finds something out when it is first asked for, and remembers it. */
  private static final class Once implements BooleanSupplier {
    private final BooleanSupplier fact;
    private @Nullable Boolean known;

    Once(BooleanSupplier fact) {
      this.fact = fact;
    }

    @Override
    public synchronized boolean getAsBoolean() {
      Boolean is = known;
      if (is == null) {
        is = fact.getAsBoolean();
        known = is;
      }
      return is;
    }
  }
}
