package dev.redrive.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;

class MaskedSecretsTest {
  @ParameterizedTest
  @CsvSource({
    "SALES_KEY, long-enough-to-search, true",
    "sales.url, https://x/?key=long-enough-to-search&y, true",
    "sales.word, short, true",
    "sales.words, in short words, false",
    "redrive.ledger.password, anything, true",
    "REDRIVE_LEDGER_PASSWORD, anything, true",
    "redrive.ledger.url, postgresql://ops:pass@db/redrive, true",
    "REDRIVE_LEDGER, jdbc:postgresql://db/redrive?password=pass, true",
    "redrive.ledger.url, postgresql://db/redrive, false",
    "redrive.catch-up.every, 5m, false",
  })
  void aSecret_isMasked(String key, String value, boolean isSecret) {
    var masked = new MaskedSecrets(Set.of("long-enough-to-search", "short"));
    var data = new SanitizableData(null, key, value);

    assertThat(masked.apply(data).getValue())
        .isEqualTo(isSecret ? SanitizableData.SANITIZED_VALUE : value);
  }
}
