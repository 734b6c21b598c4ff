package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.run;
import static dev.segue.Async.sleep;
import static dev.segue.Async.toThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Outcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQLite, which waits in native code: for a file that another connection has locked. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteTest {
  @TempDir static Path folder;

  private static final Executor CANCELLING =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private int ticks;

  private static Connection connect() throws SQLException {
    var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("database"));
    update(connection, "PRAGMA busy_timeout = 300");
    return connection;
  }

  private static void update(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** How often another task ran while a task waited for the lock, until SQLite gave up. */
  private int ticksWhileWaiting(boolean inAThread) throws Exception {
    try (var first = connect();
        var second = connect()) {
      update(first, "BEGIN IMMEDIATE");
      return run(() -> {
        var ticker =
            createTask(() -> {
              while (true) {
                sleep(Duration.ofMillis(5));
                ticks++;
              }
            });
        Callable<Boolean> refused = () -> isRefused(second);
        var waiting = createTask(() -> inAThread ? toThread(refused) : refused.call());
        assertThat(waiting.await()).isTrue();
        int meanwhile = ticks;
        ticker.cancel();
        return meanwhile;
      });
    }
  }

  private static boolean isRefused(Connection connection) {
    try {
      update(connection, "BEGIN IMMEDIATE");
      return false;
    } catch (SQLException e) {
      return e.getMessage().contains("SQLITE_BUSY");
    }
  }

  @Test
  void holdsTheLoop() throws Exception {
    assertThat(ticksWhileWaiting(false)).isLessThanOrEqualTo(1);
  }

  @Test
  void doesNotInToThread() throws Exception {
    assertThat(ticksWhileWaiting(true)).isGreaterThan(5);
  }

  @Test
  void aCancelDoesNotEndIt() throws Exception {
    try (var first = connect();
        var second = connect()) {
      update(first, "BEGIN IMMEDIATE");
      var refused =
          run(() -> {
            var waiting = createTask(() -> isRefused(second));
            var _ = CompletableFuture.runAsync(waiting::cancel, CANCELLING);
            return waiting.outcome();
          });
      assertThat(refused).isEqualTo(new Outcome.Success<>(true));
    }
  }
}
