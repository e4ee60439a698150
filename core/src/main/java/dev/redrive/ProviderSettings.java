package dev.redrive;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values for the settings of a client, as text: what {@link ProviderFactory#create} takes. Numbers
 * are digits, durations {@code 30s}, {@code 2m} or ISO 8601.
 *
 * <p>Immutable. No value is shown by {@link #toString}, since any may hold a key by mistake.
 */
public final class ProviderSettings {
  private static final ProviderSettings NONE = new ProviderSettings(Map.of(), TimeSource.system());

  private final Map<String, String> values;
  private final TimeSource timeSource;

  private ProviderSettings(Map<String, String> values, TimeSource timeSource) {
    this.values = values;
    this.timeSource = timeSource;
  }

  /** No value: all is as it is by default. */
  public static ProviderSettings none() {
    return NONE;
  }

  /** These values by the settings' names. */
  public static ProviderSettings of(Map<String, String> values) {
    return new ProviderSettings(new TreeMap<>(values), TimeSource.system());
  }

  /**
   * The same with one more value, in place of an earlier one.
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
    return new ProviderSettings(changed, timeSource);
  }

  /** The same with another clock and sleeper, for tests. */
  public ProviderSettings withTimeSource(TimeSource timeSource) {
    return new ProviderSettings(values, Objects.requireNonNull(timeSource, "timeSource"));
  }

  /** The names of the settings that have a value. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** The value of a setting; null for its default. */
  public @Nullable String get(String name) {
    return values.get(name);
  }

  /** Clock and sleeper. */
  public TimeSource timeSource() {
    return timeSource;
  }

  /** Names what has a value, and shows none. */
  @Override
  public String toString() {
    return "ProviderSettings" + values.keySet();
  }
}
