package dev.redrive.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest tells. */
public final class Version implements IVersionProvider {
  /** For people: {@code redrive 1.0}. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "redrive " + (version == null ? "(not packaged)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }
}
