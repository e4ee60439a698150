package dev.redrive.recovery;

import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ledgers whose calls a test watches, or has fail. */
public final class WatchedLedger {
  private WatchedLedger() {}

  /** Hands what one method answers to {@code watcher}. */
  public static RetryLedger answering(RetryLedger ledger, String method, Consumer<Object> watcher) {
    return proxy(
        (called, call) -> {
          Object answer = call.on(ledger);
          if (called.getName().equals(method)) {
            watcher.accept(answer);
          }
          return answer;
        });
  }

  /** Its database goes away at the n-th call of one method. */
  static RetryLedger failing(RetryLedger ledger, String method, int nth, Runnable whenGone) {
    var calls = new AtomicInteger();
    return proxy(
        (called, call) -> {
          boolean isGone = calls.get() >= nth;
          if (called.getName().equals(method)) {
            int now = calls.incrementAndGet();
            isGone = now >= nth;
            if (now == nth) {
              whenGone.run();
            }
          }
          if (isGone) {
            throw new LedgerException("The database went away", null);
          }
          return call.on(ledger);
        });
  }

  /** Keeps its budgets elsewhere. */
  static RetryLedger with(RetryLedger ledger, Budgets budgets) {
    return proxy((called, call) -> called.getName().equals("budgets") ? budgets : call.on(ledger));
  }

  private interface Call {
    @Nullable Object on(RetryLedger ledger) throws Throwable;
  }

  private interface Interceptor {
    @Nullable Object invoke(Method called, Call call) throws Throwable;
  }

  private static RetryLedger proxy(Interceptor interceptor) {
    return (RetryLedger)
        Proxy.newProxyInstance(
            RetryLedger.class.getClassLoader(),
            new Class<?>[] {RetryLedger.class},
            (proxy, called, arguments) ->
                interceptor.invoke(
                    called,
                    ledger -> {
                      try {
                        return called.invoke(ledger, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }
}
