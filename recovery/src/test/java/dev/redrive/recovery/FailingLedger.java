package dev.redrive.recovery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A ledger whose database goes away at the n-th call of one method. */
final class FailingLedger {
  private FailingLedger() {}

  static RetryLedger of(RetryLedger ledger, String method, int nth, Runnable whenGone) {
    var calls = new AtomicInteger();
    return (RetryLedger)
        Proxy.newProxyInstance(
            RetryLedger.class.getClassLoader(),
            new Class<?>[] {RetryLedger.class},
            (proxy, called, arguments) -> {
              boolean isGone = calls.get() >= nth;
              if (called.getName().equals(method)) {
                int call = calls.incrementAndGet();
                isGone = call >= nth;
                if (call == nth) {
                  whenGone.run();
                }
              }
              if (isGone) {
                throw new LedgerException("The database went away", null);
              }
              try {
                return called.invoke(ledger, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
