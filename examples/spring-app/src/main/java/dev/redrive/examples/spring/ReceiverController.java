package dev.redrive.examples.spring;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Stops and starts the receiver, and tells what arrived. */
@RestController
class ReceiverController {
  private final Providers providers;
  private final CatchUp catchUp;
  private final CatchUps windows;

  ReceiverController(Providers providers, CatchUp catchUp, RetryLedger ledger) {
    this.providers = providers;
    this.catchUp = catchUp;
    this.windows = ledger.catchUps();
  }

  @GetMapping("/events")
  List<Providers.Events> events() {
    return providers.events();
  }

  @PostMapping("/receiver/stop")
  void stop() {
    providers.receive(false);
  }

  /** An application that knows that its receiver is back need not let its webhooks rest longer. */
  @PostMapping("/receiver/start")
  void start() {
    providers.receive(true);
    for (Account account : catchUp.accounts()) {
      windows.resting(account).keySet().forEach(webhook -> windows.works(account, webhook));
    }
  }
}
