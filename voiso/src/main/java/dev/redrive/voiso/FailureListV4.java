package dev.redrive.voiso;

import dev.redrive.WebhookLog;
import dev.redrive.http.PageReader;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import dev.redrive.voiso.VoisoWire.FailuresV4;
import dev.redrive.voiso.VoisoWire.Metadata;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the list of failures, and single failures, of API v4. */
final class FailureListV4 {
  private final VoisoV4Api api;
  private final VoisoMapper mapper;

  FailureListV4(VoisoV4Api api, VoisoMapper mapper) {
    this.api = api;
    this.mapper = mapper;
  }

  /** Reads one page of the failures that were created in a period. A null bound means no bound. */
  PageReader.Page<Recorded<FailureRow>> read(
      @Nullable Instant since, @Nullable Instant until, int offset, int limit) {
    FailuresV4 page =
        api.listFailures(WholeSeconds.down(since), WholeSeconds.up(until), offset, limit).get();
    return new PageReader.Page<>(page.rows(), Metadata.totalOf(page.metadata()));
  }

  /** Reads the record of a failure; null if it is gone. */
  @Nullable WebhookLog readOne(String id) {
    return api.getFailure(id).find().map(one -> mapper.log(one.failure())).orElse(null);
  }
}
