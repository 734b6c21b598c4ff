package dev.segue.process.contract;

import static dev.segue.Async.createTask;
import static dev.segue.Async.gather;
import static dev.segue.Async.run;
import static dev.segue.Async.runInExecutor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.futures.Futures;
import dev.segue.process.ProcessPoolExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process pool as the executor of an event loop's tasks. */
@Tag("contract")
@Timeout(180)
class OnTheLoopTest {
  private static ProcessPoolExecutor pool;

  @BeforeAll
  static void open() {
    pool = ProcessPoolExecutor.builder().maxWorkers(2).cancelGrace(Duration.ZERO).build();
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  @Test
  void twoTasksForEachWorkerKeepItBusyAsFarAsTheyMayWait() {
    assertThat(pool.tasksToKeepBusy()).isEqualTo(4);
    try (var small =
        ProcessPoolExecutor.builder().maxWorkers(100).queueCapacity(30, 1 << 20).build()) {
      assertThat(small.tasksToKeepBusy()).isEqualTo(30);
    }
  }

  @Test
  void workOfATaskRunsInAWorker() throws Exception {
    long here = ProcessHandle.current().pid();

    List<Long> pids =
        run(() ->
            gather(
                () -> runInExecutor(pool, () -> ProcessHandle.current().pid()),
                () -> runInExecutor(pool, () -> ProcessHandle.current().pid())));

    assertThat(pids).hasSize(2).doesNotContain(here);
  }

  @Test
  void aFailureOfTheWorkIsTheTasks() {
    assertThatThrownBy(() -> run(() -> runInExecutor(pool, () -> Integer.parseInt("x"))))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(NumberFormatException.class);
  }

  @Test
  void cancellingTheTaskKillsWorkThatDoesNotListen() throws Exception {
    long pid = pool.submit(() -> ProcessHandle.current().pid()).get();

    run(() -> {
      var first = createTask(() -> runInExecutor(pool, () -> spin()));
      var second = createTask(() -> runInExecutor(pool, () -> spin()));
      while (pool.workers().stream().filter(w -> !w.currentTask().isEmpty()).count() < 2) {
        Async.sleep(Duration.ofMillis(5));
      }
      first.cancel(true);
      second.cancel(true);
      Futures.waitFor(
          List.of(first, second),
          dev.segue.futures.ReturnWhen.ALL_COMPLETED,
          Duration.ofSeconds(30));
      assertThat(first.isCancelled()).isTrue();
      assertThat(second.isCancelled()).isTrue();
    });

    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive))
        .isNotEqualTo(java.util.Optional.of(true));
  }

  @Test
  void aTimeOutOnTheLoopStopsTheWork() {
    assertThatThrownBy(() ->
            run(() ->
                Async.timeout(Duration.ofMillis(200), () -> runInExecutor(pool, () -> spin()))))
        .isInstanceOf(TimeoutException.class);
    assertThat(pool.workers()).noneMatch(worker -> worker.state().equals("busy"));
  }

  @Test
  void workThatCannotTravelIsRefused() {
    var thread = new Thread();
    assertThatThrownBy(() -> run(() -> runInExecutor(pool, () -> thread.getName())))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("Thread");
  }

  @Test
  void mapKeepsTheOrderAndTravelsInChunks() {
    var options = new Futures.MapOptions(100, 0, null);
    try (var squares =
        Futures.map(pool, x -> x * x, IntStream.range(0, 1000).boxed().toList(), options)) {
      assertThat(squares.toList())
          .isEqualTo(IntStream.range(0, 1000).map(x -> x * x).boxed().toList());
    }
  }

  private static int spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }
}
