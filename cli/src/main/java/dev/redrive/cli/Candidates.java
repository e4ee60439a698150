package dev.redrive.cli;

import java.util.ArrayList;
import java.util.List;

/** Words that the shell's completion offers. */
abstract class Candidates extends ArrayList<String> {
  private static final long serialVersionUID = 1L;

  Candidates(String... words) {
    this(List.of(words));
  }

  Candidates(List<String> words) {
    super(words);
  }
}
