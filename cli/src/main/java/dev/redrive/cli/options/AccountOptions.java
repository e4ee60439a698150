package dev.redrive.cli.options;

import dev.redrive.ProviderFactory;
import dev.redrive.recovery.Account;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which accounts of a ledger. Needs no key. */
public final class AccountOptions {
  @Option(
      names = "--provider",
      paramLabel = "NAME",
      converter = Words.ProviderNames.class,
      completionCandidates = Words.ProviderNames.class,
      description = "Of this provider only: ${COMPLETION-CANDIDATES}. Default: all.")
  private @Nullable ProviderFactory provider;

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "Of this account only, as 'redrive ledger stats' names it. Default: all.")
  private @Nullable String account;

  public boolean fits(Account any) {
    return (provider == null || provider.name().equals(any.provider()))
        && (account == null || account.equals(any.name()));
  }
}
