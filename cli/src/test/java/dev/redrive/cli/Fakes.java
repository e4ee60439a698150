package dev.redrive.cli;

import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;

/** The fake of each provider, and how the command line reaches it. */
final class Fakes {
  private Fakes() {}

  static FakeProvider start(Provider provider) {
    return switch (provider) {
      case CHATT2ME -> FakeChatt2me.start();
      case BAANX -> FakeBaanx.start();
      case ONLYOFFICE -> FakeOnlyOffice.start();
      case VOISO -> FakeVoiso.builder().showsDelivered(true).start();
    };
  }
}
