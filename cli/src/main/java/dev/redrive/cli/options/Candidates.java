package dev.redrive.cli.options;

import java.util.ArrayList;
import java.util.List;

/** Words that the shell's completion offers. */
public abstract class Candidates extends ArrayList<String> {
  private static final long serialVersionUID = 1L;

  public Candidates(String... words) {
    this(List.of(words));
  }

  public Candidates(List<String> words) {
    super(words);
  }
}
