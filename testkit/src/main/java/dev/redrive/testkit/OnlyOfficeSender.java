package dev.redrive.testkit;

import dev.redrive.testkit.OnlyOfficeLogs.Log;
import java.time.Duration;
import java.time.Instant;

/**
 * Sends the logs of a {@link FakeOnlyOffice}. The server repeats a POST that failed after 1, 2, 4,
 * 8 and 16 s, and writes the log when one succeeded or the sixth failed: until then it is as a
 * queued one [src: WebhookSender.cs].
 */
final class OnlyOfficeSender {
  private static final int MOST = 6;

  private final FakeOnlyOffice fake;
  private final OnlyOfficeLogs logs;
  private final int most;

  /**
   * @param repeats whether failed POSTs are repeated
   */
  OnlyOfficeSender(FakeOnlyOffice fake, OnlyOfficeLogs logs, boolean repeats) {
    this.fake = fake;
    this.logs = logs;
    this.most = repeats ? MOST : 1;
  }

  /** Adds the first log of an event that was sent in the past. */
  Log seed(Log queued, int httpStatus) {
    boolean success = Endpoint.isSuccess(httpStatus);
    int posts = success ? 1 : most;
    Instant at = queued.createdAt;
    for (int post = 1; post < posts; post++) {
      at = at.plus(pauseAfter(post));
    }
    logs.sent(queued, at, httpStatus, posts);
    fake.endpoint().seeded(queued.event.received(), posts, success);
    return queued;
  }

  /** Sends what is queued, now. */
  void send(Log log, boolean resend) {
    post(log, 1, resend, fake.now());
  }

  /** Sends a retry when the portal's queue has come to it. */
  void sendLater(Log log) {
    fake.enqueueAt(at -> post(log, 1, true, at));
  }

  private void post(Log log, int number, boolean resend, Instant at) {
    if (logs.isRemoved(log.webhook())) {
      return;
    }
    // One retry is one re-send, however many POSTs it takes.
    int status = fake.endpoint().receive(log.event.received(), resend && number == 1);
    if (Endpoint.isSuccess(status) || number == most) {
      logs.sent(log, at, status, number);
    } else {
      fake.enqueueAt(at.plus(pauseAfter(number)), due -> post(log, number + 1, resend, due));
    }
  }

  /** The pause after a failed POST, counted from 1. */
  static Duration pauseAfter(int post) {
    return Duration.ofSeconds(1L << (post - 1));
  }
}
