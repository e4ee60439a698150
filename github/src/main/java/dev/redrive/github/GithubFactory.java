package dev.redrive.github;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;

/** Creates {@link GithubClient}s from text settings. */
public final class GithubFactory extends ClientFactory<GithubClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public GithubFactory() {
    super(GithubClient::builder, GithubClient.Builder::build);
    takes(
        ProviderSetting.required(
            "owner",
            "Whose webhooks: OWNER/NAME of a repository, the name of an organization, or"
                + " app:CLIENT_ID of a GitHub App."),
        GithubClient.Builder::owner);
    takes(
        ProviderSetting.optional(
            "withoutRateLimits",
            "Whether the server has no limits on requests. Default: false.",
            "true",
            "false"),
        (builder, value) -> {
          if (Boolean.parseBoolean(value)) {
            builder.withoutRateLimits();
          }
        });
  }
}
