package dev.redrive.ledger.jdbc;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** How values and entries are kept in columns. */
final class Columns {
  /** PostgreSQL takes no more than some 2,700 bytes into an index. */
  private static final int LONGEST_INDEXED = 200;

  /** Sets what {@link #bindAttempt} binds. */
  static final String SET_ATTEMPT =
      """
      attempt_id = :attemptId, log_id = :logId, attempt_lineage = :attemptLineage,
      subject = :subject, cause = :cause, webhook_id = :webhookId, endpoint = :endpoint,
      event_id = :eventId, event_type = :eventType, http_status = :httpStatus,
      attempt_number = :attemptNumber, created_at = :createdAt, attempted_at = :attemptedAt
      """;

  /** {@link DeliveryState#UNKNOWN} for good: what is worth asking for is found without it. */
  private static final String UNDECIDED = "UNDECIDED";

  /** All states, as the database calls them. */
  static final List<String> STATES =
      Stream.concat(
              Stream.of(DeliveryState.values()).map(DeliveryState::name), Stream.of(UNDECIDED))
          .toList();

  /** What {@link #entry} reads of a delivery {@code d} and its state {@code s}. */
  static final String ENTRY =
      "d.*, s.state, s.run_no, s.sends, s.new_log_id, s.reason, s.requested_at, s.lost_at,"
          + " s.settled_at";

  private Columns() {}

  static String state(LedgerEntry entry) {
    boolean isUndecided = entry.state() == DeliveryState.UNKNOWN && !entry.isWorthAsking();
    return isUndecided ? UNDECIDED : entry.state().name();
  }

  static DeliveryState state(String state) {
    return state.equals(UNDECIDED) ? DeliveryState.UNKNOWN : DeliveryState.valueOf(state);
  }

  static Jdbi configure(Jdbi jdbi, Dialect dialect) {
    return jdbi.registerArgument(new InstantArgument(dialect))
        .registerArrayType(String.class, "varchar")
        .registerArrayType(Long.class, "bigint")
        .registerArrayType(Integer.class, "int")
        .registerArrayType(OffsetDateTime.class, "timestamptz");
  }

  private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
    private final Dialect dialect;

    InstantArgument(Dialect dialect) {
      super(Types.TIMESTAMP_WITH_TIMEZONE);
      this.dialect = dialect;
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry config) {
      return (int position, PreparedStatement statement, StatementContext context) ->
          statement.setObject(position, dialect.time(value));
    }
  }

  /** Reads what {@link Dialect#time} made of an instant. */
  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Object value = row.getObject(column);
    if (value == null) {
      return null;
    }
    return value instanceof Number micros
        ? Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS)
        : row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  /** Text as the databases take it. */
  static @Nullable String text(@Nullable String text) {
    return text == null ? null : Texts.stored(text);
  }

  /** Reads what {@link #text(String)} made of a text. */
  static @Nullable String text(ResultSet row, String column) throws SQLException {
    String stored = row.getString(column);
    return stored == null ? null : Texts.read(stored);
  }

  /** Reads the columns {@code provider} and {@code name} of an account. */
  static Account account(ResultSet row) throws SQLException {
    return new Account(
        Objects.requireNonNull(text(row, "provider")), Objects.requireNonNull(text(row, "name")));
  }

  /** What stands for a lineage or a log's id in an index. */
  static String indexed(String name) {
    if (name.length() <= LONGEST_INDEXED) {
      return Texts.stored(name);
    }
    return "sha256:" + HexFormat.of().formatHex(sha256(name));
  }

  /**
   * What a delivery shares with those that reading cannot tell from it; null where it can. Two
   * subjects with one hash would only wait for each other.
   */
  static @Nullable Long subject(FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    return log.lineage().equals(log.logId())
        ? (Long) hash(log.webhookId() + "\n" + log.eventId())
        : null;
  }

  /** Stands for a text in an index, where it takes less than that. */
  static long hash(String text) {
    return ByteBuffer.wrap(sha256(text)).getLong();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(Texts.stored(text).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** What waits is sent by age, what is open is asked for by id. */
  static long place(LedgerEntry entry) {
    if (entry.state() == DeliveryState.FOUND) {
      return age(entry.delivery().latest().createdAt());
    }
    return entry.isWorthAsking() ? entry.id() : 0;
  }

  /** The place in the queue of what waits: by age, unknown ages first. */
  static long age(@Nullable Instant created) {
    return created == null ? Long.MIN_VALUE : ChronoUnit.MICROS.between(Instant.EPOCH, created);
  }

  /**
   * Binds the columns that tell the attempt to retry, given the values of {@code key_id} and, if
   * known, {@code lineage}.
   */
  static <S extends SqlStatement<S>> S bindAttempt(
      S statement, String keyId, @Nullable String lineage, FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    String attemptId = log.key().id();
    return statement
        .bind("attemptId", text(unless(attemptId, keyId)))
        .bind("logId", text(unless(log.logId(), attemptId)))
        .bind("attemptLineage", text(unless(log.lineage(), lineage)))
        .bind("subject", subject(delivery))
        .bind("cause", delivery.cause().name())
        .bind("webhookId", text(log.webhookId()))
        .bind("endpoint", text(ProviderText.endpoint(log.endpoint())))
        .bind("eventId", text(log.eventId()))
        .bind("eventType", text(log.eventType()))
        .bind("httpStatus", log.httpStatus())
        .bind("attemptNumber", log.attemptNumber())
        .bindByType("createdAt", log.createdAt(), Instant.class)
        .bindByType("attemptedAt", log.attemptedAt(), Instant.class);
  }

  private static @Nullable String unless(String value, @Nullable String usual) {
    return value.equals(usual) ? null : value;
  }

  /** Reads a row with the columns of {@link #ENTRY}. */
  static LedgerEntry entry(ResultSet row, Account account) throws SQLException {
    String keyId = Objects.requireNonNull(text(row, "key_id"));
    String attemptId = orElse(text(row, "attempt_id"), keyId);
    WebhookLog log =
        WebhookLog.builder(
                new DeliveryKey(account.provider(), account.name(), attemptId),
                DeliveryStatus.FAILED)
            .logId(orElse(text(row, "log_id"), attemptId))
            .lineage(
                orElse(text(row, "attempt_lineage"), Objects.requireNonNull(text(row, "lineage"))))
            .webhook(text(row, "webhook_id"), null, text(row, "endpoint"))
            .event(text(row, "event_id"), text(row, "event_type"))
            .httpStatus(integer(row, "http_status"))
            .attemptNumber(integer(row, "attempt_number"))
            .createdAt(instant(row, "created_at"))
            .attemptedAt(instant(row, "attempted_at"))
            .build();
    return new LedgerEntry(
        row.getLong("id"),
        new DeliveryKey(account.provider(), account.name(), keyId),
        new FailedDelivery(log, FailureCause.valueOf(row.getString("cause"))),
        state(row.getString("state")),
        row.getInt("sends"),
        text(row, "new_log_id"),
        text(row, "reason"),
        instant(row, "requested_at"),
        instant(row, "lost_at"),
        instant(row, "settled_at"));
  }

  private static String orElse(@Nullable String value, String usual) {
    return value == null ? usual : Objects.requireNonNull(value);
  }
}
