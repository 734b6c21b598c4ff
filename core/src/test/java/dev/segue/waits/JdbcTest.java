package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JDBC, against a database in memory. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JdbcTest {
  private static final String URL = "jdbc:h2:mem:waits;LOCK_TIMEOUT=30000";

  private Connection first;

  @BeforeEach
  void createTable() throws SQLException {
    first = DriverManager.getConnection(URL); // the database lives as long as this
    update(first, "CREATE TABLE account(id INT PRIMARY KEY, amount INT)");
    update(first, "INSERT INTO account VALUES (1, 0)");
  }

  @AfterEach
  void close() throws SQLException {
    first.close();
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private int amount() throws SQLException {
    try (var statement = first.createStatement();
        var result = statement.executeQuery("SELECT amount FROM account")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void aRowThatAnotherConnectionHasLocked() throws Exception {
    Async.run(() -> {
      first.setAutoCommit(false);
      update(first, "UPDATE account SET amount = amount + 1");
      try (var second = DriverManager.getConnection(URL)) {
        int updated =
            Ticking.until(
                first::commit, () -> update(second, "UPDATE account SET amount = amount + 10"));
        assertThat(updated).isEqualTo(1);
      }
    });
    assertThat(amount()).isEqualTo(11);
  }

  @Test
  void manyTasksUpdateARow() throws Exception {
    Async.run(() ->
        Async.map(
            IntStream.range(0, 100).boxed().toList(),
            10,
            _ -> {
              try (var connection = DriverManager.getConnection(URL)) {
                return update(connection, "UPDATE account SET amount = amount + 1");
              }
            }));
    assertThat(amount()).isEqualTo(100);
  }
}
