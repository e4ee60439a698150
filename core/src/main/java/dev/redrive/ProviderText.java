package dev.redrive;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Makes text that came from a provider safe and short enough to show to people. */
public final class ProviderText {
  private static final int SHORT = 200;

  private ProviderText() {}

  /** {@link #clean(String, int)} to 200 characters. */
  public static String clean(String text) {
    return clean(text, SHORT);
  }

  /**
   * Replaces control, format and bidi characters and line breaks with a space, folds white space
   * and cuts to {@code most} characters.
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
   * An endpoint's URL without user info, query and fragment, where receivers keep tokens; what is
   * no URL is cleaned and cut at the first {@code ?}.
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
      // Falls through: a provider stores what a user typed.
    }
    return clean(url.replaceFirst("(?s)[?#].*", "").replaceFirst("//[^/]*@", "//"));
  }

  /** Most names and URLs have nothing to clean, and are asked for with every delivery. */
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
