package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Boot: transactions, on HikariCP, whose one connection is to PostgreSQL or H2. */
class SpringTest extends Contract {
  private Database database;
  private ConfigurableApplicationContext context;
  private Orders orders;

  /** The application. */
  @SpringBootConfiguration
  @EnableAutoConfiguration
  static class Application {
    @Bean
    Orders orders(JdbcTemplate jdbc) {
      return new Orders(jdbc);
    }
  }

  /** A service with transactions around its methods. */
  static class Orders {
    private final JdbcTemplate jdbc;

    Orders(JdbcTemplate jdbc) {
      this.jdbc = jdbc;
    }

    @Transactional
    public void execute(String sql) {
      assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
      jdbc.execute(sql);
    }

    @Transactional
    public void sleep() throws InterruptedException {
      Thread.sleep(Trial.SECONDS * 1000L);
    }
  }

  @BeforeAll
  void start() throws Exception {
    database = Database.postgresOrH2();
    context =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .logStartupInfo(false)
            .properties(
                "spring.main.banner-mode=off",
                "spring.main.register-shutdown-hook=false",
                "spring.datasource.url=" + database.url(),
                "spring.datasource.username=" + database.user(),
                "spring.datasource.password=" + Database.PASSWORD,
                "spring.datasource.hikari.maximum-pool-size=1",
                "logging.level.root=OFF")
            .run();
    orders = context.getBean(Orders.class);
  }

  @AfterAll
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Override
  Stream<Trial> trials() {
    var template = context.getBean(TransactionTemplate.class);
    var jdbc = context.getBean(JdbcTemplate.class);
    return Stream.of(
        new Trial(
            "@Transactional, a query on " + database.product(),
            Waits.IN_THE_JDK,
            () -> orders.execute(database.sleep()),
            this::use),
        new Trial("@Transactional, a sleep", Waits.IN_THE_JDK, () -> orders.sleep(), this::use),
        new Trial(
            "TransactionTemplate, a query on " + database.product(),
            Waits.IN_THE_JDK,
            () -> template.executeWithoutResult(_ -> jdbc.execute(database.sleep())),
            this::use),
        new Trial(
            "JdbcTemplate, a query on " + database.product(),
            Waits.IN_THE_JDK,
            () -> jdbc.execute(database.sleep()),
            this::use));
  }

  private void use() {
    orders.execute("SELECT 42");
  }

  @Test
  void aTaskThatIsCreatedInATransactionIsNotInIt() {
    var template = context.getBean(TransactionTemplate.class);
    var isInIt =
        run(() ->
            template.execute(_ ->
                createTask(TransactionSynchronizationManager::isActualTransactionActive).await()));
    assertThat(isInIt).isFalse();
  }
}
