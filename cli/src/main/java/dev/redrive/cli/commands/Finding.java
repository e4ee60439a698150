package dev.redrive.cli.commands;

import dev.redrive.cli.output.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What one check of {@code redrive doctor} found.
 *
 * @param check what was checked
 * @param subject the account, or the ledger's place; empty if it is about this machine
 * @param text what was found
 * @param advice what to do; null if nothing
 */
public record Finding(
    Verdict verdict, String check, String subject, String text, @Nullable String advice) {
  /** How bad it is. */
  public enum Verdict {
    OK("ok"),
    WARN("warn"),
    FAIL("FAIL");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * What a check is about.
   *
   * @param check what is checked
   * @param subject as in {@link Finding}
   */
  record About(String check, String subject) {
    Finding ok(String text) {
      return new Finding(Verdict.OK, check, subject, text, null);
    }

    Finding warn(String text, String advice) {
      return new Finding(Verdict.WARN, check, subject, text, advice);
    }

    Finding fail(String text, @Nullable String advice) {
      return new Finding(Verdict.FAIL, check, subject, text, advice);
    }
  }

  public Fields fields() {
    return new Fields()
        .text("check", check)
        .text("verdict", verdict.word())
        .text("subject", subject.isEmpty() ? null : subject)
        .text("finding", text)
        .text("advice", advice);
  }
}
