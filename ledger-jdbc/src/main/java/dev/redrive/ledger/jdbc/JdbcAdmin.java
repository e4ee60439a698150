package dev.redrive.ledger.jdbc;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Implements {@link LedgerAdmin} on a database. */
final class JdbcAdmin implements LedgerAdmin {
  private final Database database;
  private final Accounts accounts;
  private final Runs runs;

  JdbcAdmin(Database database, Accounts accounts, Runs runs) {
    this.database = database;
    this.accounts = accounts;
    this.runs = runs;
  }

  @Override
  public Optional<History> find(DeliveryKey key) {
    return database.read(tx -> Named.find(tx, key).map(named -> history(tx, named.entry())));
  }

  private static History history(Tx tx, LedgerEntry entry) {
    return new History(
        entry,
        Runs.givenTo(tx, entry.id()),
        PastRetries.of(tx, List.of(entry.id())).getOrDefault(entry.id(), List.of()));
  }

  @Override
  public Map<Long, List<LedgerRetry>> retries(List<LedgerEntry> entries) {
    return database.read(tx -> PastRetries.of(tx, entries.stream().map(LedgerEntry::id).toList()));
  }

  /** Is on disk like a claim: a lost correction could send an event that a person said arrived. */
  @Override
  public Result resolve(DeliveryKey key, Resolution resolution) {
    return database.writeClaims(tx -> Corrections.resolve(tx, key, resolution));
  }

  @Override
  public Purged purge(Account account, Instant before, Duration retention) {
    LedgerAdmin.requireUnlisted(account, before, retention, database.read(Purge::now));
    int number = accounts.find(account);
    return number == Part.UNKNOWN
        ? new Purged(0, 0, 0)
        : new Purge(database, new Part(Runs.NONE, account, number), before).purge();
  }

  @Override
  public long expiring(Account account, Duration retention) {
    int number = accounts.find(account);
    return number == Part.UNKNOWN
        ? 0
        : database.read(tx -> Reading.expiring(tx, number, retention, Purge.now(tx)));
  }

  @Override
  public Contents contents() {
    return database.read(tx -> Reading.contents(tx, database.name()));
  }

  @Override
  public boolean stop(String run) {
    return database.write(tx -> runs.stop(tx, run));
  }
}
