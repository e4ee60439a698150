package dev.redrive.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Decides how many pages are read before they are needed. The first pages of a list that are
 * certainly needed are read at once. Beyond these, the number grows with the pages that the caller
 * has taken, so that a caller who reads little causes few unnecessary requests. The lists of one
 * listing share an instance. Thread-safe.
 */
public final class PagesAhead {
  /** How many pages must be taken for each page that is read ahead. */
  private static final int SHARE = 2;

  private final int most;
  private final int certain;
  private final BooleanSupplier isPermitFree;
  private final AtomicInteger taken = new AtomicInteger();

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

  /** Whether to start one more read, given how many reads ahead were started and not taken yet. */
  public boolean isAnother(int begun) {
    int pages = taken.get();
    int size = pages < certain ? certain - pages : (pages - certain) / SHARE;
    return begun < Math.min(most, size) && isPermitFree.getAsBoolean();
  }

  /** Whether this many pages are certainly needed of a list whose length is not known yet. */
  boolean isCertain(int pages) {
    return pages <= Math.min(most, certain);
  }

  /** Records that the caller took a page. */
  void pageTaken() {
    taken.incrementAndGet();
  }
}
