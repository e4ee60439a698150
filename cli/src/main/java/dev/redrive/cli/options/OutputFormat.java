package dev.redrive.cli.options;

/** The forms in which results go to stdout. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** For scripts. */
  JSON
}
