package dev.redrive.cli;

import dev.redrive.Capability;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.WebhookRetryClient;
import dev.redrive.voiso.VoisoClient.ApiVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive providers}. */
@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Tells what each provider can do, and its limits. Makes no request.",
    footerHeading = "%nExamples:%n",
    footer = {"  redrive providers", "  redrive providers --output json"})
final class ProvidersCommand implements Callable<Integer> {
  private static final Rows<Row> ROWS =
      new Rows<>(
          List.of(
              "PROVIDER",
              "WEBHOOKS",
              "LOGS",
              "BULK RETRY",
              "CAUSES",
              "BY WEBHOOK",
              "SHOWS",
              "KEEPS",
              "LIMITS ON RETRIES"),
          Row::cells,
          Row::fields);

  private final Terminal terminal;

  @Mixin private final OutputOption output = new OutputOption();

  ProvidersCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var rows = new ArrayList<Row>();
    for (Provider provider : Provider.values()) {
      rows.add(Row.of(provider, null));
    }
    rows.add(Row.of(Provider.VOISO, ApiVersion.V1));
    long unused = ROWS.write(rows, output.format(), terminal.out());
    return ExitCode.OK;
  }

  private record Row(Provider provider, @Nullable ApiVersion version, ProviderTraits traits) {
    static Row of(Provider provider, @Nullable ApiVersion version) {
      var nowhere = new Provider.Connection("none", "https://localhost", null, null, version, 1);
      try (WebhookRetryClient client = provider.connect(nowhere)) {
        return new Row(provider, version, client.traits());
      }
    }

    @Nullable Object[] cells() {
      return new Object[] {
        provider + (version == null ? "" : " " + version.name().toLowerCase(Locale.ROOT)),
        can(Capability.WEBHOOKS),
        can(Capability.LOGS),
        traits.can(Capability.BULK_RETRY) ? "up to " + traits.batchSize() : "no",
        can(Capability.CAUSES),
        can(Capability.WEBHOOK_FILTER),
        traits.visibleFailures() == null ? "all" : traits.visibleFailures() + " at a time",
        traits.retention() == null ? "not told" : Durations.format(traits.retention()),
        traits.limits().isEmpty()
            ? "none documented"
            : traits.limits().stream().map(Row::limit).collect(Collectors.joining(", "))
      };
    }

    Fields fields() {
      return new Fields()
          .text("provider", provider.toString())
          .text("name", traits.displayName())
          .text("apiVersion", version == null ? null : version.name().toLowerCase(Locale.ROOT))
          .value("needsBaseUrl", provider.needsBaseUrl())
          .texts(
              "capabilities",
              Arrays.stream(Capability.values()).filter(traits::can).map(Enum::name).toList())
          .value("batchSize", traits.batchSize())
          .value("visibleFailures", traits.visibleFailures())
          .millis("retentionMs", traits.retention())
          .objects(
              "limits",
              traits.limits().stream()
                  .map(
                      limit ->
                          new Fields()
                              .value("scope", limit.scope())
                              .value("requests", limit.requests())
                              .millis("windowMs", limit.window()))
                  .toList());
    }

    private String can(Capability capability) {
      return traits.can(capability) ? "yes" : "no";
    }

    private static String limit(RateLimit limit) {
      String what =
          switch (limit.scope()) {
            case BULK_RETRY -> " bulk";
            case SINGLE_RETRY -> " single";
            case RETRY, ALL -> "";
          };
      return limit.requests() + what + " in " + Durations.format(limit.window());
    }
  }
}
