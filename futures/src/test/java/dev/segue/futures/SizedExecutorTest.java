package dev.segue.futures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.HandDrivenExecutor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many tasks {@code Futures.map} has under way, where the executor says what keeps it busy. */
class SizedExecutorTest {
  /** Runs each task where it is given. */
  private static final class Growing extends HandDrivenExecutor implements SizedExecutor {
    private int size;

    Growing(int size) {
      this.size = size;
      onTask = () -> tasks.getLast().run();
    }

    @Override
    public int tasksToKeepBusy() {
      return size;
    }
  }

  @Test
  void moreThanTheDefaultAreUnderWayIfTheExecutorTakesMore() {
    var executor = new Growing(1_000);
    Iterable<Integer> ones = Stream.generate(() -> 1)::iterator;
    try (var results = Futures.map(executor, i -> i, ones)) {
      var each = results.iterator();
      each.next();
      assertThat(executor.tasks).hasSize(1_000);
      executor.size = 3_000; // it has got more machines
      each.next();
      assertThat(executor.tasks).hasSize(3_001);
      executor.size = 0;
      each.next();
      assertThat(executor.tasks).hasSize(3_001);
    }
  }

  @Test
  void whatTheCallerSaysCounts() {
    var executor = new Growing(1_000);
    Iterable<Integer> ones = Stream.generate(() -> 1)::iterator;
    try (var results = Futures.map(executor, i -> i, ones, new Futures.MapOptions(1, 7, null))) {
      assertThat(results.findFirst()).contains(1);
    }
    assertThat(executor.tasks).hasSize(7);
  }

  @Test
  void thePoolsOfTheJdkAreKnown() {
    try (var threads = Executors.newFixedThreadPool(100);
        var forkJoin = new ForkJoinPool(70);
        var cached = Executors.newCachedThreadPool();
        var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(SizedExecutor.tasksToKeepBusy(threads)).isEqualTo(100);
      assertThat(SizedExecutor.tasksToKeepBusy(forkJoin)).isEqualTo(70);
      assertThat(SizedExecutor.tasksToKeepBusy(cached)).isZero();
      assertThat(SizedExecutor.tasksToKeepBusy(virtual)).isZero();
      assertThat(SizedExecutor.tasksToKeepBusy(new HandDrivenExecutor())).isZero();
    }
  }
}
