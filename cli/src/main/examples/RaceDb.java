// The race on a real database: threads lose an update; a lock, the loop and a serializable
// transaction each keep both.
//
// What the loop does depends on the driver. With a database inside this process, a statement does
// not wait, so no other task runs between reading and writing. With a server, a statement waits for
// the answer, and the other task runs meanwhile: then the loop needs a lock, too.
//
// Run it by itself, on H2 in memory: ./segue run RaceDb.java

import dev.segue.Async;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

interface Update {
  void on(Connection connection) throws Exception;
}

final String url = System.getProperty("db", "jdbc:h2:mem:segue_race");
final CyclicBarrier alone = new CyclicBarrier(1); // for updates that wait for no other
final ReentrantLock lock = new ReentrantLock();

void main() throws Exception {
  Thread.currentThread().setName("MainThread"); // as Python calls it
  try (var db = connect()) { // a database in memory lives as long as a connection to it
    execute(db, "drop table if exists segue_race");
    execute(db, "create table segue_race (counter int not null)");
    execute(db, "insert into segue_race values (0)");

    System.out.println("Threads:");
    var bothHaveRead = new CyclicBarrier(2);
    onThreads(db, connection -> readAndWrite(connection, bothHaveRead));

    System.out.println("Threads and a lock:");
    onThreads(db, this::readAndWriteLocked);

    System.out.println("The loop:");
    Async.run(() -> onLoop(db));

    System.out.println("Threads and serializable transactions:");
    var bothHaveReadAgain = new CyclicBarrier(2);
    onThreads(db, connection -> readAndWriteInTransaction(connection, bothHaveReadAgain));

    execute(db, "drop table segue_race");
  }
}

// --- three ways to update

void readAndWrite(Connection connection, CyclicBarrier meet) throws Exception {
  log("Reading Value From Db");
  int tmp = read(connection);
  meet.await(10, TimeUnit.SECONDS);
  log("Updating Value");
  execute(connection, "update segue_race set counter = " + (tmp * tmp + 1));
  if (!connection.getAutoCommit()) {
    connection.commit();
  }
  log("Update Finished");
}

void readAndWriteLocked(Connection connection) throws Exception {
  lock.lock(); // in a task only this task waits
  try {
    readAndWrite(connection, alone);
  } finally {
    lock.unlock();
  }
}

void readAndWriteInTransaction(Connection connection, CyclicBarrier meet) throws Exception {
  connection.setAutoCommit(false);
  connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
  try {
    readAndWrite(connection, meet);
  } catch (SQLException e) {
    connection.rollback();
    if (e.getSQLState() == null || !e.getSQLState().startsWith("40")) {
      throw e;
    }
    log("Update Refused, trying again"); // the other thread was first
    readAndWriteInTransaction(connection, alone);
  }
}

// --- two of them at once

void onThreads(Connection db, Update update) throws Exception {
  execute(db, "update segue_race set counter = 0");
  var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
  try (var one = connect();
      var other = connect();
      var executor = Executors.newFixedThreadPool(5, threads)) {
    var updates =
        List.of(
            executor.submit(() -> sleepAnd(update, one)),
            executor.submit(() -> sleepAnd(update, other)));
    for (var updated : updates) {
      updated.get();
    }
  }
  log("Final value is " + read(db));
}

void onLoop(Connection db) throws Exception {
  execute(db, "update segue_race set counter = 0");
  Update update;
  if (url.startsWith("jdbc:h2:mem:")) {
    log("Statements do not wait, so the loop keeps the update");
    update = connection -> Async.uninterleaved(() -> readAndWrite(connection, alone)); // checks it
  } else {
    log("Statements may wait, so on the loop a lock keeps the update");
    update = this::readAndWriteLocked;
  }
  try (var one = connect();
      var other = connect()) {
    Async.gather(() -> sleepAnd(update, one), () -> sleepAnd(update, other));
  }
  log("Final value is " + read(db));
}

boolean sleepAnd(Update update, Connection connection) throws Exception {
  log("Update Started");
  log("Sleeping");
  Thread.sleep(seconds(2)); // in a task only this task sleeps
  update.on(connection);
  return true;
}

// --- the database

Connection connect() throws SQLException {
  return DriverManager.getConnection(url);
}

int read(Connection connection) throws SQLException {
  try (var statement = connection.createStatement();
      var row = statement.executeQuery("select counter from segue_race")) {
    row.next();
    return row.getInt(1);
  }
}

void execute(Connection connection, String sql) throws SQLException {
  try (var statement = connection.createStatement()) {
    statement.execute(sql);
  }
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var thread = Thread.currentThread();
  var name = thread.isVirtual() ? Async.currentLoop().name() : thread.getName();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), name, message);
}
