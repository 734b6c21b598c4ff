package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.SparkExecutor;
import dev.segue.process.faults.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several threads cancel what runs in batches. */
class CancelStormTest extends OnCluster {
  private static final int TASKS = 1000;
  private static final int THREADS = 4;

  CancelStormTest() {
    super(1);
  }

  private List<Future<Integer>> submit(SparkExecutor batches) {
    List<Future<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      int n = i;
      futures.add(endings.watch(batches.submit(() -> Bodies.sleepAndReturn(n, n % 3))));
    }
    return futures;
  }

  private static Thread storm(List<Future<Integer>> futures, int seed) {
    return Thread.ofPlatform()
        .start(() -> {
          var random = new Random(seed);
          for (int i = 0; i < TASKS / 8; i++) {
            futures.get(random.nextInt(TASKS)).cancel(random.nextBoolean());
            Thread.yield();
          }
        });
  }

  private void assertRightOrCancelled(List<Future<Integer>> futures) throws Exception {
    int cancelled = 0;
    for (int i = 0; i < TASKS; i++) {
      var future = futures.get(i);
      if (future.isCancelled()) {
        cancelled++;
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
      } else {
        assertThat(Await.result(future)).isEqualTo(i);
      }
    }
    assertThat(cancelled).isBetween(1, THREADS * TASKS / 8);
    endings.assertOnceEach();
  }

  @Test
  void whatIsNotCancelledHasItsResult() throws Exception {
    try (var batches = another().batch(50, Duration.ofMillis(5)).build()) {
      var futures = submit(batches);
      var storms = new ArrayList<Thread>();
      for (int i = 0; i < THREADS; i++) {
        storms.add(storm(futures, i));
      }
      for (var storm : storms) {
        storm.join();
      }
      assertRightOrCancelled(futures);
      var stats = batches.stats();
      assertThat(stats.succeeded() + stats.cancelled()).isEqualTo(TASKS);
      assertThat(stats.failed()).isZero();
    }
  }

  @Test
  void atShutdownNowEachIsReturnedOrEnds() throws Exception {
    var batches = another().batch(50, Duration.ofMillis(5)).build();
    var futures = submit(batches);
    var storm = storm(futures, 42);
    Await.until("some have ended", () -> batches.stats().succeeded() > 10);

    var returned = batches.shutdownNow();

    storm.join();
    assertThat(batches.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    returned.forEach(Runnable::run);
    for (int i = 0; i < TASKS; i++) {
      switch (futures.get(i).state()) {
        case SUCCESS -> assertThat(futures.get(i).resultNow()).isEqualTo(i);
        case FAILED ->
            assertThat(futures.get(i).exceptionNow()).isInstanceOf(InterruptedException.class);
        case CANCELLED -> {}
        case RUNNING -> throw new AssertionError(futures.get(i) + " was forgotten");
      }
    }
    endings.assertOnceEach();
  }
}
