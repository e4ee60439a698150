package dev.redrive.http;

import dev.redrive.FailedCall;
import dev.redrive.InvalidRequestException;

/** Checks an id from a caller before it becomes part of a URL. */
public final class RequiredUuid {
  private RequiredUuid() {}

  /**
   * Returns {@code id} if it is a UUID.
   *
   * @param displayName the provider's name, as shown to people
   * @param operation what the id is for, such as {@code list logs}
   * @param name what the id is, such as {@code webhook id}
   * @throws InvalidRequestException if it is not a UUID
   */
  public static String check(String displayName, String operation, String name, String id) {
    if (!ClientBuilder.isUuid(id)) {
      throw new InvalidRequestException(
          FailedCall.withoutAnswer(
              displayName, operation, "the " + name + " is not a UUID: copy it from a listing"),
          null);
    }
    return id;
  }
}
