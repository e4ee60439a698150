package dev.redrive.systemtests.prism;

import java.util.List;
import java.util.regex.Pattern;

/** Where a vendor's specification is not what its documentation or server says, and why. */
final class KnownDeviations {
  static final List<Deviation> CHATT2ME =
      List.of(
          new Deviation(
              "^request,query,status: .* Success, Error$",
              "the documentation, which is newer, has Failed in place of Error; where the hub"
                  + " refuses it, the client asks for Error"),
          new Deviation(
              "^response,body,data,\\d+,status: .* Success, Error$",
              "so does the fake; it writes Error where a test asks for it"));

  static final List<Deviation> ONLYOFFICE =
      List.of(
          new Deviation(
              "^request,query,groupstatus: .* 0, 1, 2, 4, 8, 16$",
              "the server's source combines the groups as flags: 29 is all that did not succeed"),
          new Deviation(
              "^response,body,response,\\d+,trigger: .* 536870912, 1073741824$",
              "the server's source has the triggers 2^31 to 2^35, of agents and downloads"));

  private KnownDeviations() {}

  /**
   * One deviation.
   *
   * @param violation what Prism says of it
   * @param reason why it is right nevertheless
   */
  record Deviation(Pattern violation, String reason) {
    Deviation(String violation, String reason) {
      this(Pattern.compile(violation), reason);
    }

    boolean matches(String told) {
      return violation.matcher(told).find();
    }
  }
}
