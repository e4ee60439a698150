package dev.redrive.testkit;

import dev.redrive.testkit.OnlyOfficeLogs.Log;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** The filters of ONLYOFFICE's log list. */
final class OnlyOfficeFilter {
  private static final List<String> GROUPS =
      List.of("NotSent", "Status2xx", "Status3xx", "Status4xx", "Status5xx");

  private OnlyOfficeFilter() {}

  /**
   * The logs that a request asks for.
   *
   * @throws InvalidParameterException if a parameter is not valid
   */
  static Predicate<Log> of(Call call) {
    Predicate<Log> filter = log -> !log.foreign;
    String wantedConfig = Integer.toString(call.number("configId", 0, 0, Integer.MAX_VALUE));
    if (!wantedConfig.equals("0")) {
      filter = filter.and(log -> log.webhook().id().equals(wantedConfig));
    }
    int groups = groups(call.query("groupStatus", "0"));
    if (groups != 0) {
      filter = filter.and(log -> (groups & group(log.storedStatus())) != 0);
    }
    String uri = call.query("hookUri", "");
    if (!uri.isEmpty()) {
      filter = filter.and(log -> log.webhook().url().equals(uri));
    }
    long bit = triggerBit(call.query("trigger", "0"));
    if (bit != 0) {
      filter = filter.and(log -> log.event.trigger().bit() == bit);
    }
    // Either bound hides what has no delivery time, and that is every failure [src].
    Instant from = call.instant("deliveryFrom");
    if (from != null) {
      filter = filter.and(log -> log.deliveredAt != null && !log.deliveredAt.isBefore(from));
    }
    Instant to = call.instant("deliveryTo");
    if (to != null) {
      filter = filter.and(log -> log.deliveredAt != null && !log.deliveredAt.isAfter(to));
    }
    return filter;
  }

  /** Numbers are sums of bits, names may be joined by commas, as ASP.NET reads flags. */
  private static int groups(String text) {
    int groups = 0;
    if (OnlyOfficeLogs.isInt(text)) {
      groups = Integer.parseInt(text);
    } else {
      for (String name : text.split(",", -1)) {
        if (!name.trim().equals("None")) {
          int index = GROUPS.indexOf(name.trim());
          if (index < 0) {
            throw notValid("groupStatus", text);
          }
          groups |= 1 << index;
        }
      }
    }
    if (groups < 0 || groups >= 1 << GROUPS.size()) {
      throw notValid("groupStatus", text);
    }
    return groups;
  }

  private static InvalidParameterException notValid(String parameter, String text) {
    return new InvalidParameterException(parameter, "The value '" + text + "' is not valid.");
  }

  /** The bit of a status: 1 for not sent, then one for each class from 2xx to 5xx. */
  private static int group(int httpStatus) {
    return switch (httpStatus / 100) {
      case 0 -> 1;
      case 2 -> 2;
      case 3 -> 4;
      case 4 -> 8;
      default -> 16;
    };
  }

  private static long triggerBit(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw notValid("trigger", text);
    }
  }
}
