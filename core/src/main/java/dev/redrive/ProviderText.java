package dev.redrive;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Makes text from a provider safe and short enough to show. */
public final class ProviderText {
  private static final int SHORT = 200;

  private ProviderText() {}

  /** {@link #clean(String, int)} with at most 200 characters. */
  public static String clean(String text) {
    return clean(text, SHORT);
  }

  /**
   * Replaces control, format and bidirectional characters and line breaks with a space, collapses
   * white space, and cuts the text to {@code most} characters; {@code …} marks the cut.
   */
  public static String clean(String text, int most) {
    if (text.length() <= most && isPlain(text)) {
      return text;
    }
    var out = new StringBuilder(Math.min(text.length(), most));
    boolean space = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isUnsafe(c) || Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        space = out.length() > 0;
        continue;
      }
      if (out.length() + (space ? 1 : 0) + Character.charCount(c) > most) {
        return out.append('…').toString();
      }
      if (space) {
        out.append(' ');
        space = false;
      }
      out.appendCodePoint(c);
    }
    return out.toString();
  }

  /**
   * Returns an endpoint's URL without user info, query and fragment, which may contain tokens. Text
   * that is not a URL is cleaned and cut at the first {@code ?} or {@code #}.
   *
   * @param url the URL; null gives null
   */
  public static @Nullable String endpoint(@Nullable String url) {
    if (url == null || (url.length() <= SHORT && isPlain(url))) {
      return url;
    }
    try {
      URI uri = new URI(url);
      if (uri.getHost() != null) {
        return clean(
            uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + (uri.getRawPath() == null ? "" : uri.getRawPath()));
      }
    } catch (URISyntaxException e) {
      // Falls through: the URL is whatever a user typed.
    }
    return clean(url.replaceFirst("(?s)[?#].*", "").replaceFirst("//[^/]*@", "//"));
  }

  /** Most names and URLs need no cleaning, and every delivery has some: this keeps it fast. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!isLetterOrDigit && "/.-_:~".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnsafe(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
