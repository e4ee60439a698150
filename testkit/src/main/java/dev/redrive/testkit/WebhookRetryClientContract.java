package dev.redrive.testkit;

/**
 * What every {@link dev.redrive.WebhookRetryClient} has to do, as tests against a {@link
 * FakeProvider}: listing, paging under change, every status code and fault for lists, retries and
 * outcomes, request counts, interrupts, deadlines, threads, closing, secrets, and the {@link
 * dev.redrive.ProviderFactory} that is found for it.
 *
 * <p>It needs JUnit Jupiter with parameters, AssertJ, and a logger that prints {@code dev.redrive}
 * at debug, such as slf4j-simple: what is logged is searched for secrets. The testkit brings none
 * of them along, since its fakes need none.
 *
 * <p>A provider's tests extend it; what a provider can or cannot do is asked of its {@link
 * dev.redrive.ProviderTraits}, and both sides are tested.
 *
 * <pre>{@code
 * class Chatt2meContractTest extends WebhookRetryClientContract {
 *   @Override
 *   protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
 *     var builder = FakeChatt2me.builder();
 *     settings.accept(builder);
 *     return builder.start();
 *   }
 *
 *   @Override
 *   protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
 *     var builder = Chatt2meClient.builder();
 *     settings.accept(builder);
 *     return builder.build();
 *   }
 * }
 * }</pre>
 */
public abstract class WebhookRetryClientContract extends FactoryContract {}
