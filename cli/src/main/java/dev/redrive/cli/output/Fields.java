package dev.redrive.cli.output;

import dev.redrive.DeliveryKey;
import dev.redrive.ProviderText;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, in order; what is not told is null, so that every field is there.
 */
public final class Fields {
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  /** Text that a provider may have made: cleaned. */
  public Fields text(String name, @Nullable String value) {
    values.put(name, value == null ? null : ProviderText.clean(value));
    return this;
  }

  /** An account, in two fields. */
  public Fields account(Account account) {
    return text("provider", account.provider()).text("account", account.name());
  }

  /** A delivery's key, in three fields. */
  public Fields key(DeliveryKey key) {
    return text("provider", key.provider()).text("account", key.account()).text("id", key.id());
  }

  /** An instant in ISO 8601, UTC. */
  public Fields time(String name, @Nullable Instant value) {
    values.put(name, value == null ? null : value.toString());
    return this;
  }

  /** A duration in milliseconds. */
  public Fields millis(String name, @Nullable Duration value) {
    values.put(name, value == null ? null : value.toMillis());
    return this;
  }

  /** A number or boolean; an enum by its constant's name. */
  public Fields value(String name, @Nullable Object value) {
    values.put(name, value instanceof Enum<?> constant ? constant.name() : value);
    return this;
  }

  /** An object of counts, as they are in {@code counts}. */
  public Fields counts(String name, Map<?, Long> counts) {
    Map<String, Long> named = new LinkedHashMap<>();
    counts.forEach(
        (key, count) ->
            named.put(key instanceof Enum<?> constant ? constant.name() : key.toString(), count));
    values.put(name, named);
    return this;
  }

  /** An array of texts. */
  public Fields texts(String name, Iterable<String> texts) {
    var cleaned = new ArrayList<String>();
    texts.forEach(text -> cleaned.add(ProviderText.clean(text, 1000)));
    values.put(name, cleaned);
    return this;
  }

  /** An array of objects. */
  public Fields objects(String name, Iterable<Fields> objects) {
    var maps = new ArrayList<Map<String, @Nullable Object>>();
    objects.forEach(object -> maps.add(object.values));
    values.put(name, maps);
    return this;
  }

  /** An object of texts. */
  public Fields object(String name, Map<String, String> texts) {
    Map<String, String> cleaned = new LinkedHashMap<>();
    texts.forEach((key, text) -> cleaned.put(key, ProviderText.clean(text)));
    values.put(name, cleaned);
    return this;
  }

  /** All fields of another object. */
  public Fields all(Fields others) {
    values.putAll(others.values);
    return this;
  }

  /** All fields, in order. */
  public Map<String, @Nullable Object> values() {
    return values;
  }
}
