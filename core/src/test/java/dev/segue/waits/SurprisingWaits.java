package dev.segue.waits;

import static dev.segue.waits.WhatWaits.Row.goesOn;
import static dev.segue.waits.WhatWaits.Row.holds;

import dev.segue.waits.WhatWaits.Row;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** Calls that wait, or end, otherwise than one would think. */
final class SurprisingWaits {
  static final List<Row> ROWS =
      List.of(
          // waits that one does not see
          goesOn("`println`, another thread is printing", SurprisingWaits::println)
              .because("a `PrintStream` is locked while it prints: a `println` may switch tasks"),
          goesOn("`ConcurrentHashMap.computeIfAbsent`, another computes", SurprisingWaits::map)
              .because("that part of the map is locked: this may switch tasks, too"),
          // waits that a cancel does not end
          goesOn("entering `synchronized`", SurprisingWaits::monitor)
              .because("nothing interrupts that"),
          goesOn("`ReentrantLock.lock`", SurprisingWaits::lock)
              .because("`lockInterruptibly` is the one that a cancel ends"),
          goesOn("`CompletableFuture.join`", SurprisingWaits::join)
              .because("a cancel ends `get`, and `Async.await`"),
          goesOn("`ForkJoinTask.join`", SurprisingWaits::forkJoinTask)
              .because("a cancel ends `get`, and `Async.await`"),
          // waits that a cancel ends otherwise
          goesOn("a parallel stream whose leaves sleep", SurprisingWaits::waitingStream)
              .because("the task runs leaves itself; the interrupt is for that one"),
          goesOn("JDBC (H2), a row that is locked", SurprisingWaits::lockedRow)
              .because(
                  "the driver clears the interrupt and throws a failure of its own without a cause, so"
                      + " the task *fails*"),
          goesOn("`LockSupport.park`", SurprisingWaits::park)
              .because("who parks has to look at the flag"),
          goesOn("`Selector.select`", SurprisingWaits::select)
              .because("who selects has to look at the flag"),
          goesOn("`ExecutorService.close`", SurprisingWaits::close)
              .because("it interrupts the executor's work, and waits until that has ended"),
          // waits that hold the loop where others of their kind do not
          holds("`Thread.sleep` in a class initializer", SurprisingWaits::initializer)
              .because(
                  "the JVM is on the stack; Segue's own waits refuse to wait there. The class is"
                      + " unusable now, so this stays an error"),
          holds("`Thread.sleep` in a callback from native code", SurprisingWaits::upcall)
              .because(
                  "native code is on the stack, and no exception gets past it: the callback caught it"),
          holds("using a class that another thread initializes", SurprisingWaits::otherInitializer)
              .because("the JVM waits, below Java; use the class before the loop starts"),
          holds("a parallel stream whose leaves compute", SurprisingWaits::computingStream)
              .because("the task computes leaves itself; `toThread` the stream"));

  private SurprisingWaits() {}

  /** Has a thread of its own do something that ends at the trial's end. */
  private static void elsewhere(Trial trial, Blocker blocker) throws InterruptedException {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    trial.release(release::countDown);
    Thread.ofPlatform()
        .daemon()
        .start(() ->
            blocker.block(() -> {
              begun.countDown();
              awaitQuietly(release);
            }));
    begun.await();
  }

