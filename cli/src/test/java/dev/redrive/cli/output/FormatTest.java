package dev.redrive.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.config.ConfigException;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.LedgerOption;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** How durations, tables, lines of progress and names of ledgers are read and written. */
class FormatTest {
  @ParameterizedTest
  @CsvSource({
    "90s, PT1M30S",
    "2m, PT2M",
    "6h, PT6H",
    "2d, PT48H",
    "1w, PT168H",
    "1d12h, PT36H",
    "PT6H, PT6H"
  })
  void durations_areReadInBothForms(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "6", "h", "six hours", "6 h", "-6h", "99999999999999999999s"})
  void durations_thatAreNone_areRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use 90s, 2m, 6h or PT6H");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.44S, 0.4 s",
    "PT42S, 42 s",
    "PT3M5S, 3 min 5 s",
    "PT15M, 15 min",
    "PT2H10M, 2 h 10 min",
    "PT76H, 3 d 4 h"
  })
  void durations_areWrittenShort(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
  }

  @Test
  void aTable_alignsItsColumns_andShowsNoControlCharacters() {
    assertThat(
            table(
                table -> {
                  table.row("a", 5, "x\u001b[31mred\u0007");
                  table.row("longer", 1234, null);
                }))
        .isEqualTo(
            """
            NAME    COUNT  TEXT
            a           5  x [31mred
            longer   1234  -
            """);
  }

  @Test
  void aTable_withoutRows_writesNothing() {
    assertThat(table(table -> {})).isEmpty();
  }

  @Test
  void aLongTable_isWrittenAsItGrows() {
    assertThat(
            table(
                table -> {
                  for (int i = 0; i < 1000; i++) {
                    table.row("row", i, "");
                  }
                }))
        .hasLineCount(1001);
  }

  private static String table(java.util.function.Consumer<Table> rows) {
    var bytes = new ByteArrayOutputStream();
    try (var table = new Table(CommandLineTool.plain(bytes), "NAME", "COUNT", "TEXT")) {
      rows.accept(table);
    }
    return bytes.toString(UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"PT0.1S, 1 s", "PT9.8S, 10 s", "PT59.4S, 59 s", "PT4M2S, 4 min 2 s"})
  void estimates_areWrittenInWholeSeconds(Duration duration, String text) {
    assertThat(Durations.rounded(duration)).isEqualTo(text);
  }

  @Test
  void aLedger_isInTheStateFolder_unlessItIsNamed(@TempDir Path folder) {
    assertThat(ledger(folder)).hasToString(folder.resolve("redrive/ledger.db").toString());
    assertThat(ledger(folder, "--ledger", "/srv/mine")).hasToString("/srv/mine");
    assertThat(ledger(folder, "--ledger", "postgres://ops:hunter/2@db/x?a=b"))
        .hasToString("postgres://db/x");
    assertThat(ledger(Path.of("relative")).toString()).endsWith(".local/state/redrive/ledger.db");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db:5432/redrive?user=ops&password=geheim",
        "jdbc:postgresql://ops:geheim@db:5432/redrive",
      })
  void aLedgersCredentials_areNeverShown(String url) {
    assertThat(ledger(Path.of("/"), "--ledger", url))
        .hasToString("jdbc:postgresql://db:5432/redrive");
  }

  @Test
  void aForeignUrlInTheEnvironment_isRefusedAndNotShown() {
    var option = new LedgerOption(Map.of("REDRIVE_LEDGER", "mysql://ops:geheim@db/redrive"));

    assertThatThrownBy(option::openToRead)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("REDRIVE_LEDGER: the URL is not one of a ledger")
        .hasMessageNotContaining("geh");
  }

  private static LedgerOption ledger(Path stateHome, String... args) {
    var option = new LedgerOption(Map.of("XDG_STATE_HOME", stateHome.toString()));
    var spec = CommandLine.Model.CommandSpec.create().addMixin("ledger", mixin(option));
    new CommandLine(spec).parseArgs(args);
    return option;
  }

  private static CommandLine.Model.CommandSpec mixin(LedgerOption option) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(option);
  }
}
