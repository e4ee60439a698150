package dev.redrive.keycloak;

import dev.redrive.ProviderSetting;
import dev.redrive.http.ClientFactory;

/** Creates {@link KeycloakClient}s from text settings. */
public final class KeycloakFactory extends ClientFactory<KeycloakClient.Builder> {
  /** For {@link java.util.ServiceLoader}. */
  public KeycloakFactory() {
    super(KeycloakClient::builder, KeycloakClient.Builder::build);
    takes(
        ProviderSetting.required("realm", "The name of the realm."), KeycloakClient.Builder::realm);
    takes(
        ProviderSetting.optional(
            "clientId",
            "The id of the client whose secret is the API key. Default: the API key is a token."),
        KeycloakClient.Builder::clientId);
  }
}
