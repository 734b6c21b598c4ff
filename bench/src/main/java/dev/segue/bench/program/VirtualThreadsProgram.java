package dev.segue.bench.program;

import static dev.segue.bench.program.Protocol.counted;
import static dev.segue.bench.program.Protocol.port;

import dev.segue.bench.program.Sockets.Handler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;

/** The JDK's virtual threads on the JDK's own scheduler. */
public final class VirtualThreadsProgram {
  private VirtualThreadsProgram() {}

  /**
   * Says hello from a virtual thread, or answers requests.
   *
   * @param args {@code hello}, or nothing
   * @throws Exception if a work fails
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 1) {
      Thread.startVirtualThread(() -> System.out.println(args[0])).join();
      return;
    }
    Protocol.serve(Protocol.javaVersion(), works());
  }

  private static Map<String, Protocol.Answerer> works() {
    var works = new HashMap<String, Protocol.Answerer>();
    works.put("switch", inAThread(VirtualThreadsProgram::switches));
    works.put("spawn-await", inAThread(VirtualThreadsProgram::spawnAwait));
    works.put("spawn-all", inAThread(VirtualThreadsProgram::spawnAll));
    works.put("sleeps", inAThread(VirtualThreadsProgram::sleeps));
    works.put("queue", inAThread(VirtualThreadsProgram::queue));
    works.put("lock", inAThread(VirtualThreadsProgram::lock));
    works.put("submit", counted(VirtualThreadsProgram::spawnAwait)); // from the main thread
    works.put("cancel", inAThread(VirtualThreadsProgram::cancel));
    works.put("memory", inAThread(VirtualThreadsProgram::memory));
    works.put("echo", port(() -> serve(Sockets::echo)));
    works.put("http", port(() -> serve(Sockets::http)));
    return works;
  }

  private static Protocol.Answerer inAThread(Protocol.Doing doing) {
    return counted(count -> start(() -> doing.run(count)).get());
  }

  /** The leanest way to a result: an executor would also keep a list of its threads. */
  private static <T> Future<T> start(Callable<T> body) {
    var task = new FutureTask<>(body);
    Thread.startVirtualThread(task);
    return task;
  }

  private static double switches(int count) throws Exception {
    var watch = new Watch();
    var first = Thread.startVirtualThread(() -> takeTurns(count / 2));
    var second = Thread.startVirtualThread(() -> takeTurns(count / 2));
    first.join();
    second.join();
    return watch.seconds();
  }

  @SuppressWarnings("ThreadPriorityCheck") // to yield is the work
  private static void takeTurns(int count) {
    for (int i = 0; i < count; i++) {
      Thread.yield();
    }
  }

  private static double spawnAwait(int count) throws Exception {
    var watch = new Watch();
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += start(() -> 1).get();
    }
    return watch.seconds(sum, count);
  }

  private static double spawnAll(int count) throws Exception {
    var watch = new Watch();
    var tasks = new ArrayList<Future<Integer>>(count);
    for (int i = 0; i < count; i++) {
      tasks.add(start(() -> 1));
    }
    int sum = 0;
    for (var task : tasks) {
      sum += task.get();
    }
    return watch.seconds(sum, count);
  }

  private static double sleeps(int count) throws Exception {
    var watch = new Watch();
    var threads = new ArrayList<Thread>(count);
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              Thread.sleep(Works.NAP);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }));
    }
    join(threads);
    return watch.seconds();
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (var thread : threads) {
      thread.join();
    }
  }

  private static double queue(int count) throws Exception {
    var queue = new ArrayBlockingQueue<Integer>(1);
    var watch = new Watch();
    var producer =
        start(() -> {
          for (int i = 0; i < count; i++) {
            queue.put(1);
          }
          return count;
        });
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += queue.take();
    }
    producer.get();
    return watch.seconds(sum, count);
  }

  private static double lock(int count) throws Exception {
    // A fair one: whoever lets go of another takes it again at once, and nothing is handed over.
    var lock = new ReentrantLock(true);
    var watch = new Watch();
    var first = Thread.startVirtualThread(() -> holdInTurn(lock, count / 2));
    var second = Thread.startVirtualThread(() -> holdInTurn(lock, count / 2));
    first.join();
    second.join();
    return watch.seconds();
  }

  @SuppressWarnings("ThreadPriorityCheck") // to yield is a part of the work
  private static void holdInTurn(ReentrantLock lock, int count) {
    for (int i = 0; i < count; i++) {
      lock.lock();
      try {
        Thread.yield();
      } finally {
        lock.unlock();
      }
    }
  }

  private static double cancel(int count) throws Exception {
    var threads = new ArrayList<Thread>(count);
    startSleepers(threads, count);
    var watch = new Watch();
    threads.forEach(Thread::interrupt);
    join(threads);
    return watch.seconds();
  }

  private static double memory(int count) throws Exception {
    var threads = new ArrayList<Thread>(count); // which is not theirs
    long before = Works.usedBytes();
    startSleepers(threads, count);
    double bytes = (Works.usedBytes() - before) / (double) count;
    threads.forEach(Thread::interrupt);
    join(threads);
    return bytes;
  }

  /** Starts threads that sleep for long, and waits until all of them are asleep. */
  private static void startSleepers(List<Thread> threads, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              Thread.sleep(Works.LONG);
            } catch (InterruptedException _) {
              // that is how it ends
            }
          }));
    }
    for (var thread : threads) {
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.sleep(1);
      }
    }
  }

  private static int serve(Handler handler) throws IOException {
    var server = Sockets.listen();
    var _ =
        start(() -> {
          while (true) {
            var connection = server.accept();
            var _ =
                start(() -> {
                  handler.serve(connection);
                  return connection;
                });
          }
        });
    return server.getLocalPort();
  }
}
