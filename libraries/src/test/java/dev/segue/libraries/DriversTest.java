package dev.segue.libraries;

import static dev.segue.Async.run;
import static dev.segue.Async.timeout;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** JDBC drivers, one connection each, in the ways in which people end a transaction. */
class DriversTest extends Contract {
  @Override
  Stream<Trial> trials() {
    return Stream.of(
            trials("H2", Database::h2),
            trials("PostgreSQL", Database::postgres),
            trials("MariaDB", Database::mariaDb),
            trials("MySQL's driver", () -> mysqlDriver(Database.mariaDb())))
        .flatMap(it -> it);
  }

  private static Stream<Trial> trials(String name, Callable<Database> started) {
    try {
      var database = started.call();
      return Stream.of(
          trial(name + ", a query", database, database::sleep),
          trial(name + ", rollback in catch", database, it -> rollingBack(database, it)),
          trial(name + ", auto-commit in finally", database, it -> restoring(database, it)));
    } catch (Exception cannotBeTried) {
      Action<Exception> skip =
          () -> {
            throw cannotBeTried;
          };
      return Stream.of(new Trial(name, Waits.IN_THE_JDK, skip, skip));
    }
  }

  private static Database mysqlDriver(Database server) {
    return new Database(
        "MySQL's driver",
        server.url().replace("jdbc:mariadb:", "jdbc:mysql:").replace("disable", "DISABLED"),
        server.user(),
        server.sleep());
  }

  private interface Use {
    void with(Connection connection) throws SQLException;
  }

  private static Trial trial(String name, Database database, Use use) {
    return new Trial(
        name,
        Waits.IN_THE_JDK,
        () -> {
          try (var connection = database.connect()) {
            use.with(connection);
          }
        },
        () -> {
          try (var connection = database.connect()) {
            Database.query(connection);
          }
        });
  }

  private static void rollingBack(Database database, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      database.sleep(connection);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static void restoring(Database database, Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      database.sleep(connection);
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  @Test
  void h2HidesACancelThatComesWhileItWaitsForARow() throws Exception {
    var database = Database.h2();
    try (var first = database.connect();
        var second = database.connect();
        var update = second.createStatement()) {
      update.execute("CREATE TABLE account(amount INT)");
      update.execute("INSERT INTO account VALUES (0)");
      update.execute("SET LOCK_TIMEOUT " + Trial.SECONDS * 1000);
      first.setAutoCommit(false);
      first.createStatement().execute("UPDATE account SET amount = 1");
      run(() ->
          assertThatThrownBy(() ->
                  timeout(
                      Duration.ofMillis(200),
                      () -> update.execute("UPDATE account SET amount = 2")))
              .isInstanceOf(SQLException.class));
    }
  }
}
