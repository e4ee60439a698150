package dev.redrive.http;

import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Link} header (RFC 8288) of an answer that names the next page. */
final class NextLink {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
  private static final Pattern NEXT =
      Pattern.compile(";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)");
  private static final HttpUrl ANY = HttpUrl.get("http://localhost/");

  private NextLink() {}

  /**
   * What the address of the next page has in its query. Only that is used: the address itself could
   * lead anywhere.
   *
   * @param flaw is thrown where a next page is named and its address has no such parameter: taken
   *     for the end, it would hide all that is behind
   * @return null if no next page is named
   */
  static @Nullable String query(
      Headers headers, String parameter, Supplier<? extends RuntimeException> flaw) {
    for (String header : headers.values("Link")) {
      Matcher link = LINK.matcher(header);
      while (link.find()) {
        if (NEXT.matcher(link.group(2)).find()) {
          HttpUrl url = ANY.resolve(link.group(1));
          String value = url == null ? null : url.queryParameter(parameter);
          if (value == null || value.isEmpty()) {
            throw flaw.get();
          }
          return value;
        }
      }
    }
    return null;
  }
}
