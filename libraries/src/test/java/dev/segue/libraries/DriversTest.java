package dev.segue.libraries;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** JDBC drivers, one connection each, in the ways in which people end a transaction. */
class DriversTest extends Contract {
  @Override
  Stream<Trial> trials() throws Exception {
    var databases = new ArrayList<>(List.of(Database.h2()));
    try {
      databases.add(Database.postgres());
    } catch (TestAbortedException _) {
      // Not installed.
    }
    try {
      databases.add(Database.mariaDb());
      databases.add(mysqlDriver(Database.mariaDb()));
    } catch (TestAbortedException _) {
      // Not installed.
    }
    return databases.stream()
        .flatMap(
            database ->
                Stream.of(
                    trial(database, "a query", database::sleep),
                    trial(database, "rollback in catch", it -> rollingBack(database, it)),
                    trial(database, "auto-commit in finally", it -> restoring(database, it))));
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

  private static Trial trial(Database database, String what, Use use) {
    return new Trial(
        database.product() + ", " + what,
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
}
