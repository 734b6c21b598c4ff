package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.futures.PoolInstrument;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolRecorderTest {
  private final Recorder recorder = new Recorder();

  private PoolRecording recording() {
    return recorder.recording().pools().getFirst();
  }

  @Test
  void eachTaskHasItsSubmitterItsTimesAndItsThread() throws Exception {
    try (var pool =
        recorder.recorded(
            "threads",
            Executors.newFixedThreadPool(1, Thread.ofPlatform().name("worker").factory()))) {
      pool.submit(() -> "").get();
      pool.submit(() -> {}).get();
      assertThatThrownBy(
              pool.submit(() -> {
                throw new IllegalStateException();
              })
                  ::get)
          .hasRootCauseInstanceOf(IllegalStateException.class);
      Async.run(() -> {
        Async.createTask("caller", () -> Async.runInExecutor(pool, () -> "")).await();
      });
    }
    var recording = recording();
    assertThat(recording.name()).isEqualTo("threads");
    assertThat(recording.tasks())
        .extracting(PoolTaskRecord::worker, PoolTaskRecord::ending)
        .containsExactly(
            tuple("worker", Ending.SUCCESS),
            tuple("worker", Ending.SUCCESS),
            tuple("worker", Ending.FAILURE),
            tuple("worker", Ending.SUCCESS));
    assertThat(recording.tasks().getFirst().submitter())
        .isEqualTo(Thread.currentThread().getName());
    assertThat(recording.tasks().getLast().submitter()).startsWith("caller of loop ");
    for (var task : recording.tasks()) {
      assertThat(task.submitted()).isLessThanOrEqualTo(task.began());
      assertThat(task.began()).isLessThanOrEqualTo(task.ended());
    }
    assertThat(recording.workers()).extracting(WorkerRecord::name).containsExactly("worker");
  }

  @Test
  void whatHasNotEndedIsThereToo() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var pool = recorder.recorded("one", Executors.newSingleThreadExecutor())) {
      pool.execute(() -> {
        begun.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      var waits = pool.submit(() -> "");
      var cancelled = pool.submit(() -> "");
      begun.await();
      cancelled.cancel(false);
      var recording = recording();
      release.countDown();
      waits.get();
      assertThat(recording.tasks())
          .extracting(task -> task.began() >= 0, PoolTaskRecord::ended, PoolTaskRecord::ending)
          .startsWith(tuple(true, -1L, Ending.NONE), tuple(false, -1L, Ending.NONE));
      assertThat(recording.tasks().getLast().ending()).isEqualTo(Ending.CANCELLATION);
    }
  }

  @Test
  void whatIsRefusedLeavesNothing() {
    var pool = recorder.recorded("shut down", Executors.newSingleThreadExecutor());
    pool.close();
    assertThatThrownBy(() -> pool.submit(() -> "")).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    assertThat(recording().tasks()).isEmpty();
    assertThat(pool.isShutdown()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void manyAtOnceAreRecordedAsOne() throws Exception {
    try (var pool = recorder.recorded("many", Executors.newVirtualThreadPerTaskExecutor())) {
      var tasks = List.<Callable<Integer>>of(() -> 1, () -> 2);
      assertThat(pool.invokeAll(tasks)).extracting(Future::get).containsExactly(1, 2);
      assertThat(pool.invokeAll(tasks, 1, TimeUnit.MINUTES)).hasSize(2);
      assertThat(pool.invokeAny(tasks)).isIn(1, 2);
      assertThat(pool.invokeAny(tasks, 1, TimeUnit.MINUTES)).isIn(1, 2);
      assertThat(pool.submit(() -> {}, 3).get()).isEqualTo(3);
    }
    assertThat(recording().tasks()).hasSize(9);
  }

  @Test
  void aProcessPoolsTasksBeginWhenThoseBeforeHaveEnded() {
    PoolInstrument pool = recorder.forNewPool("processes");
    pool.workerStarted("worker-1");
    pool.submitted(1, "first", 10);
    pool.submitted(2, "second", 10);
    pool.given(1, "worker-1", 4711);
    pool.given(2, "worker-1", 4711);
    pool.ended(1, Future.State.SUCCESS);
    pool.ended(2, Future.State.FAILED);
    pool.workerEnded("worker-1");
    var tasks = recording().tasks();
    assertThat(tasks).extracting(PoolTaskRecord::name).containsExactly("first", "second");
    assertThat(tasks.getLast().began()).isEqualTo(tasks.getFirst().ended());
    assertThat(recording().workers())
        .singleElement()
        .satisfies(worker -> assertThat(worker.to()).isGreaterThanOrEqualTo(worker.from()));
  }

  @Test
  void eightLoopsAndFourPoolsLoseNothingThatIsNotCounted() throws Exception {
    int each = 2_000;
    var small = new Recorder(1 << 10);
    var loops = new ArrayList<EventLoop>();
    var ends = new ArrayList<Future<?>>();
    var pools =
        List.of(
            small.recorded("p0", Executors.newFixedThreadPool(2)),
            small.recorded("p1", Executors.newCachedThreadPool()),
            small.recorded("p2", Executors.newVirtualThreadPerTaskExecutor()),
            small.recorded("p3", Executors.newWorkStealingPool(2)));
    for (int i = 0; i < 8; i++) {
      var pool = pools.get(i % 4);
      var loop = EventLoop.builder().name("loop-" + i).instrument(small.forNewLoop()).start();
      loops.add(loop);
      ends.add(
          loop.submit(() -> {
            for (int n = 0; n < each; n++) {
              Async.createTask("child", Async::checkpoint).await();
              Async.runInExecutor(pool, () -> "");
            }
          }));
    }
    while (!ends.stream().allMatch(Future::isDone)) {
      var _ = small.recording(); // also while it is looked at
    }
    for (var end : ends) {
      end.get();
    }
    loops.forEach(EventLoop::close);
    pools.forEach(pool -> pool.close());
    var recording = small.recording();
    assertThat(recording.loops())
        .hasSize(8)
        .allSatisfy(loop -> {
          assertThat(loop.tasks().size() + loop.lostTasks()).isEqualTo(each + 1);
          var main = loop.tasks().getFirst();
          assertThat(main.ending()).isEqualTo(Ending.SUCCESS);
          // Its start, its waits for a child and for the pool, and none of them missing.
          assertThat(main.steps()).isBetween(1L + each, 1L + 3 * each);
          assertThat(loop.lostEvents()).isPositive();
        });
    assertThat(recording.pools())
        .allSatisfy(pool -> {
          assertThat(pool.tasks().size() + pool.lostTasks()).isEqualTo(2 * each);
          assertThat(pool.tasks())
              .allSatisfy(task -> assertThat(task.ending()).isEqualTo(Ending.SUCCESS));
        });
  }
}
