package dev.redrive.voiso;

import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.WebhookLog;
import dev.redrive.http.PageReader;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import dev.redrive.voiso.VoisoWire.FailuresV4;
import dev.redrive.voiso.VoisoWire.Metadata;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the list of failures of v4, and single failures. */
final class FailureListV4 {
  private final VoisoV4Api api;
  private final VoisoMapper mapper;

  FailureListV4(VoisoV4Api api, VoisoMapper mapper) {
    this.api = api;
    this.mapper = mapper;
  }

  /** One page of the failures that were created in a period; its bounds are null for none. */
  PageReader.Page<Recorded<FailureRow>> read(
      @Nullable Instant since, @Nullable Instant until, int offset, int limit) {
    FailuresV4 page =
        api.listFailures(WholeSeconds.down(since), WholeSeconds.up(until), offset, limit).get();
    return new PageReader.Page<>(page.rows(), Metadata.totalOf(page.metadata()));
  }

  /**
   * A failure's record; null if it is gone. A 404 in the API's own words says so; any other may be
   * a proxy's.
   */
  @Nullable WebhookLog readOne(String id) {
    try {
      return mapper.log(api.getFailure(id).get().failure());
    } catch (NotFoundException e) {
      if (e.call().message() == null) {
        throw new MalformedResponseException(e.call(), e);
      }
      return null;
    }
  }
}
