package dev.redrive;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values for the settings of a client, as text, for {@link ProviderFactory#create}. Write numbers
 * as digits, and durations as {@code 500ms}, {@code 30s}, {@code 2m} or in ISO 8601.
 *
 * <p>Immutable. {@link #toString} shows no values, because any of them may contain a key by
 * mistake.
 */
public final class ProviderSettings {
  private static final ProviderSettings NONE =
      new ProviderSettings(Map.of(), TimeSource.system(), RequestListener.NONE);

  private final Map<String, String> values;
  private final TimeSource timeSource;
  private final RequestListener requestListener;

  private ProviderSettings(
      Map<String, String> values, TimeSource timeSource, RequestListener requestListener) {
    this.values = values;
    this.timeSource = timeSource;
    this.requestListener = requestListener;
  }

  /** Returns settings without values: every setting has its default. */
  public static ProviderSettings none() {
    return NONE;
  }

  /** Returns settings with these values, by the names of the settings. */
  public static ProviderSettings of(Map<String, String> values) {
    return new ProviderSettings(new TreeMap<>(values), TimeSource.system(), RequestListener.NONE);
  }

  /**
   * Returns a copy with one value added or replaced.
   *
   * @param value null for the default
   */
  public ProviderSettings with(String name, @Nullable String value) {
    var changed = new TreeMap<String, String>(values);
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return new ProviderSettings(changed, timeSource, requestListener);
  }

  /** Returns a copy with another clock, for tests. */
  public ProviderSettings withTimeSource(TimeSource timeSource) {
    return new ProviderSettings(
        values, Objects.requireNonNull(timeSource, "timeSource"), requestListener);
  }

  /** Returns a copy with another listener of the client's requests. */
  public ProviderSettings withRequestListener(RequestListener requestListener) {
    return new ProviderSettings(
        values, timeSource, Objects.requireNonNull(requestListener, "requestListener"));
  }

  /** Returns the names of the settings that have a value. Unmodifiable. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Returns the value of a setting; null for its default. */
  public @Nullable String get(String name) {
    return values.get(name);
  }

  /** Returns the clock that the client will use. */
  public TimeSource timeSource() {
    return timeSource;
  }

  /** Returns what is told of the client's requests; by default {@link RequestListener#NONE}. */
  public RequestListener requestListener() {
    return requestListener;
  }

  /** The names of the settings that have a value, without the values. */
  @Override
  public String toString() {
    return "ProviderSettings" + values.keySet();
  }
}
