package dev.segue.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Hibernate, on HikariCP, whose one connection is to PostgreSQL or H2. */
class HibernateTest extends Contract {
  private Database database;
  private DataSource pool;
  private SessionFactory sessions;

  /** A row. */
  @Entity(name = "Item")
  static class Item {
    @Id int id;

    String name;
  }

  @BeforeAll
  void start() throws Exception {
    database = Database.postgresOrH2();
    pool = Pools.hikari(database);
    var configuration = new Configuration().addAnnotatedClass(Item.class);
    configuration.getProperties().put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration.setProperty(
        SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION, "drop-and-create");
    sessions = configuration.buildSessionFactory();
    sessions.inTransaction(session -> {
      var item = new Item();
      item.id = 1;
      item.name = "tea";
      session.persist(item);
    });
  }

  @AfterAll
  void close() throws Exception {
    if (sessions != null) {
      sessions.close();
      Pools.close(pool);
    }
  }

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        new Trial(
            "Hibernate, a query in a transaction on " + database.product(),
            Waits.IN_THE_JDK,
            () ->
                sessions.inTransaction(session ->
                    session.createNativeQuery(database.sleep(), Object.class).getResultList()),
            this::use));
  }

  private void use() {
    assertThat(sessions.fromTransaction(session -> session.find(Item.class, 1)).name)
        .isEqualTo("tea");
  }
}
