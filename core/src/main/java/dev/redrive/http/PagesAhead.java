package dev.redrive.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * How many pages are read before they are needed. Each list's first pages that are certainly needed
 * are read at once. Beyond these the number grows with what the caller has taken, so that a caller
 * who wants little causes few requests in vain. Shared by the lists of one listing; safe to share
 * between threads.
 */
public final class PagesAhead {
  /** One page is read ahead for so many that were taken. */
  private static final int SHARE = 2;

  private final int most;
  private final int certain;
  private final BooleanSupplier isPermitFree;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * @param most pages at once, at the most
   * @param certain pages that the caller will need whatever they hold
   * @param isPermitFree whether a request could begin at once
   */
  PagesAhead(int most, int certain, BooleanSupplier isPermitFree) {
    this.most = most;
    this.certain = certain;
    this.isPermitFree = isPermitFree;
  }

  /** The same where no page is certainly needed. */
  public PagesAhead uncertain() {
    return new PagesAhead(most, 0, isPermitFree);
  }

  /** Whether one more read is to begin beside so many that were begun ahead. */
  public boolean isAnother(int begun) {
    int pages = taken.get();
    int size = pages < certain ? certain - pages : (pages - certain) / SHARE;
    return begun < Math.min(most, size) && isPermitFree.getAsBoolean();
  }

  /** Whether so many pages of a list whose length is not known yet are certainly needed. */
  boolean isCertain(int pages) {
    return pages <= Math.min(most, certain);
  }

  /** The caller took a page. */
  void pageTaken() {
    taken.incrementAndGet();
  }
}
