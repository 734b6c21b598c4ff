package dev.segue.lab.examples;

import dev.segue.Async;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The race on a real database: threads lose an update; a lock, the loop and a serializable
 * transaction each keep both.
 *
 * <p>What the loop does depends on the driver. With a database inside this process a statement
 * never waits, and nobody else runs between reading and writing. With a server each statement waits
 * for the answer, and the other task runs meanwhile: then it takes a lock on the loop, too.
 *
 * <p>{@code -Ddb=jdbc:...} names another database than H2 in memory; its driver must be on the
 * class path.
 */
public final class RaceDb {
  private interface Update {
    void run(Connection connection) throws Exception;
  }

  private static final CyclicBarrier ALONE = new CyclicBarrier(1); // waits for nobody

  private RaceDb() {}

  /**
   * Runs the example.
   *
   * @throws Exception if the database or an update failed
   */
  public static void main() throws Exception {
    Thread.currentThread().setName("MainThread"); // as Python calls it
    try (var db = connect()) { // a database in memory lives as long as a connection to it
      execute(db, "drop table if exists segue_race");
      execute(db, "create table segue_race (counter int not null)");
      execute(db, "insert into segue_race values (0)");

      System.out.println("Threads:");
      var bothHaveRead = new CyclicBarrier(2);
      onThreads(db, connection -> readAndWrite(connection, bothHaveRead));

      System.out.println("Threads and a lock:");
      var lock = new ReentrantLock();
      onThreads(db, connection -> underLock(lock, connection));

      System.out.println("The loop:");
      onLoop(db);

      System.out.println("Threads and serializable transactions:");
      var bothHaveReadAgain = new CyclicBarrier(2);
      onThreads(db, connection -> inTransaction(connection, bothHaveReadAgain));

      execute(db, "drop table segue_race");
    }
  }

  private static void readAndWrite(Connection connection, CyclicBarrier afterReading)
      throws Exception {
    log("Reading Value From Db");
    int tmp = read(connection);
    afterReading.await(10, TimeUnit.SECONDS);
    log("Updating Value");
    execute(connection, "update segue_race set counter = " + (tmp * tmp + 1));
    log("Update Finished");
  }

  private static void underLock(ReentrantLock lock, Connection connection) throws Exception {
    lock.lock(); // in a task, too, only this task waits
    try {
      readAndWrite(connection, ALONE);
    } finally {
      lock.unlock();
    }
  }

  private static void inTransaction(Connection connection, CyclicBarrier afterReading)
      throws Exception {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    try {
      readAndWrite(connection, afterReading);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      if (e.getSQLState() == null || !e.getSQLState().startsWith("40")) {
        throw e;
      }
      log("Update Refused, trying again"); // the other one was first
      inTransaction(connection, ALONE);
    }
  }

  private static void onThreads(Connection db, Update update) throws Exception {
    execute(db, "update segue_race set counter = 0");
    var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
    try (var executor = Executors.newFixedThreadPool(5, threads)) {
      for (var updated :
          List.of(executor.submit(() -> run(update)), executor.submit(() -> run(update)))) {
        updated.get();
      }
    }
    log("Final value is " + read(db));
  }

  private static void onLoop(Connection db) throws Exception {
    execute(db, "update segue_race set counter = 0");
    Async.run(() -> {
      var lock = new ReentrantLock();
      Update update;
      if (statementsWait(db)) {
        log("Statements wait here, so a lock keeps the update");
        update = connection -> underLock(lock, connection);
      } else {
        log("Statements do not wait here, so the loop keeps the update");
        update = connection -> Async.uninterleaved(() -> readAndWrite(connection, ALONE));
      }
      Async.gather(() -> run(update), () -> run(update));
      log("Final value is " + read(db));
    });
  }

  /** Whether the other tasks of the loop may run during a statement. */
  private static boolean statementsWait(Connection db) throws SQLException {
    try {
      Async.uninterleaved(() -> read(db));
      return false;
    } catch (IllegalStateException _) {
      return true;
    }
  }

  private static boolean run(Update update) throws Exception {
    try (var connection = connect()) {
      log("Update Started");
      log("Sleeping");
      Thread.sleep(seconds(2)); // in a task, too, only this task sleeps
      update.run(connection);
      return true;
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(System.getProperty("db", "jdbc:h2:mem:segue_race"));
  }

  private static int read(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select counter from segue_race")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Duration seconds(int seconds) {
    double scale = Double.parseDouble(System.getProperty("scale", "1"));
    return Duration.ofMillis(Math.round(1000 * scale * seconds));
  }

  private static void log(String message) {
    var thread = Thread.currentThread();
    var name = thread.isVirtual() ? Async.currentLoop().name() : thread.getName();
    System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), name, message);
  }
}
