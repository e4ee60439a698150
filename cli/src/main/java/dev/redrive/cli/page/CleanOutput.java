package dev.redrive.cli.page;

import dev.redrive.ProviderText;
import gg.jte.TemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import org.jspecify.annotations.Nullable;

/** Escapes what templates show, after cleaning it: any of it may come from a provider. */
final class CleanOutput extends OwaspHtmlTemplateOutput {
  private static final int LONGEST = 2000;

  CleanOutput(TemplateOutput out) {
    super(out);
  }

  @Override
  public void writeUserContent(@Nullable String text) {
    if (text != null) {
      super.writeUserContent(ProviderText.clean(text, LONGEST));
    }
  }
}
