package dev.segue.compare.workload;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The connections of a JVM to a database, which jobs share: at most so many, and kept. */
final class ConnectionPool {
  private static final Map<String, ConnectionPool> POOLS = new ConcurrentHashMap<>();

  private final String url;
  private final Semaphore free;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Connection> idle = new ArrayDeque<>(); // guarded by lock

  private ConnectionPool(String url, int size) {
    this.url = url;
    free = new Semaphore(size);
  }

  /** The pool of this size, one for all jobs. */
  static ConnectionPool to(String url, int size) {
    return POOLS.computeIfAbsent(size + " " + url, _ -> new ConnectionPool(url, size));
  }

  Connection borrow() throws SQLException, InterruptedException {
    free.acquire();
    try {
      var connection = takeIdle();
      return connection == null ? DriverManager.getConnection(url) : connection;
    } catch (Throwable e) {
      free.release();
      throw e;
    }
  }

  private @Nullable Connection takeIdle() {
    lock.lock();
    try {
      return idle.poll();
    } finally {
      lock.unlock();
    }
  }

  void giveBack(Connection connection) {
    lock.lock();
    try {
      idle.push(connection);
    } finally {
      lock.unlock();
    }
    free.release();
  }
}
