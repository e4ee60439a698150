package dev.redrive.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Decides how many pages are read before they are needed. The first pages of a list that are
 * certainly needed are read at once. Beyond these, one page is read alone, then {@value #SOME} more
 * are read ahead, and as many as permitted once the caller has asked for more than {@value #FEW}:
 * so a caller who reads little causes few unnecessary requests. The lists of one listing share an
 * instance. Thread-safe.
 */
public final class PagesAhead {
  private static final int SOME = 2;
  private static final int FEW = 4;

  private final int most;
  private final int certain;
  private final BooleanSupplier isPermitFree;
  private final AtomicInteger askedFor = new AtomicInteger();

  /**
   * @param most the most pages to read at once
   * @param certain how many pages the caller needs in any case
   * @param isPermitFree whether a request could start at once
   */
  PagesAhead(int most, int certain, BooleanSupplier isPermitFree) {
    this.most = most;
    this.certain = certain;
    this.isPermitFree = isPermitFree;
  }

  /** Returns an instance that reads nothing ahead. */
  public static PagesAhead none() {
    return new PagesAhead(0, 0, () -> false);
  }

  /** Returns an instance for a list of which no page is certainly needed. */
  public PagesAhead uncertain() {
    return new PagesAhead(most, 0, isPermitFree);
  }

  /** Whether the page after those that were asked for is certainly needed. */
  boolean isCertain() {
    return askedFor.get() < certain;
  }

  /** Whether to start one more read, given how many reads ahead were started and not taken yet. */
  public boolean isAnother(int begun) {
    int missing = certain - askedFor.get();
    return missing > 0
        ? begun < Math.min(most, missing)
        : begun < Math.min(most, beyond(-missing)) && isPermitFree.getAsBoolean();
  }

  /** Returns how many to read ahead once the caller has asked for so many uncertain pages. */
  private int beyond(int pages) {
    if (pages <= 1) {
      return 0;
    }
    return pages <= FEW ? SOME : most;
  }

  /** Records that the caller asks for one more page. */
  void isAsked() {
    askedFor.incrementAndGet();
  }
}
