/**
 * What every {@link dev.redrive.WebhookRetryClient} has to do, as tests against a {@link
 * dev.redrive.testkit.FakeProvider}, for providers that are not ours too.
 *
 * <p>{@link dev.redrive.testkit.contract.WebhookRetryClientContract} has all parts. Who wants some
 * of them extends {@link dev.redrive.testkit.contract.ContractFixture} and names them:
 *
 * <pre>{@code
 * class AcmeRetriesTest extends ContractFixture implements RetryContract, LostRetryContract {
 *   @Override
 *   protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
 *     var builder = FakeAcme.builder();
 *     settings.accept(builder);
 *     return builder.start();
 *   }
 *
 *   @Override
 *   protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
 *     var builder = AcmeClient.builder();
 *     settings.accept(builder);
 *     return builder.build();
 *   }
 * }
 * }</pre>
 *
 * <p>The contract needs JUnit Jupiter with parameters, AssertJ, and a logger that prints {@code
 * dev.redrive} at debug, such as slf4j-simple: what is logged is searched for secrets. The testkit
 * brings none of them along, since its fakes need none.
 */
@NullMarked
package dev.redrive.testkit.contract;

import org.jspecify.annotations.NullMarked;
