package dev.redrive.voiso;

import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.contract.VariantOf;

/** v1 as it may be: with the fields of v4, which it does not document. */
@VariantOf(VoisoV1ContractTest.class)
class VoisoV1WithDetailsContractTest extends VoisoV1ContractTest {
  @Override
  FakeVoiso.Builder fakeBuilder() {
    return FakeVoiso.builder().v1Details(true);
  }
}
