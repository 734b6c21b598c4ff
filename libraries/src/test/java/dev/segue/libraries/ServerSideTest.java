package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Outcome;
import dev.segue.Task;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does with a query whose task has been cancelled. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerSideTest {
  private static final int LONGER_THAN_ANY_TEST = 600;

  /** A query that can be told from others, and how to count those that run. */
  private record Query(Database database, String sql, String count) {
    static Query postgres(String name) throws Exception {
      return new Query(
          Database.postgres(),
          "SELECT pg_sleep(" + LONGER_THAN_ANY_TEST + ") AS " + name,
          "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%AS "
              + name
              + "'");
    }

    static Query mariaDb(String name) throws Exception {
      return new Query(
          Database.mariaDb(),
          "SELECT SLEEP(" + LONGER_THAN_ANY_TEST + ") AS " + name,
          "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%AS " + name + "'");
    }

    /** How many of it run, after its task has been cancelled. */
    int runningAfterCancel(Preparation preparation) throws SQLException {
      try (var connection = database.connect()) {
        run(() -> {
          var task =
              createTask(() -> {
                try (var statement = connection.createStatement()) {
                  preparation.of(statement);
                  statement.execute(sql);
                }
              });
          Thread.ofPlatform().daemon().start(() -> cancelOnceItRuns(task));
          assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
        });
      }
      return running();
    }

    private void cancelOnceItRuns(Task<?> task) {
      try {
        while (running() == 0) {
          Thread.sleep(20);
        }
      } catch (SQLException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
      task.cancel();
    }

    int running() throws SQLException {
      try (var observer = database.connect();
          var statement = observer.createStatement();
          var result = statement.executeQuery(count)) {
        result.next();
        return result.getInt(1);
      }
    }

    void waitForItsEnd() throws SQLException, InterruptedException {
      while (running() > 0) {
        Thread.sleep(20);
      }
    }
  }

  /** What is done before the query. */
  private interface Preparation {
    void of(Statement statement) throws SQLException;
  }

  @Test
  void aCancelledQueryGoesOn() throws Exception {
    assertThat(Query.postgres("unlimited").runningAfterCancel(_ -> {})).isEqualTo(1);
    assertThat(Query.mariaDb("unlimited").runningAfterCancel(_ -> {})).isEqualTo(1);
  }

  @Test
  void postgresEndsItByItsStatementTimeout() throws Exception {
    var query = Query.postgres("limited");
    query.runningAfterCancel(it -> it.execute("SET statement_timeout = '1s'"));
    query.waitForItsEnd();
  }

  @Test
  void theUrlMaySetTheStatementTimeout() throws Exception {
    var database = Database.postgres();
    var limiting =
        new Database(
            database.product(),
            database.url() + "?options=-c%20statement_timeout=1s",
            database.user(),
            database.sleep());
    try (var connection = limiting.connect()) {
      assertThatThrownBy(() -> limiting.sleep(connection))
          .hasMessageContaining("statement timeout");
    }
  }

  @Test
  void pgjdbcsQueryTimeoutIsForgotten() throws Exception {
    var query = Query.postgres("forgotten");
    query.runningAfterCancel(it -> it.setQueryTimeout(1));
    Thread.sleep(2000); // real: as long again as it may take
    assertThat(query.running()).isEqualTo(1);
  }

  @Test
  void mariaDbEndsItByTheQueryTimeout() throws Exception {
    var query = Query.mariaDb("limited");
    query.runningAfterCancel(it -> it.setQueryTimeout(1));
    query.waitForItsEnd();
  }
}
