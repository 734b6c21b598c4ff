package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors, completable futures and parallel streams that a task starts and waits for. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExecutorsTest {
  private final CountDownLatch release = new CountDownLatch(1);

  private String released() {
    try {
      release.await();
      return "done";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aThreadPoolsFuture() throws Exception {
    Async.run(() -> {
      try (var pool = Executors.newFixedThreadPool(2)) {
        var value = Ticking.until(release::countDown, () -> pool.submit(this::released).get());
        assertThat(value).isEqualTo("done");
      }
    });
  }

  @Test
  void invokeAll() throws Exception {
    Async.run(() -> {
      try (var pool = Executors.newFixedThreadPool(2)) {
        var futures =
            Ticking.until(
                release::countDown,
                () -> pool.invokeAll(List.<Callable<String>>of(this::released, this::released)));
        assertThat(futures).extracting(f -> f.resultNow()).containsExactly("done", "done");
      }
    });
  }

  @Test
  void invokeAny() throws Exception {
    Async.run(() -> {
      try (var pool = Executors.newFixedThreadPool(2)) {
        assertThat(
                Ticking.until(
                    release::countDown,
                    () -> pool.invokeAny(List.<Callable<String>>of(this::released))))
            .isEqualTo("done");
      }
    });
  }

  @Test
  void closingAnExecutorWaitsForItsWork() throws Exception {
    Async.run(() -> {
      var pool = Executors.newSingleThreadExecutor();
      var work = pool.submit(this::released);
      Ticking.until(release::countDown, pool::close);
      assertThat(work.resultNow()).isEqualTo("done");
    });
  }

  @Test
  void aScheduledExecutorsFuture() throws Exception {
    Async.run(() -> {
      try (var scheduler = Executors.newSingleThreadScheduledExecutor()) {
        Ticking.until(
            release::countDown,
            () -> scheduler.schedule(this::released, 1, TimeUnit.MILLISECONDS).get());
      }
    });
  }

  @Test
  void completableFutureChainsOfTheCommonPool() throws Exception {
    Async.run(() -> {
      var value =
          Ticking.until(
              release::countDown,
              () ->
                  CompletableFuture.supplyAsync(this::released)
                      .thenApplyAsync(String::length)
                      .get());
      assertThat(value).isEqualTo(4);
    });
  }

  @Test
  void aForkJoinTasksJoin() throws Exception {
    Async.run(() ->
        Ticking.until(
            release::countDown, () -> ForkJoinPool.commonPool().submit(this::released).join()));
  }

  @Test
  void anInvokeThatForks() {
    Async.run(
        () -> assertThat(ForkJoinPool.commonPool().invoke(new Sum(0, 1000))).isEqualTo(499_500));
  }

  private static final class Sum extends RecursiveTask<Integer> {
    private final int from;
    private final int to;

    Sum(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    protected Integer compute() {
      if (to - from < 10) {
        return IntStream.range(from, to).sum();
      }
      var low = new Sum(from, (from + to) / 2);
      var high = new Sum((from + to) / 2, to);
      low.fork();
      return high.compute() + low.join();
    }
  }

  @Test
  void aParallelStreamWhoseLeavesWait() throws Exception {
    Async.run(() -> {
      var values =
          Ticking.until(
              release::countDown,
              () -> IntStream.range(0, 8).parallel().mapToObj(_ -> released()).toList());
      assertThat(values).hasSize(8).containsOnly("done");
    });
  }

  @Test
  void parallelStreamsOfSeveralTasksAtTheSameTime() {
    Async.run(() ->
        assertThat(
                Async.map(
                    List.of(10, 1000, 100_000),
                    3,
                    n -> IntStream.range(0, n).parallel().mapToLong(i -> i).sum()))
            .containsExactly(45L, 499_500L, 4_999_950_000L));
  }

  /** The pool's threads are not the loop's: work there cannot call what only a task may. */
  @Test
  void workOfAnExecutorIsInNoTask() throws Exception {
    Async.run(() -> {
      try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
        var thread = pool.submit(Thread::currentThread).get();
        assertThat(thread).isNotSameAs(Async.currentLoop().thread());
        assertThat(pool.submit(Async::currentTask))
            .failsWithin(Duration.ofSeconds(10))
            .withThrowableThat()
            .withCauseInstanceOf(IllegalStateException.class);
      }
    });
  }
}
