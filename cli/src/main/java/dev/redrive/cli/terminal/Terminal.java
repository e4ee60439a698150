package dev.redrive.cli.terminal;

import dev.redrive.ProviderText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;
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
    return canAsk.getAsBoolean();
  }

  /** The columns of the terminal that stdout is; 80 if it is none. */
  public int width() {
    return out.isTerminal() ? SystemScreen.width(SystemStream.Output) : SystemScreen.DEFAULT_WIDTH;
  }

  /** One output stream. */
  public static final class Stream {
    private final PrintStream print;
    private final Charset charset;
    private final BooleanSupplier isTerminal;
    private final BooleanSupplier takesEscapes;
    private final boolean mayColour;
    private final @Nullable StatusLine statusLine;

    private Stream(
        PrintStream print,
        Charset charset,
        BooleanSupplier isTerminal,
        BooleanSupplier takesEscapes,
        boolean mayColour,
        @Nullable StatusLine statusLine) {
      this.print = print;
      this.charset = charset;
      this.isTerminal = isTerminal;
      this.takesEscapes = takesEscapes;
      this.mayColour = mayColour;
      this.statusLine = statusLine;
    }

    /**
     * A stream that is known.
     *
     * @param statusLine a line at its end that can be written again and again; null for none
     */
    public Stream(
        PrintStream print,
        boolean isTerminal,
        boolean colours,
        Charset charset,
        @Nullable StatusLine statusLine) {
      this(print, charset, () -> isTerminal, () -> isTerminal, colours, statusLine);
    }

    /** The same without a line at its end. */
    public Stream(PrintStream print, boolean isTerminal, boolean colours, Charset charset) {
      this(print, isTerminal, colours, charset, null);
    }

    /** Where text goes. */
    public PrintStream print() {
      return print;
    }

    /** What text is encoded in. */
    public Charset charset() {
      return charset;
    }

    /** Whether a person sees it at once. */
    public boolean isTerminal() {
      return isTerminal.getAsBoolean();
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
    if (stream == SystemStream.Output) {
      var print = new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset);
      return new Stream(print, charset, isTerminal, takesEscapes, mayColour, null);
    }
    var line =
        new StatusLine(
            new FileOutputStream(FileDescriptor.err), charset, () -> SystemScreen.width(stream));
    var print = new PrintStream(line, true, charset);
    return new Stream(print, charset, isTerminal, takesEscapes, mayColour, line);
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
