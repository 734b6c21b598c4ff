package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several loops in one JVM, and several runs of one loop. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyLoopsTest {
  // --- several at once

  @Test
  void loopsRunAtTheSameTime() {
    int count = 4;
    var together = new CyclicBarrier(count);
    var loops = IntStream.range(0, count).mapToObj(_ -> EventLoop.builder().start()).toList();
    var meetings =
        loops.stream()
            // A task that waits at the barrier gives back its own loop's thread only.
            .map(loop -> loop.submit(() -> together.await(60, TimeUnit.SECONDS)))
            .toList();
    assertThat(meetings).allSatisfy(task -> assertThat(task.get()).isBetween(0, count - 1));
    loops.forEach(EventLoop::close);
  }

  @Test
  void eachLoopHasItsThreadItsTasksAndItsNumbers() {
    try (var first = EventLoop.builder().name("first").start();
        var second = EventLoop.builder().name("second").start()) {
      for (var loop : List.of(first, second)) {
        var task = loop.submit(() -> List.of(Async.currentLoop(), Async.allTasks()));
        assertThat(task.toCompletableFuture().join()).contains(loop);
        assertThat(task.loop()).isSameAs(loop);
        assertThat(task.id()).isEqualTo(1);
      }
      assertThat(first.thread()).isNotSameAs(second.thread());
    }
  }

  @Test
  void loopsWithoutANameGetDifferentOnes() {
    var names = new HashSet<String>();
    for (int i = 0; i < 10; i++) {
      try (var loop = EventLoop.builder().build()) {
        names.add(loop.name());
      }
    }
    assertThat(names).hasSize(10).allMatch(name -> name.matches("loop-\\d+"));
  }

  @Test
  void oneBuilderMakesSeveralLoops() {
    var builder = EventLoop.builder().name("same");
    try (var first = builder.start();
        var second = builder.start()) {
      assertThat(first).isNotSameAs(second);
      assertThat(first.submit(() -> 1).toCompletableFuture().join()).isEqualTo(1);
      assertThat(second.submit(() -> 2).toCompletableFuture().join()).isEqualTo(2);
    }
  }

  @Test
  void aValuePassesThroughARingOfLoops() {
    int count = 5;
    var loops = IntStream.range(0, count).mapToObj(_ -> EventLoop.builder().start()).toList();
    var gate = new CompletableFuture<Integer>();
    Task<Integer> last = loops.getFirst().submit(() -> Async.await(gate));
    for (int lap = 0; lap < 20; lap++) {
      for (var loop : loops) {
        var before = last;
        last = loop.submit(() -> before.await() + 1);
      }
    }
    gate.complete(0);
    assertThat(last.toCompletableFuture().join()).isEqualTo(20 * count);
    loops.forEach(EventLoop::close);
  }

  @Test
  void aTaskMayStartUseAndCloseALoop() {
    Async.run(() -> {
      var ticks = new ArrayList<String>();
      var ticker =
          Async.createTask(() -> {
            while (true) {
              Async.sleep(Duration.ofNanos(1));
              ticks.add("tick");
            }
          });
      try (var inner = EventLoop.builder().name("inner").start()) {
        var task =
            inner.submit(() -> {
              Async.sleep(Duration.ofMillis(20));
              return Async.currentLoop().name();
            });
        assertThat(task.await()).isEqualTo("inner");
      }
      assertThat(ticks).as("the outer loop went on").isNotEmpty();
      assertThat(ticker.isDone()).isFalse();
    });
  }

  @Test
  void aLoopThatEndsLeavesTheOthersAsTheyAre() {
    try (var stays = EventLoop.builder().start()) {
      var gate = new CompletableFuture<String>();
      var task = stays.submit(() -> Async.await(gate));
      try (var goes = EventLoop.builder().exceptionHandler((_, _) -> {}).start()) {
        goes.submit(() -> task.await());
      }
      assertThat(task.isCancelRequested()).isFalse();
      gate.complete("value");
      assertThat(task.toCompletableFuture().join()).isEqualTo("value");
    }
  }

  // --- one loop, several runs

  @Test
  void aLoopRunsAgainAndAgain() {
    try (var loop = EventLoop.builder().build()) {
      for (int i = 0; i < 100; i++) {
        int number = i;
        int value =
            loop.run(() -> {
              Async.checkpoint();
              return number;
            });
        assertThat(value).isEqualTo(number);
      }
    }
  }

  @Test
  void aRunEndsTheTasksOfItsOwn() {
    var left = new ArrayList<Task<?>>();
    try (var loop = EventLoop.builder().build()) {
      loop.run(() -> left.add(Async.createTask(() -> Async.sleep(FOREVER))));
      assertThat(left.getFirst().isCancelled()).isTrue();
      loop.run(() -> assertThat(Async.allTasks()).containsExactly(Async.currentTask()));
    }
  }

  @Test
  void aRunThatFailedOrWasCancelledIsFollowedByOneThatIsNot() {
    try (var loop = EventLoop.builder().build()) {
      assertThatThrownBy(() ->
              loop.run(() -> {
                throw new IOException("first run");
              }))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() ->
              loop.run(() -> {
                Async.currentTask().cancel("second run");
                Async.checkpoint();
              }))
          .isInstanceOf(Cancelled.class)
          .hasMessage("second run");
      assertThat(
              loop.<String, RuntimeException>run(() -> {
                Async.checkpoint();
                return "third run";
              }))
          .isEqualTo("third run");
    }
  }

  @Test
  void whatIsSubmittedBetweenRunsWaitsForTheNext() throws Exception {
    try (var loop = EventLoop.builder().build()) {
      loop.run(() -> {});
      var task = loop.submit(() -> "value");
      var ran = new ArrayList<String>();
      loop.execute(() -> ran.add("callback"));
      assertThat(task.isDone()).isFalse();
      loop.run(Async::checkpoint);
      assertThat(task.get()).isEqualTo("value");
      assertThat(ran).containsExactly("callback");
    }
  }

  @Test
  void tasksOfSeveralRunsHaveDifferentNumbers() {
    var ids = new ArrayList<Long>();
    try (var loop = EventLoop.builder().build()) {
      for (int i = 0; i < 3; i++) {
        loop.run(() -> {
          ids.add(Async.currentTask().id());
          ids.add(Async.createTask(() -> Async.currentTask().id()).await());
        });
      }
    }
    assertThat(ids).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aTaskOfAnEarlierRunMayBeAwaitedInALaterOne() {
    try (var loop = EventLoop.builder().build()) {
      var earlier =
          loop.run(() -> {
            Task<String> task = Async.createTask(() -> "value");
            task.await();
            return task;
          });
      assertThat(loop.<String, RuntimeException>run(() -> earlier.await())).isEqualTo("value");
    }
  }

  @Test
  void aLoopRunsFromDifferentThreadsInTurn() throws Exception {
    try (var loop = EventLoop.builder().build()) {
      var values = new ArrayList<Integer>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        var runner = Thread.ofPlatform().start(() -> values.add(loop.run(() -> number)));
        runner.join();
      }
      assertThat(values).containsExactly(0, 1, 2, 3, 4);
    }
  }

  @Test
  void aRunMayBeCalledOnAVirtualThread() throws Exception {
    var value = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(() ->
            value.complete(
                Async.run(() -> {
                  Async.checkpoint();
                  return "value";
                })));
    assertThat(value.get()).isEqualTo("value");
  }
}
