package dev.redrive.voiso;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;
import dev.redrive.voiso.VoisoClient.ApiVersion;
import java.util.Locale;

/** Creates {@link VoisoClient}s from text settings. */
public final class VoisoFactory extends ClientFactory<VoisoClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public VoisoFactory() {
    super(VoisoClient::builder, VoisoClient.Builder::build);
    takes(
        ProviderSetting.optional(
            ProviderSetting.API_VERSION, "The version of the API to use. Default: v4.", "v4", "v1"),
        (builder, version) ->
            builder.apiVersion(ApiVersion.valueOf(version.toUpperCase(Locale.ROOT))));
  }
}
