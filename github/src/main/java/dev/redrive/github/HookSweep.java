package dev.redrive.github;

import dev.redrive.DeliveryStatus;
import dev.redrive.NotFoundException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagedRows;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Lists the deliveries of one webhook after the other, or only the failures among them. Reading a
 * webhook ends where its deliveries are older than a bound, unless a failure is held back.
 */
final class HookSweep extends PagedRows<WebhookLog> {
  private final Hooks hooks;
  private final Iterator<Webhook> turns;
  private final GithubMapper mapper;
  private final @Nullable Instant since;
  private final boolean failuresOnly;
  private final LeftOutRows leftOut;
  private @Nullable Turn turn;

  HookSweep(
      Hooks hooks,
      Iterator<Webhook> turns,
      GithubMapper mapper,
      @Nullable Instant since,
      boolean failuresOnly,
      LeftOutRows leftOut) {
    this.hooks = hooks;
    this.turns = turns;
    this.mapper = mapper;
    this.since = since;
    this.failuresOnly = failuresOnly;
    this.leftOut = leftOut;
  }

  @Override
  protected void readNext() {
    if (turn == null) {
      if (!turns.hasNext()) {
        end();
        return;
      }
      turn = new Turn(turns.next());
    }
    if (!turn.readPage()) {
      turn.redelivered.end(this::add);
      turn = null;
    }
  }

  /** The deliveries to one webhook. */
  private final class Turn {
    private final Webhook hook;
    private final PageReader.Rows<Recorded<DeliveryRow>> rows;
    private final Redelivered redelivered = new Redelivered();
    private final OlderRows older = new OlderRows(GithubApi.PAGE_SIZE);

    Turn(Webhook hook) {
      this.hook = hook;
      this.rows = hooks.deliveries(hook.id(), clock -> {}, leftOut);
    }

    /** Reads a page. Returns whether there may be another one of interest. */
    boolean readPage() {
      if (!hasRow()) {
        return false;
      }
      do {
        Recorded<DeliveryRow> row = rows.next();
        if (!older.goesOn(row.value().time(), since) && !redelivered.isOpen()) {
          return false;
        }
        take(row);
      } while (rows.isNextAtHand());
      return true;
    }

    private boolean hasRow() {
      try {
        return rows.hasNext();
      } catch (NotFoundException e) {
        if (hooks.isGone(hook.id())) {
          return false;
        }
        throw e;
      }
    }

    private void take(Recorded<DeliveryRow> row) {
      WebhookLog log = mapper.log(row, hook);
      if (!failuresOnly) {
        add(log);
      } else if (log.status() == DeliveryStatus.UNKNOWN || log.eventId() == null) {
        // It may have failed, so the caller must know about it.
        leftOut.addUnreadable();
      } else {
        redelivered.take(log, row.value().isFirst(), HookSweep.this::add);
      }
    }
  }
}
