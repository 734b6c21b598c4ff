package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that is run or closed on a worker of a pool, by tasks that need the pool themselves. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolThreadsTest {
  @Test
  void theBodyOfARunOnAPoolsOnlyThreadMayAwaitThePoolsWork() throws Exception {
    try (var pool = new ForkJoinPool(1)) {
      var run =
          pool.submit(() ->
              Async.run(() -> Async.await(CompletableFuture.supplyAsync(() -> "value", pool))));
      assertThat(run.get()).isEqualTo("value");
    }
  }

  @Test
  void theBodyOfARunOnAPoolsOnlyThreadMayRunWorkInThePool() throws Exception {
    try (var pool = new ForkJoinPool(1)) {
      var run = pool.submit(() -> Async.run(() -> Async.runInExecutor(pool, () -> "value")));
      assertThat(run.get()).isEqualTo("value");
    }
  }

  @Test
  void aLoopCanBeClosedOnThePoolsOnlyThreadThatItsCleanUpNeeds() throws Exception {
    try (var pool = new ForkJoinPool(1)) {
      var loop = EventLoop.builder().start();
      var begun = new CountDownLatch(1);
      var task =
          loop.submit(() -> {
            begun.countDown();
            try {
              Async.sleep(FOREVER);
            } finally {
              Async.shield(() -> Async.await(CompletableFuture.runAsync(() -> {}, pool)));
            }
          });
      begun.await();
      pool.submit(loop::close).get();
      assertThat(task.isCancelled()).isTrue();
    }
  }

  @Test
  void aRunThatGoesOnCanBeClosedOnThePoolsOnlyThreadThatItNeeds() throws Exception {
    try (var pool = new ForkJoinPool(1)) {
      var loop = EventLoop.builder().build();
      var begun = new CountDownLatch(1);
      var runner =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  loop.run(() -> {
                    begun.countDown();
                    try {
                      Async.sleep(FOREVER);
                    } finally {
                      Async.shield(() -> Async.await(CompletableFuture.runAsync(() -> {}, pool)));
                    }
                  });
                } catch (Cancelled _) {
                  // It was closed.
                }
              });
      begun.await();
      pool.submit(loop::close).get();
      runner.join();
    }
  }

  @Test
  void aPoolThatMayNotGrowRunsALoopAllTheSame() throws Exception {
    try (var pool =
        new ForkJoinPool(
            1,
            ForkJoinPool.defaultForkJoinWorkerThreadFactory,
            null,
            false,
            1,
            1,
            1,
            null,
            1,
            TimeUnit.MINUTES)) {
      assertThat(pool.submit(() -> Async.run(() -> "value")).get()).isEqualTo("value");
    }
  }
}
