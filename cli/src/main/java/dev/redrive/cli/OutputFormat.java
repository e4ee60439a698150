package dev.redrive.cli;

/** The forms in which results go to stdout. */
enum OutputFormat {
  /** For people. */
  TABLE,
  /** For scripts. */
  JSON
}
