package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.WorkFuture;
import dev.segue.process.ProcessPoolExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks that block: they hold up nothing but what depends on them. */
@Timeout(180)
class BlockingCallbackTest extends WithPools {
  @TempDir Path folder;

  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void release() {
    release.countDown();
  }

  /** Ends the wait only when the test does. */
  private void block() {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static WorkFuture<?> work(Future<?> future) {
    return (WorkFuture<?>) future;
  }

  /** Keeps a worker busy until the gate is opened. */
  private void closeGate(ProcessPoolExecutor pool) {
    var gate = folder.resolve("gate").toString();
    pool.submit(() -> awaitFile(gate));
  }

  private static int awaitFile(String file) throws InterruptedException {
    while (!Files.exists(Path.of(file))) {
      Thread.sleep(1);
    }
    return 0;
  }

  private void openGate() throws IOException {
    Files.createFile(folder.resolve("gate"));
  }

  private static void withCallback(ProcessPoolExecutor pool, Runnable callback) {
    work(pool.submit(() -> 5)).whenDone(callback);
  }

  @Test
  void theCallbackOfAnEndDoesNotHoldUpOtherTasks() throws Exception {
    var pool = pool(1);
    closeGate(pool);
    var blocked = new CountDownLatch(1);
    var _ =
        work(pool.submit(() -> 5))
            .ended()
            .thenRun(() -> {
              blocked.countDown();
              block();
            });
    openGate();
    blocked.await();

    assertThat(Await.result(pool.submit(() -> 6))).isEqualTo(6);
  }

  @Test
  void manyCallbacksThatBlockHoldUpNeitherTasksNorOtherCallbacks() throws Exception {
    var pool = pool(1);
    closeGate(pool);
    var blocked = new CountDownLatch(10);
    for (int i = 0; i < 10; i++) {
      withCallback(
          pool,
          () -> {
            blocked.countDown();
            block();
          });
    }
    var called = new CompletableFuture<String>();
    withCallback(pool, () -> called.complete("called"));
    openGate();

    assertThat(Await.result(called)).isEqualTo("called");
    blocked.await();
    assertThat(Await.result(pool.submit(() -> 6))).isEqualTo(6);
  }

  @Test
  void aCallbackMaySubmitToAFullQueue() throws Exception {
    var pool = pool(quiet(1).queueCapacity(1, 1_000));
    closeGate(pool);
    var ended = new CompletableFuture<List<Future<Integer>>>();
    withCallback(
        pool,
        () -> {
          var futures = new ArrayList<Future<Integer>>();
          for (int i = 0; i < 1_000; i++) {
            int n = i;
            futures.add(pool.submit(() -> n));
          }
          ended.complete(futures);
        });
    openGate();

    assertThat(Await.result(Await.result(ended).getLast())).isEqualTo(999);
  }

  @Test
  void callbacksThatEndSoonShareFewThreads() throws Exception {
    var pool = pool(2);
    var threads = ConcurrentHashMap.<Thread>newKeySet();
    var called = new CountDownLatch(20_000);
    for (int i = 0; i < 20_000; i++) {
      withCallback(
          pool,
          () -> {
            threads.add(Thread.currentThread());
            called.countDown();
          });
    }

    called.await();

    assertThat(ofPool(threads)).hasSizeBetween(1, 10); // a busy machine may hold up some
  }

  private static List<String> ofPool(Set<Thread> threads) {
    return threads.stream()
        .map(Thread::getName)
        .filter(name -> name.contains("callbacks"))
        .toList();
  }

  @Test
  void theCallbacksOfATaskAreCalledInTheirOrderAndBeforeTheEndOfItsWork() throws Exception {
    var pool = pool(1);
    var order = new CopyOnWriteArrayList<String>();
    var future = pool.submit(named("held"), TaskBodies::sleepForEver);
    for (int i = 0; i < 5; i++) {
      var name = "callback " + i;
      work(future).whenDone(() -> order.add(name));
    }
    var ended = work(future).ended().thenRun(() -> order.add("ended")).toCompletableFuture();

    Processes.kill(awaitRunning(pool, "held").pid());
    Await.result(ended);

    assertThat(order)
        .containsExactly(
            "callback 0", "callback 1", "callback 2", "callback 3", "callback 4", "ended");
  }

  @Test
  void aPoolWaitsForItsCallbacksWhenItIsClosed() throws Exception {
    var order = new CopyOnWriteArrayList<String>();
    try (var pool = quiet(1).build()) {
      closeGate(pool);
      withCallback(
          pool,
          () -> {
            while (!pool.isShutdown()) {
              Thread.onSpinWait();
            }
            order.add("callback");
          });
      openGate();
    }
    order.add("closed");

    assertThat(order).containsExactly("callback", "closed");
  }

  @Test
  void anUncaughtExceptionHandlerThatBlocksHoldsUpNoTask() throws Exception {
    var pool = pool(1);
    var blocked = new CountDownLatch(1);
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, _) -> {
      blocked.countDown();
      block();
    });
    try {
      pool.execute(() -> Integer.parseInt("x"));
      blocked.await();

      assertThat(Await.result(pool.submit(() -> 6))).isEqualTo(6);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
