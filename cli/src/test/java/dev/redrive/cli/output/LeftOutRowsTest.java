package dev.redrive.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Listing.LeftOut;
import dev.redrive.cli.CommandLineTool;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class LeftOutRowsTest {
  @Test
  void anEmptyListWithRowsLeftOut_isNoAllClear() {
    assertThat(told(new LeftOut(3, 1), 0))
        .isEqualTo(
            """
            warning: 3 rows are left out, without a readable time: whether they match --since and \
            --until cannot be known. 'redrive failures' without these shows them
            warning: 1 row is left out, without an id: look for it in the provider's console
            no other failures match
            """);
  }

  @Test
  void rowsLeftOut_areToldBesideOthers() {
    assertThat(told(new LeftOut(1, 0), 40))
        .startsWith("warning: 1 row is left out, without a readable time: whether it matches")
        .hasLineCount(1);
  }

  @Test
  void whereNothingIsLeftOut_nothingIsWarnedOf() {
    assertThat(told(LeftOut.NONE, 0)).isEqualTo("no failures match\n");
    assertThat(told(LeftOut.NONE, 7)).isEmpty();
  }

  private static String told(LeftOut leftOut, long count) {
    var err = new ByteArrayOutputStream();
    var terminal = CommandLineTool.terminal(new ByteArrayOutputStream(), err);
    LeftOutRows.tell(leftOut, count, "failures", "", terminal);
    return err.toString(UTF_8);
  }
}
