package dev.redrive.http;

import dev.redrive.NotFoundException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists the rows of one webhook after the other. The first pages of the next webhooks may be read
 * ahead like the pages of one list: see {@link PagesAhead}.
 *
 * @param <W> a webhook
 * @param <T> its rows, as they are read
 * @param <R> the rows that are listed
 */
final class WebhookSweep<W, T, R> extends PagedRows<R> {
  private final ProviderHttp http;
  private final PagesAhead ahead;
  private final Iterator<W> webhooks;
  private final Function<W, Iterator<T>> read;
  private final BiPredicate<W, NotFoundException> isGone;
  private final BiFunction<W, Stream<T>, Stream<R>> list;
  private final Deque<Turn> upcoming = new ArrayDeque<>();
  private Iterator<R> listed = Collections.emptyIterator();

  /** See {@link ProviderHttp#sweep}. */
  WebhookSweep(
      ProviderHttp http,
      PagesAhead ahead,
      Iterator<W> webhooks,
      Function<W, Iterator<T>> read,
      BiPredicate<W, NotFoundException> isGone,
      BiFunction<W, Stream<T>, Stream<R>> list) {
    this.http = http;
    this.ahead = ahead;
    this.webhooks = webhooks;
    this.read = read;
    this.isGone = isGone;
    this.list = list;
  }

  @Override
  protected void readNext() {
    while (ahead.isAnother(upcoming.size()) && webhooks.hasNext()) {
      var another = new Turn(webhooks.next());
      another.begin();
      upcoming.add(another);
    }
    if (listed.hasNext()) {
      add(listed.next());
    } else if (!upcoming.isEmpty()) {
      listed = upcoming.remove().listed();
    } else if (webhooks.hasNext()) {
      listed = new Turn(webhooks.next()).listed();
    } else {
      end();
    }
  }

  /** The rows of one webhook. */
  private final class Turn extends PagedRows<T> {
    private final W webhook;
    private @Nullable ReadAhead<Iterator<T>> begun;
    private @Nullable Iterator<T> rows;

    Turn(W webhook) {
      this.webhook = webhook;
    }

    void begin() {
      begun =
          http.ahead(
              () -> {
                Iterator<T> first = read.apply(webhook);
                boolean unused = first.hasNext();
                return first;
              });
    }

    Iterator<R> listed() {
      return list.apply(webhook, stream()).iterator();
    }

    @Override
    protected void readNext() {
      try {
        if (rows == null) {
          ReadAhead<Iterator<T>> reading = begun;
          begun = null;
          rows = reading == null ? read.apply(webhook) : reading.get();
        }
        if (rows.hasNext()) {
          add(rows.next());
        } else {
          end();
        }
      } catch (NotFoundException e) {
        if (!isGone.test(webhook, e)) {
          throw e;
        }
        end();
      }
    }
  }
}
