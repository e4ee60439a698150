package dev.redrive.voiso;

import dev.redrive.AuthenticationException;
import dev.redrive.FailedCall;
import dev.redrive.InvalidRequestException;
import dev.redrive.NotFoundException;
import dev.redrive.RedriveException;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import dev.redrive.voiso.VoisoWire.FailuresV1;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the list of failures of API v1. */
final class FailureListV1 {
  static final int MOST_PASSES = 10;

  private final VoisoV1Api api;

  FailureListV1(VoisoV1Api api) {
    this.api = api;
  }

  /**
   * Returns the failures that were created at {@code start} or later, read lazily.
   *
   * @param start called for each page, because the oldest start that Voiso accepts moves with time
   * @param until the end of the period; null for no bound
   * @param mostPasses the most times that the list is read
   * @param leftOut counts the rows that cannot be read
   */
  NumberedPages<Recorded<FailureRow>> walk(
      Supplier<Instant> start, @Nullable Instant until, int mostPasses, LeftOutRows leftOut) {
    return new NumberedPages<>(
        VoisoV1Api.PAGE_SIZE,
        FailureRow::id,
        number -> readPage(start.get(), until, number),
        mostPasses,
        leftOut);
  }

  private List<@Nullable Recorded<FailureRow>> readPage(
      Instant start, @Nullable Instant until, int number) {
    if (until != null && !until.isAfter(start)) {
      return List.of();
    }
    FailuresV1 page = read(start, until, number);
    if (page.error() != null) {
      throw refusal(page.error());
    }
    return page.rows();
  }

  private FailuresV1 read(Instant start, @Nullable Instant until, int number) {
    try {
      return api.listFailures(
              start.truncatedTo(ChronoUnit.SECONDS),
              WholeSeconds.up(until),
              number,
              VoisoV1Api.PAGE_SIZE)
          .get();
    } catch (InvalidRequestException | NotFoundException e) {
      throw refusesKey(e.call().message()) ? new AuthenticationException(e.call(), e) : e;
    }
  }

  /** Makes the exception for an error in a 2xx response: v1 documents only the texts of errors. */
  private static RedriveException refusal(String error) {
    var call = FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "list failures", error);
    return refusesKey(error)
        ? new AuthenticationException(call, null)
        : new InvalidRequestException(call, null);
  }

  /** Whether the text of an error says that the key is invalid. */
  static boolean refusesKey(@Nullable String error) {
    return error != null && error.toLowerCase(Locale.ROOT).contains("invalid api key");
  }
}
