package dev.segue.compare.workload;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * An H2 database in memory, with a server for the jobs. It runs in the process that compares, so
 * that what it uses of the processor counts for no model.
 */
public final class Database implements Surroundings {
  static final String PARAMETER = "url";

  static final int ACCOUNTS = 100;

  static {
    // Or else H2 listens on every network, and only then refuses those who are elsewhere.
    System.setProperty("h2.bindAddress", "127.0.0.1");
  }

  private final Connection owner; // the database lives as long as this
  private final Server server;
  private final String url;

  Database() throws IOException {
    var name = "compare-" + UUID.randomUUID();
    var admin = UUID.randomUUID().toString();
    var password = UUID.randomUUID().toString();
    try {
      owner = DriverManager.getConnection("jdbc:h2:mem:" + name, "admin", admin);
      try {
        fill(password);
        server = Server.createTcpServer("-tcpPort", "0", "-tcpDaemon").start();
      } catch (Throwable e) {
        owner.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IOException("the database cannot be started: " + e.getMessage(), e);
    }
    url =
        "jdbc:h2:tcp://127.0.0.1:%d/mem:%s;USER=jobs;PASSWORD=%s"
            .formatted(server.getPort(), name, password);
  }

  private void fill(String password) throws SQLException {
    try (var statement = owner.createStatement()) {
      statement.execute(
          "create table account (id int primary key, balance bigint, audited bigint)");
      statement.execute(
          "insert into account select x, 100 * x, 0 from system_range(0, " + (ACCOUNTS - 1) + ")");
      statement.execute("create alias pause for '" + Database.class.getName() + ".pause'");
      // Not the owner, who could run any code in this process.
      statement.execute("create user jobs password '" + password + "'");
      statement.execute("grant select, update on account to jobs");
    }
  }

  /**
   * Takes as long as a disk or a network would; called by the database.
   *
   * @param nanos how long
   * @return 0
   * @throws InterruptedException if the database is closed meanwhile
   */
  public static int pause(long nanos) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(nanos));
    return 0;
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of(PARAMETER, url);
  }

  @Override
  public void close() throws IOException {
    server.stop();
    try {
      owner.close();
    } catch (SQLException e) {
      throw new IOException("the database cannot be closed: " + e.getMessage(), e);
    }
  }
}
