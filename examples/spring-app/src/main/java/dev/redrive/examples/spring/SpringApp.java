package dev.redrive.examples.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The application. What an application of yours would have in its configuration, the addresses and
 * keys of the providers and the database, comes from the fakes that it starts.
 */
@SpringBootApplication
@EnableScheduling
public class SpringApp {
  /** Starts it on port 8080. */
  public static void main(String[] arguments) throws IOException {
    start(arguments);
  }

  static ConfigurableApplicationContext start(String... arguments) throws IOException {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    Providers providers = Providers.start();
    return new SpringApplicationBuilder(SpringApp.class)
        .properties(providers.properties())
        .properties(Map.of("spring.datasource.url", postgres.getJdbcUrl("postgres", "postgres")))
        .initializers(
            context -> {
              var beans = (GenericApplicationContext) context;
              beans.registerBean(EmbeddedPostgres.class, () -> postgres);
              beans.registerBean(Providers.class, () -> providers);
            })
        .run(arguments);
  }
}
