// The race on a real database: threads lose an update; a lock, the loop and a serializable
// transaction each keep both.
//
// What the loop does depends on the driver. With a database inside this process a statement does
// not
// wait, so nobody else runs between reading and writing. With a server each statement waits for its
// answer, and the other task has its turn meanwhile: then it takes a lock on the loop, too.
//
// Run it by itself, -Ddb=jdbc:... if it is not to be H2 in memory:
// java --add-opens java.base/java.lang=ALL-UNNAMED -cp segue-core.jar:h2.jar RaceDb.java

import dev.segue.Async;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

interface Update {
  void on(Connection connection) throws Exception;
}

final CyclicBarrier nobody = new CyclicBarrier(1); // to meet whom takes no time
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
  log("Update Finished");
}

void readAndWriteLocked(Connection connection) throws Exception {
  lock.lock(); // in a task only this task waits
  try {
    readAndWrite(connection, nobody);
  } finally {
    lock.unlock();
  }
}

void readAndWriteInTransaction(Connection connection, CyclicBarrier meet) throws Exception {
  connection.setAutoCommit(false);
  connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
  try {
    readAndWrite(connection, meet);
    connection.commit();
  } catch (SQLException e) {
    connection.rollback();
    if (e.getSQLState() == null || !e.getSQLState().startsWith("40")) {
      throw e;
    }
    log("Update Refused, trying again"); // the other thread was first
    readAndWriteInTransaction(connection, nobody);
  }
}

// --- two of them at once

void onThreads(Connection db, Update update) throws Exception {
  execute(db, "update segue_race set counter = 0");
  var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
  try (var executor = Executors.newFixedThreadPool(5, threads)) {
    var one = executor.submit(() -> run(update));
    var other = executor.submit(() -> run(update));
    one.get();
    other.get();
  }
  log("Final value is " + read(db));
}

void onLoop(Connection db) throws Exception {
  execute(db, "update segue_race set counter = 0");
  Update update;
  if (statementsWait(db)) {
    log("Statements wait here, so a lock keeps the update");
    update = this::readAndWriteLocked;
  } else {
    log("Statements do not wait here, so the loop keeps the update");
    update = connection -> Async.uninterleaved(() -> readAndWrite(connection, nobody));
  }
  Async.gather(() -> run(update), () -> run(update));
  log("Final value is " + read(db));
}

/** Whether the other tasks of the loop may run during a statement. */
boolean statementsWait(Connection db) throws SQLException {
  try {
    Async.uninterleaved(() -> read(db));
    return false;
  } catch (IllegalStateException e) {
    return true;
  }
}

boolean run(Update update) throws Exception {
  try (var connection = connect()) {
    log("Update Started");
    log("Sleeping");
    Thread.sleep(seconds(2)); // in a task only this task sleeps
    update.on(connection);
    return true;
  }
}

// --- the database

Connection connect() throws SQLException {
  return DriverManager.getConnection(System.getProperty("db", "jdbc:h2:mem:segue_race"));
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
