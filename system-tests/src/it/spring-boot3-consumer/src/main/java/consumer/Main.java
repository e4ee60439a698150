package consumer;

import dev.redrive.recovery.Recovery;
import dev.redrive.testkit.FakeChatt2me;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

@SpringBootApplication
public class Main {
  public static void main(String[] args) {
    try (FakeChatt2me chatt2me = FakeChatt2me.start()) {
      chatt2me.failures(20);
      chatt2me.endpoint().up();
      try (ConfigurableApplicationContext application =
          SpringApplication.run(
              Main.class,
              "--server.port=0",
              "--redrive.ledger.url=" + args[0],
              "--redrive.chatt2me.accounts.sales.api-key=" + chatt2me.apiKey(),
              "--redrive.chatt2me.accounts.sales.base-url=" + chatt2me.baseUrl())) {
        System.out.println(application.getBean(Recovery.Builder.class).build().run().counts());
      }
      System.out.println("delivered " + chatt2me.endpoint().delivered());
      System.out.println("twice " + chatt2me.endpoint().deliveredMoreThanOnce());
    }
  }
}
