package dev.redrive.ledger.jdbc;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.FirstFailure;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Converts values and entries to columns and back. */
final class Columns {
  /** Longer text is hashed: an index of PostgreSQL takes only about 2,700 bytes. */
  private static final int LONGEST_INDEXED = 200;

  /** {@link DeliveryState#UNKNOWN} for good: its outcome is not read again. */
  private static final String UNDECIDED = "UNDECIDED";

  /** The columns that {@link #entry} reads, of a delivery {@code d} and its state {@code s}. */
  static final String ENTRY =
      "d.*, s.state, s.sends, s.new_log_id, s.reason, s.requested_at, s.lost_at, s.settled_at";

  private Columns() {}

  static String state(LedgerEntry entry) {
    boolean isUndecided = entry.state() == DeliveryState.UNKNOWN && !entry.isWorthAsking();
    return isUndecided ? UNDECIDED : entry.state().name();
  }

  static DeliveryState state(String state) {
    return state.equals(UNDECIDED) ? DeliveryState.UNKNOWN : DeliveryState.valueOf(state);
  }

  /** Returns a time as it is stored: microseconds since 1970. */
  static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : (Long) ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  /** Returns a text in a form that all databases accept. */
  static @Nullable String text(@Nullable String text) {
    return text == null ? null : Texts.stored(text);
  }

  /** Returns the original of a text that {@link #text} returned. */
  static String read(String text) {
    return Texts.read(text);
  }

  static @Nullable String readOrNull(@Nullable String text) {
    return text == null ? null : read(text);
  }

  /** Returns the value that represents a lineage in an index. */
  static String indexed(String name) {
    return name.length() <= LONGEST_INDEXED
        ? Texts.stored(name)
        : "sha256:" + HexFormat.of().formatHex(sha256(name));
  }

  /**
   * Returns the hash of {@link LedgerEntry#subject}, which siblings share; null if there is none.
   */
  static @Nullable Long subject(FailedDelivery delivery) {
    return hash(LedgerEntry.subject(delivery));
  }

  /** Returns a hash of a text, which takes less space in an index. */
  static @Nullable Long hash(@Nullable String text) {
    return text == null ? null : (Long) ByteBuffer.wrap(sha256(text)).getLong();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(Texts.stored(text).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Returns the place in the queue: oldest first, unknown times before all; null if not queued. */
  static @Nullable Long place(LedgerEntry entry) {
    return entry.state() == DeliveryState.FOUND
        ? Objects.requireNonNullElse(
            micros(entry.delivery().latest().createdAt()), (Long) Long.MIN_VALUE)
        : null;
  }

  /** Reads a row with the columns of {@link #ENTRY}. */
  static LedgerEntry entry(ResultSet row, Account account) throws SQLException {
    String keyId = read(row.getString("key_id"));
    String attemptId = orElse(row.getString("attempt_id"), keyId);
    String logId = orElse(row.getString("log_id"), attemptId);
    WebhookLog log =
        WebhookLog.builder(
                new DeliveryKey(account.provider(), account.name(), attemptId),
                DeliveryStatus.FAILED)
            .logId(logId)
            .lineage(orElse(row.getString("attempt_lineage"), read(row.getString("lineage"))))
            .webhook(
                readOrNull(row.getString("webhook_id")),
                null,
                readOrNull(row.getString("endpoint")))
            .event(readOrNull(row.getString("event_id")), readOrNull(row.getString("event_type")))
            .httpStatus(integer(row, "http_status"))
            .attemptNumber(integer(row, "attempt_number"))
            .createdAt(instant(row, "created_at"))
            .attemptedAt(instant(row, "attempted_at"))
            .build();
    var delivery = new FailedDelivery(log, FailureCause.valueOf(row.getString("cause")));
    return new LedgerEntry(
        row.getLong("id"),
        account,
        new DeliveryKey(account.provider(), account.name(), keyId),
        first(row, delivery),
        delivery,
        state(row.getString("state")),
        row.getInt("sends"),
        readOrNull(row.getString("new_log_id")),
        readOrNull(row.getString("reason")),
        instant(row, "requested_at"),
        instant(row, "lost_at"),
        instant(row, "settled_at"));
  }

  private static FirstFailure first(ResultSet row, FailedDelivery latest) throws SQLException {
    String cause = row.getString("first_cause");
    return cause == null
        ? FirstFailure.of(latest)
        : new FirstFailure(
            instant(row, "first_at"), FailureCause.valueOf(cause), integer(row, "first_status"));
  }

  private static String orElse(@Nullable String value, String usual) {
    return value == null ? usual : read(Objects.requireNonNull(value));
  }
}
