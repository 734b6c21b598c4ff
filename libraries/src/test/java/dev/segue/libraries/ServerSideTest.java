package dev.segue.libraries;

import static dev.segue.Async.run;
import static dev.segue.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What PostgreSQL does with a query whose task has been cancelled. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerSideTest {
  private static final String RUNNING =
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%s%%'";

  @Test
  void aCancelledQueryGoesOn() throws Exception {
    var database = Database.postgres();
    try (var observer = database.connect()) {
      run(() -> {
        cancelAfter(Duration.ofMillis(200), database, connection -> {
          try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_sleep(20), 'unlimited'");
          }
        });
      });
      assertThat(running(observer, "SELECT pg_sleep(20), ''unlimited''")).isEqualTo(1);
    }
  }

  @Test
  void aStatementTimeoutEndsItAtTheServer() throws Exception {
    var database = Database.postgres();
    try (var observer = database.connect()) {
      run(() -> {
        cancelAfter(Duration.ofMillis(200), database, connection -> {
          try (var statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = '500ms'");
            statement.execute("SELECT pg_sleep(20), 'limited'");
          }
        });
      });
      while (running(observer, "SELECT pg_sleep(20), ''limited''") > 0) {
        Thread.sleep(10);
      }
    }
  }

  /** What is done with a connection. */
  private interface Use {
    void of(Connection connection) throws SQLException;
  }

  private static void cancelAfter(Duration limit, Database database, Use use) {
    assertThatThrownBy(
            () ->
                timeout(
                    limit,
                    () -> {
                      try (var connection = database.connect()) {
                        use.of(connection);
                      }
                    }))
        .isInstanceOf(TimeoutException.class);
  }

  private static int running(Connection observer, String query) throws SQLException {
    try (var statement = observer.createStatement();
        var result = statement.executeQuery(RUNNING.formatted(query))) {
      result.next();
      return result.getInt(1);
    }
  }
}
