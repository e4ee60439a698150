package dev.redrive.cli.page;

import dev.redrive.ProviderText;
import java.util.Locale;

/** Writes HTML. Whatever is text, in an element or an attribute, is cleaned and escaped. */
public final class Html {
  private static final int LONGEST = 500;

  private final StringBuilder out = new StringBuilder(1 << 16);

  /** Markup that the program itself holds. */
  public Html markup(String markup) {
    out.append(markup);
    return this;
  }

  public Html newline() {
    out.append('\n');
    return this;
  }

  /** A start tag with attributes, each a name and a value. */
  public Html open(String tag, Object... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1].toString());
      out.append('"');
    }
    out.append('>');
    return this;
  }

  public Html close(String tag) {
    out.append("</").append(tag).append('>');
    return this;
  }

  public Html text(Object text) {
    escape(text.toString());
    return this;
  }

  /** An element that holds text alone. */
  public Html element(String tag, Object text, Object... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** A share of a whole as CSS and SVG write it. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, "%.3f%%", share * 100);
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void escape(String text) {
    String clean = ProviderText.clean(text, LONGEST);
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }
}
