package dev.redrive.http;

import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Link} header (RFC 8288) that names the next page. */
final class NextLink {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
  private static final Pattern NEXT =
      Pattern.compile(";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)");
  private static final HttpUrl ANY = HttpUrl.get("http://localhost/");

  private NextLink() {}

  /**
   * Returns a query parameter of the URL of the next page. The rest of the URL is not used: it
   * could point to any host.
   *
   * @param flaw the exception to throw if the URL of the next page has no such parameter. To take
   *     that for the end of the list would hide the rest of it
   * @return the value; null if no next page is named
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
