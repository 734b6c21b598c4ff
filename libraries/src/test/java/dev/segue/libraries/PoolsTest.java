package dev.segue.libraries;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.run;
import static dev.segue.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Pools of connections: a query in a transaction, and no connection that is free. */
class PoolsTest extends Contract {
  private final List<DataSource> open = new ArrayList<>();
  private Map<String, DataSource> pools = Map.of();

  @Override
  Stream<Trial> trials() throws Exception {
    var database = Database.postgresOrH2();
    if (pools.isEmpty()) {
      pools = new LinkedHashMap<>();
      pools.put("HikariCP", opened(Pools.hikari(database)));
      pools.put("DBCP2", opened(Pools.dbcp2(database)));
      pools.put("tomcat-jdbc", opened(Pools.tomcatJdbc(database, true)));
      pools.put("c3p0", opened(Pools.c3p0(database, true)));
      pools.put("Agroal", opened(Pools.agroal(database, true)));
    }
    return pools.entrySet().stream()
        .flatMap(pool -> trials(database, pool.getKey(), pool.getValue()));
  }

  private DataSource opened(DataSource pool) {
    open.add(pool);
    return pool;
  }

  @AfterAll
  void close() throws Exception {
    for (var pool : open) {
      Pools.close(pool);
    }
  }

  private static Stream<Trial> trials(Database database, String name, DataSource pool) {
    return Stream.of(
        new Trial(
            name + ", a transaction on " + database.product(),
            Waits.IN_THE_JDK,
            () -> transaction(database, pool),
            () -> use(pool)),
        new Trial(
            name + ", no connection is free",
            Waits.IN_THE_JDK,
            () -> {
              try (var _ = pool.getConnection();
                  var second = pool.getConnection()) {
                Database.query(second);
              }
            },
            () -> use(pool)));
  }

  private static void transaction(Database database, DataSource pool) throws SQLException {
    try (var connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        database.sleep(connection);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static void use(DataSource pool) throws SQLException {
    try (var connection = pool.getConnection()) {
      Database.query(connection);
    }
  }

  @Test
  void mostPoolsNoticeThatACancelHasCostThemAConnection() throws Exception {
    var database = Database.postgres();
    var pools =
        List.of(
            opened(Pools.hikari(database)),
            opened(Pools.dbcp2(database)),
            opened(Pools.tomcatJdbc(database, false)),
            opened(Pools.c3p0(database, false)),
            opened(Pools.agroal(database, true)));
    run(() -> {
      for (var pool : pools) {
        loseConnection(database, pool);
        use(pool);
      }
    });
  }

  @Test
  void agroalHandsADeadConnectionOutAgainUnlessItValidates() throws Exception {
    var database = Database.postgres();
    var pool = opened(Pools.agroal(database, false));
    run(() -> {
      loseConnection(database, pool);
      assertThatThrownBy(() -> use(pool)).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> use(pool)).isInstanceOf(SQLException.class);
    });
  }

  @Test
  void agroalLosesTheInterruptThatComesWhileItOpensAConnection() throws Exception {
    var pool = opened(Pools.agroal(Database.slowToOpen(), false));
    var sleptOn = new boolean[1];
    run(() ->
        assertThatThrownBy(() ->
                timeout(
                    Duration.ofMillis(50),
                    () -> {
                      pool.getConnection().close();
                      Thread.sleep(1);
                      sleptOn[0] = true;
                      checkpoint();
                    }))
            .isInstanceOf(TimeoutException.class));
    assertThat(sleptOn[0]).isTrue();
  }

  private static void loseConnection(Database database, DataSource pool) throws Exception {
    var limit = untilItWaits(() -> use(pool));
    assertThatThrownBy(() -> timeout(limit, () -> transaction(database, pool)))
        .isInstanceOf(Exception.class);
  }
}
