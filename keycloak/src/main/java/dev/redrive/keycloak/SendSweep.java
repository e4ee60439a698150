package dev.redrive.keycloak;

import dev.redrive.DeliveryQuery;
import dev.redrive.NotFoundException;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OlderRows;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.keycloak.KeycloakWire.SendRow;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lists the sends of one webhook after the other, each from the latest attempt back to the start of
 * the query's period.
 *
 * @param <R> what is listed
 */
final class SendSweep<R> implements Iterator<R> {
  private final SendReader reader;
  private final DeliveryQuery query;
  private final LeftOutRows leftOut;
  private final BiFunction<Recorded<SendRow>, String, @Nullable R> pick;
  private final PagesAhead ahead;
  private final Iterator<String> webhooks;
  private String webhookId = "";
  private Iterator<Recorded<SendRow>> rows = Collections.emptyIterator();
  private OlderRows older = new OlderRows(KeycloakApi.PAGE_SIZE);
  private @Nullable R next;
  private long left;

  /**
   * @param pick returns what to list for a send of a webhook; null to leave it out
   */
  SendSweep(
      ProviderHttp http,
      SendReader reader,
      DeliveryQuery query,
      LeftOutRows leftOut,
      BiFunction<Recorded<SendRow>, String, @Nullable R> pick) {
    this.reader = reader;
    this.query = query;
    this.leftOut = leftOut;
    this.pick = pick;
    this.ahead = http.pagesAhead(query);
    this.webhooks = reader.webhookIds(query, leftOut);
    this.left = query.limit();
  }

  @Override
  public boolean hasNext() {
    while (next == null && left > 0) {
      if (hasRow()) {
        Recorded<SendRow> row = rows.next();
        if (older.goesOn(row.value().sentAt(), query.since())) {
          next = pick.apply(row, webhookId);
        } else {
          rows = Collections.emptyIterator();
        }
      } else if (webhooks.hasNext()) {
        webhookId = webhooks.next();
        rows = reader.sends(webhookId, ahead, leftOut);
        older = new OlderRows(KeycloakApi.PAGE_SIZE);
      } else {
        return false;
      }
    }
    return next != null;
  }

  private boolean hasRow() {
    try {
      return rows.hasNext();
    } catch (NotFoundException e) {
      if (query.webhookId() != null || !SendReader.isOfTheExtension(e)) {
        throw e;
      }
      // The webhook was deleted after it was listed, and its sends with it.
      rows = Collections.emptyIterator();
      return false;
    }
  }

  @Override
  public R next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    R picked = next;
    next = null;
    left--;
    return picked;
  }
}
