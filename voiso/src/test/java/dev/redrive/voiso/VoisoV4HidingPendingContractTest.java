package dev.redrive.voiso;

import dev.redrive.testkit.FakeVoiso;

/** v4 as it may be: without records of what is under way. */
class VoisoV4HidingPendingContractTest extends VoisoV4ContractTest {
  @Override
  FakeVoiso.Builder fakeBuilder() {
    return FakeVoiso.builder().hidesPending(true);
  }
}
