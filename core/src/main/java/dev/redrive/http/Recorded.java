package dev.redrive.http;

import dev.redrive.JsonText;

/**
 * A value and the JSON that it was read from, for wire types whose JSON is kept verbatim.
 *
 * @param value the value that was read
 * @param json its JSON
 * @param <T> the wire type
 */
public record Recorded<T>(T value, JsonText json) {}
