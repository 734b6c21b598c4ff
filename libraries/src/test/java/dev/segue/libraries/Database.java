package dev.segue.libraries;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A database with the ways to it.
 *
 * @param product its name
 * @param sleep the query that takes {@link Trial#SECONDS}
 */
record Database(String product, String url, String user, String sleep) {
  static final String PASSWORD = "secret";

  private static @Nullable Database postgres;
  private static @Nullable Database mariaDb;

  /** H2, in this process. */
  static Database h2() {
    return new Database(
        "H2",
        "jdbc:h2:mem:libraries;DB_CLOSE_DELAY=-1;INIT=CREATE ALIAS IF NOT EXISTS SLEEP FOR"
            + " 'java.lang.Thread.sleep(long)'",
        "sa",
        "CALL SLEEP(" + Trial.SECONDS * 1000 + ")");
  }

  /** H2, which takes a while to open a connection. */
  static Database slowToOpen() {
    var h2 = h2();
    return new Database("slow H2", h2.url() + "\\;CALL SLEEP(500)", h2.user(), h2.sleep());
  }

  /** PostgreSQL where it is installed, H2 elsewhere. */
  static Database postgresOrH2() throws IOException, InterruptedException {
    return LocalServer.program("initdb") == null ? h2() : postgres();
  }

  /** PostgreSQL; the test is skipped where it is not installed. */
  static synchronized Database postgres() throws IOException, InterruptedException {
    var initdb = LocalServer.program("initdb");
    var server = LocalServer.program("postgres");
    assumeTrue(initdb != null && server != null, "PostgreSQL is not installed");
    if (postgres == null) {
      var folder = LocalServer.folder("postgres");
      var data = folder.resolve("data").toString();
      var started =
          new Database(
              "PostgreSQL",
              "jdbc:postgresql://localhost:" + LocalServer.freePort() + "/postgres",
              "segue",
              "SELECT pg_sleep(" + Trial.SECONDS + ")");
      LocalServer.execute(
          folder,
          LocalServer.notAsRoot(
              initdb.toString(), "-D", data, "-U", started.user, "-A", "trust", "--no-sync"));
      LocalServer.start(
          folder,
          "QUIT",
          LocalServer.notAsRoot(
              server.toString(),
              "-D",
              data,
              "-p",
              started.port(),
              "-h",
              "localhost",
              "-k",
              folder.toString(),
              "-F"),
          () -> started.connect().close());
      postgres = started;
    }
    return postgres;
  }

  /** MariaDB; the test is skipped where it is not installed. */
  static synchronized Database mariaDb() throws IOException, InterruptedException {
    var server = LocalServer.program("mariadbd");
    assumeTrue(server != null, "MariaDB is not installed");
    if (mariaDb == null) {
      var folder = LocalServer.folder("mariadb");
      var data = folder.resolve("data");
      var started =
          new Database(
              "MariaDB",
              "jdbc:mariadb://localhost:" + LocalServer.freePort() + "/test?sslMode=disable",
              "root",
              "SELECT SLEEP(" + Trial.SECONDS + ")");
      // An empty database is enough for a server that looks at no privileges.
      LocalServer.execute(
          folder, LocalServer.notAsRoot("mkdir", "-p", data.resolve("test").toString()));
      LocalServer.start(
          folder,
          "TERM",
          LocalServer.notAsRoot(
              server.toString(),
              "--no-defaults",
              "--datadir=" + data,
              "--port=" + started.port(),
              "--bind-address=127.0.0.1",
              "--socket=" + folder.resolve("socket"),
              "--pid-file=" + folder.resolve("pid"),
              "--skip-grant-tables",
              "--skip-networking=0"),
          () -> started.connect().close());
      mariaDb = started;
    }
    return mariaDb;
  }

  private String port() {
    return url.replaceAll(".*:(\\d+)/.*", "$1");
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, PASSWORD);
  }

  /** Waits in a query. */
  void sleep(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sleep);
    }
  }

  /** A short query, which the connection must answer. */
  static void query(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT 42")) {
      result.next();
      if (result.getInt(1) != 42) {
        throw new SQLException("not what was asked for: " + result.getInt(1));
      }
    }
  }
}
