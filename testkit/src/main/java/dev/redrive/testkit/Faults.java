package dev.redrive.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The faults that a test asks a {@link FakeProvider} for. Safe to share between threads.
 *
 * <pre>{@code
 * fake.faults().on(Operation.RETRY).inject(Fault.lostAnswer());            // the next retry
 * fake.faults().on(Operation.LIST).nth(3).inject(Fault.status(503));       // the third page from now
 * fake.faults().onAny().withProbability(0.1).inject(Fault.proxyPage());    // by the fake's seed
 * }</pre>
 *
 * <p>Of several rules that meet a request the first one set wins, and the others wait for the next
 * request.
 */
public final class Faults {
  private final SplittableRandom random;
  private final List<Rule> rules = new ArrayList<>();
  private int injected;

  Faults(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A rule for requests of these kinds. */
  public Rule on(Operation first, Operation... more) {
    return new Rule(EnumSet.of(first, more));
  }

  /** A rule for requests of every kind. */
  public Rule onAny() {
    return new Rule(EnumSet.allOf(Operation.class));
  }

  /** Forgets all rules. */
  public synchronized void clear() {
    rules.clear();
  }

  /** How many faults were injected so far. */
  public synchronized int injected() {
    return injected;
  }

  synchronized @Nullable Fault meet(Operation operation, List<String> ids) {
    Fault fault = null;
    for (Rule rule : rules) {
      if (rule.meets(operation, ids)) {
        if (fault == null) {
          fault = rule.fault;
        } else {
          rule.putOff();
        }
      }
    }
    if (fault != null) {
      injected++;
    }
    return fault;
  }

  /**
   * When a fault happens: at the next request unless something else is said. Nothing happens before
   * {@link #inject}.
   */
  public final class Rule {
    private final Set<Operation> operations;
    private @Nullable String id;
    private int from = 1;
    private int to = 1;
    private int step = 1;
    private double probability = 1;
    private int seen;
    private @Nullable Fault fault;

    private Rule(Set<Operation> operations) {
      this.operations = operations;
    }

    /** Only requests that name this delivery, alone or in a batch. */
    public Rule naming(String deliveryId) {
      this.id = deliveryId;
      return this;
    }

    /** The next so many requests. */
    public Rule next(int requests) {
      return occurrences(1, requests, 1);
    }

    /** Only the n-th request from now; 1 is the next one. */
    public Rule nth(int n) {
      return occurrences(n, n, 1);
    }

    /** Every n-th request: with 3 the third, the sixth and so on. */
    public Rule every(int n) {
      return occurrences(n, Integer.MAX_VALUE, n);
    }

    /** Every request. */
    public Rule always() {
      return occurrences(1, Integer.MAX_VALUE, 1);
    }

    /**
     * Each request with this probability, from 0 to 1, by the fake's seed. It is drawn in the order
     * in which requests arrive: of requests that are under way at once not always the same ones
     * meet it.
     */
    public Rule withProbability(double chance) {
      this.probability = chance;
      return always();
    }

    /** Sets the rule in force. */
    public void inject(Fault injectedFault) {
      synchronized (Faults.this) {
        this.fault = injectedFault;
        rules.add(this);
      }
    }

    private Rule occurrences(int first, int last, int every) {
      this.from = first;
      this.to = last;
      this.step = every;
      return this;
    }

    private void putOff() {
      seen--;
    }

    private boolean meets(Operation operation, List<String> ids) {
      if (!operations.contains(operation) || (id != null && !ids.contains(id))) {
        return false;
      }
      seen++;
      return seen >= from
          && seen <= to
          && (seen - from) % step == 0
          && (probability >= 1 || random.nextDouble() < probability);
    }
  }
}
