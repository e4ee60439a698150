package dev.redrive.testkit.contract;

import dev.redrive.RetryResult;
import java.util.List;

/** One of the reads that a client has. */
record NamedRead(String name, Reading call) {
  /** A read, given retries that were accepted. */
  interface Reading {
    Object on(List<RetryResult> accepted);
  }
}
