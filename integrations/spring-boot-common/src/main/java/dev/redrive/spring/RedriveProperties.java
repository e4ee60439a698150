package dev.redrive.spring;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of Redrive, except the accounts. These are named by provider, as in {@code
 * redrive.chatt2me.accounts.sales.api-key}, with the settings of {@link
 * dev.redrive.ProviderFactory#settings()}.
 *
 * @param ledger where it is stored what was sent
 * @param recovery how recoveries send
 * @param catchUp recovery in the background
 */
@ConfigurationProperties("redrive")
public record RedriveProperties(
    @DefaultValue Ledger ledger, @DefaultValue Recovery recovery, @DefaultValue CatchUp catchUp) {

  /**
   * Where it is stored what was sent.
   *
   * @param url a PostgreSQL URL, or the path of a file. By default the ledger is in the
   *     application's DataSource, which must be PostgreSQL.
   * @param user the user of the PostgreSQL URL
   * @param password the password of that user
   */
  public record Ledger(@Nullable String url, @Nullable String user, @Nullable String password) {
    /**
     * Returns a ledger by its location alone, so that the variable {@code REDRIVE_LEDGER} of the
     * command line means the same here.
     */
    public static Ledger of(String url) {
      return new Ledger(url, null, null);
    }

    /** Whether there is a location, without showing it: it may contain a password. */
    @Override
    public String toString() {
      return url == null ? "Ledger[in the DataSource]" : "Ledger[at redrive.ledger.url]";
    }
  }

  /**
   * How recoveries send. A {@link RecoveryCustomizer} has all other settings.
   *
   * @param maxRate the most retry requests per second, over all accounts and all processes that
   *     share the ledger. By default unlimited.
   * @param concurrency the most retry requests in flight at once, over all accounts
   * @param canary how many deliveries of each webhook are sent first, as a test; 0 for none
   */
  public record Recovery(
      @Nullable Double maxRate,
      @DefaultValue("8") int concurrency,
      @DefaultValue("3") int canary) {}

  /**
   * Recovery in the background.
   *
   * @param enabled whether failed deliveries are recovered in the background, which sends them
   *     again
   * @param every the pause between two rounds of an account
   * @param overlap how far a round looks back before the end of the previous one
   * @param from where the first round of an account begins. By default that is the time when it
   *     starts: what failed earlier is left. A query of a RecoveryCustomizer replaces it.
   */
  public record CatchUp(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("5m") Duration every,
      @DefaultValue("30m") Duration overlap,
      @Nullable Instant from) {}
}
