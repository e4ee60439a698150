package dev.redrive.spring;

import dev.redrive.PauseReason;
import dev.redrive.RequestListener;
import java.time.Duration;
import java.util.List;

/** Calls each listener, even if another one fails. */
final class AllRequestListeners implements RequestListener {
  private final List<RequestListener> listeners;

  AllRequestListeners(List<RequestListener> listeners) {
    this.listeners = listeners;
  }

  @Override
  public void onOperation(Request request) {
    AllListeners.each(listeners, listener -> listener.onOperation(request));
  }

  @Override
  public void onStart(Request request) {
    AllListeners.each(listeners, listener -> listener.onStart(request));
  }

  @Override
  public void onEnd(Request request, Result result, Duration duration) {
    AllListeners.each(listeners, listener -> listener.onEnd(request, result, duration));
  }

  @Override
  public void onPause(Request request, Duration wait, PauseReason reason) {
    AllListeners.each(listeners, listener -> listener.onPause(request, wait, reason));
  }
}
