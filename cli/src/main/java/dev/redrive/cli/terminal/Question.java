package dev.redrive.cli.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** A question that a person answers with yes, or with anything else for no. */
public final class Question {
  private final Terminal terminal;
  private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

  public Question(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Asks, and waits for the answer; the end of the input is a no. */
  public boolean ask(String question) {
    terminal.err().print().print(terminal.err().bold(question) + " [y/N] ");
    terminal.err().print().flush();
    // Nothing ends a blocking read of the terminal, so that it must not be waited for.
    var reader = new Thread(this::read, "redrive-question");
    reader.setDaemon(true);
    reader.start();
    return answer.join();
  }

  /** Answers with no in the person's place. */
  public void withdraw() {
    answer.complete(false);
  }

  private void read() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(terminal.in(), Charset.defaultCharset()))
              .readLine();
      if (line == null) {
        terminal.err().println();
      }
      String word = line == null ? "" : line.strip().toLowerCase(Locale.ROOT);
      answer.complete(word.equals("y") || word.equals("yes"));
    } catch (IOException e) {
      answer.complete(false);
    }
  }
}
