package dev.redrive.http;

import dev.redrive.JsonText;

/**
 * A value together with the JSON that it was read from, for wire types whose record is kept word
 * for word.
 *
 * @param <T> the wire type
 */
public record Recorded<T>(T value, JsonText json) {}
