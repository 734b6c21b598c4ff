package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Round trips to a {@link Database}: each job borrows a connection, reads its account a few times,
 * and writes what it has seen.
 */
final class JdbcWorkload implements Workload<Long> {
  @Override
  public List<SerializableCallable<Long>> jobs(Parameters parameters) {
    var url = parameters.text(Database.PARAMETER, "");
    var pause = parameters.time("length", Duration.ofMillis(1));
    int statements = parameters.count("statements", 5);
    int connections = parameters.count("connections", 20);
    return IntStream.range(0, parameters.count("jobs", 50))
        .mapToObj(i -> job(url, connections, i % Database.ACCOUNTS, pause, statements))
        .toList();
  }

  private static SerializableCallable<Long> job(
      String url, int connections, int account, Duration pause, int statements) {
    return () -> {
      var pool = ConnectionPool.to(url, connections);
      var connection = pool.borrow();
      try {
        return audit(connection, account, pause, statements);
      } finally {
        pool.giveBack(connection);
      }
    };
  }

  private static long audit(Connection connection, int account, Duration pause, int statements)
      throws SQLException {
    long seen = 0;
    try (var read =
            connection.prepareStatement("select balance, pause(?) from account where id = ?");
        var write = connection.prepareStatement("update account set audited = ? where id = ?")) {
      read.setLong(1, pause.toNanos());
      read.setInt(2, account);
      for (int i = 1; i < statements; i++) {
        try (var rows = read.executeQuery()) {
          rows.next();
          seen += rows.getLong(1);
        }
      }
      write.setLong(1, seen);
      write.setInt(2, account);
      write.executeUpdate();
    }
    return seen;
  }
}
