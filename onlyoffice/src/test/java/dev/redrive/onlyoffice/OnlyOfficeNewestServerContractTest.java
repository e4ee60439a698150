package dev.redrive.onlyoffice;

import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.VariantOf;
import java.util.function.Consumer;

/** The newest server: a retry resets the log. */
@VariantOf(OnlyOfficeContractTest.class)
class OnlyOfficeNewestServerContractTest extends OnlyOfficeContractTest {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeOnlyOffice.builder().resetsLog(true);
    settings.accept(builder);
    return builder.start();
  }
}
