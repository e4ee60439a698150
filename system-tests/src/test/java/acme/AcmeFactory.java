package acme;

import dev.redrive.http.ClientFactory;

/** Found by its name in META-INF/services, as every provider's factory is. */
public final class AcmeFactory extends ClientFactory<AcmeClient.Builder> {
  public AcmeFactory() {
    super(AcmeClient::builder, AcmeClient.Builder::build);
  }
}
