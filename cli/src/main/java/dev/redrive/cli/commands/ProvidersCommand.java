package dev.redrive.cli.commands;

import dev.redrive.Capability;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.Providers;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code redrive providers}. */
@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Shows what each provider can do, and its limits. Makes no request.",
    footerHeading = "%nExamples:%n",
    footer = {"  redrive providers", "  redrive providers --output json"})
public final class ProvidersCommand extends BaseCommand {
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

  public ProvidersCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<Row> rows = Providers.ALL.stream().flatMap(provider -> rows(provider).stream()).toList();
    long unused = ROWS.write(rows, output.format(), terminal.out());
    return ExitCode.OK;
  }

  /** What each version of a provider's API can do, without a key. */
  static List<ProviderTraits> traits(ProviderFactory provider) {
    return rows(provider).stream().map(Row::traits).toList();
  }

  private static List<Row> rows(ProviderFactory provider) {
    var rows = new ArrayList<Row>();
    Row usual = Row.of(provider, null);
    rows.add(usual);
    Providers.values(provider, ProviderSetting.API_VERSION).stream()
        .map(version -> Row.of(provider, version))
        .filter(row -> !row.traits().equals(usual.traits()))
        .forEach(rows::add);
    return rows;
  }

  private record Row(ProviderFactory provider, @Nullable String version, ProviderTraits traits) {
    static Row of(ProviderFactory provider, @Nullable String version) {
      ProviderSettings settings = nowhere(provider).with(ProviderSetting.API_VERSION, version);
      try (WebhookRetryClient client = provider.create(settings)) {
        return new Row(provider, version, client.traits());
      }
    }

    /** What a client needs that makes no request. */
    private static ProviderSettings nowhere(ProviderFactory provider) {
      ProviderSettings settings =
          ProviderSettings.none().with(ProviderSetting.BASE_URL, "https://localhost");
      for (ProviderSetting setting : provider.settings()) {
        if (setting.required() && settings.get(setting.name()) == null) {
          settings =
              settings.with(
                  setting.name(), setting.values().isEmpty() ? "none" : setting.values().get(0));
        }
      }
      return settings;
    }

    @Nullable Object[] cells() {
      return new Object[] {
        provider.name() + (version == null ? "" : " " + version),
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
          .text("provider", provider.name())
          .text("name", traits.displayName())
          .text("apiVersion", version)
          .value("needsBaseUrl", Providers.needs(provider, ProviderSetting.BASE_URL))
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