  /** Does something, and within it what it is given. */
  @FunctionalInterface
  private interface Blocker {
    void block(Runnable within);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleepQuietly(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // --- waits that one does not see

  private static Callable<?> println(Trial trial) throws InterruptedException {
    var within = new Runnable[1];
    var out =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) {
                var block = within[0];
                within[0] = null;
                if (block != null) {
                  block.run();
                }
              }
            });
    elsewhere(
        trial,
        block -> {
          within[0] = block;
          out.println("first");
        });
    return () -> {
      out.println("second");
      return null;
    };
  }

  private static Callable<?> map(Trial trial) throws InterruptedException {
    var map = new ConcurrentHashMap<String, Integer>();
    elsewhere(
        trial,
        block ->
            map.computeIfAbsent(
                "key",
                _ -> {
                  block.run();
                  return 1;
                }));
    return () -> map.computeIfAbsent("key", _ -> 2);
  }

  // --- waits that a cancel does not end

  private static Callable<?> monitor(Trial trial) throws InterruptedException {
    var monitor = new Object();
    elsewhere(
        trial,
        block -> {
          synchronized (monitor) {
            block.run();
          }
        });
    return () -> {
      synchronized (monitor) {
        return null;
      }
    };
  }

  private static Callable<?> lock(Trial trial) throws InterruptedException {
    var lock = new ReentrantLock();
    elsewhere(
        trial,
        block -> {
          lock.lock();
          block.run();
          lock.unlock();
        });
    return () -> {
      lock.lock();
      lock.unlock();
      return null;
    };
  }

  private static Callable<?> join(Trial trial) {
    var future = new CompletableFuture<Integer>();
    trial.release(() -> future.complete(1));
    return future::join;
  }

  private static Callable<?> forkJoinTask(Trial trial) {
    var latch = new CountDownLatch(1);
    trial.release(latch::countDown);
    return () -> ForkJoinPool.commonPool().submit(() -> awaitQuietly(latch)).join();
  }

  private static Callable<?> waitingStream(Trial trial) {
    return () ->
        IntStream.range(0, 2 * ForkJoinPool.getCommonPoolParallelism() + 2)
            .parallel()
            .mapToObj(i -> {
              sleepQuietly(trial.millis() / 2);
              return i;
            })
            .toList();
  }

  // --- waits that a cancel ends otherwise

  private static Callable<?> lockedRow(Trial trial) throws SQLException {
    var url = "jdbc:h2:mem:what-waits;LOCK_TIMEOUT=10000";
    var first = trial.open(DriverManager.getConnection(url));
    var second = trial.open(DriverManager.getConnection(url));
    first.createStatement().execute("CREATE TABLE t(a INT) AS VALUES (1)");
    first.setAutoCommit(false);
    first.createStatement().execute("UPDATE t SET a = 2");
    trial.release(first::commit);
    return () -> second.createStatement().executeUpdate("UPDATE t SET a = 3");
  }

  private static Callable<?> park(Trial trial) {
    return () -> {
      LockSupport.parkNanos(trial.millis() * 1_000_000);
      return null;
    };
  }

  private static Callable<?> select(Trial trial) throws Exception {
    var selector = trial.open(Selector.open());
    var pipe = Pipe.open();
    trial.open(pipe.sink());
    trial.open(pipe.source()).configureBlocking(false).register(selector, SelectionKey.OP_READ);
    trial.state(() -> selector.isOpen() ? "open" : "closed");
    trial.release(() -> pipe.sink().write(ByteBuffer.allocate(1)));
    return selector::select;
  }

  private static Callable<?> close(Trial trial) {
    var executor = Executors.newSingleThreadExecutor();
    var work = executor.submit(() -> sleepQuietly(trial.millis()));
    trial.state(() -> "the work has " + (work.isDone() ? "ended" : "not ended"));
    return () -> {
      executor.close();
      return null;
    };
  }

  // --- waits that hold the loop where others of their kind do not

  static Runnable initialization = () -> {};

  /** A class whose initializer does what it is told. */
  static final class Initialized {
    static {
      initialization.run();
    }
  }

  /** The same class once more, not yet initialized. */
  private static Class<?> notInitialized() throws Exception {
    try (var in = Initialized.class.getResourceAsStream("SurprisingWaits$Initialized.class")) {
      return MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), false).lookupClass();
    }
  }

  private static Object initialize(Class<?> type) throws IllegalAccessException {
    return MethodHandles.lookup().ensureInitialized(type);
  }

  private static Callable<?> initializer(Trial trial) throws Exception {
    var type = notInitialized();
    initialization = () -> sleepQuietly(trial.millis());
    return () -> initialize(type);
  }

  private static Callable<?> otherInitializer(Trial trial) throws Exception {
    var type = notInitialized();
    elsewhere(
        trial,
        block -> {
          initialization = block;
          try {
            initialize(type);
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        });
    return () -> initialize(type);
  }

  @SuppressWarnings("restricted") // it is native code that this is about
  private static Callable<?> upcall(Trial trial) throws Exception {
    var linker = Linker.nativeLinker();
    var number = ValueLayout.JAVA_INT;
    var pointer = ValueLayout.ADDRESS.withTargetLayout(number);
    var qsort =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("qsort"),
            FunctionDescriptor.ofVoid(
                pointer, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
    var compare =
        MethodHandles.lookup()
            .bind(
                new Comparison(trial.millis()),
                "compare",
                MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
    var arena = Arena.ofAuto();
    var callback =
        linker.upcallStub(compare, FunctionDescriptor.of(number, pointer, pointer), arena);
    var two = arena.allocateFrom(number, 2, 1);
    return () -> {
      try {
        qsort.invokeExact(two, 2L, number.byteSize(), callback);
        return null;
      } catch (Throwable t) {
        throw new IllegalStateException(t);
      }
    };
  }

  /** How qsort is told to compare two numbers: slowly. An exception here would end the JVM. */
  private record Comparison(long millis) {
    int compare(MemorySegment a, MemorySegment b) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException _) {
        // then it is done
      }
      return Integer.compare(a.get(ValueLayout.JAVA_INT, 0), b.get(ValueLayout.JAVA_INT, 0));
    }
  }

  private static Callable<?> computingStream(Trial trial) {
    return () ->
        IntStream.range(0, 2 * ForkJoinPool.getCommonPoolParallelism() + 2)
            .parallel()
            .mapToObj(i -> {
              long end = System.nanoTime() + trial.millis() * 500_000;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              return i;
            })
            .toList();
  }
}
