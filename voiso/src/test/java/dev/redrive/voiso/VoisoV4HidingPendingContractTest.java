package dev.redrive.voiso;

import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.contract.VariantOf;

/** v4 as it may be: without records of what is under way. */
@VariantOf(VoisoV4ContractTest.class)
class VoisoV4HidingPendingContractTest extends VoisoV4ContractTest {
  @Override
  FakeVoiso.Builder fakeBuilder() {
    return FakeVoiso.builder().hidesPending(true);
  }
}
