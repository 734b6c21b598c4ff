package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.futures.ReturnWhen;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stack overflow in a task, wherever it strikes, also in the middle of what Segue does for that
 * task, harms that task alone.
 */
@Tag("fault-injection")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StackOverflowTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final ManualClock clock = new ManualClock();

  private void run(Action<? extends Exception> main) throws Exception {
    try (var loop =
        EventLoop.builder()
            .name("overflow")
            .clock(clock)
            .stallThreshold(Duration.ZERO) // a deep stack takes its time to unmount
            .exceptionHandler((_, _) -> {})
            .build()) {
      loop.run(main);
    }
  }

  @Test
  void anOverflowIsTheTasksFailure() throws Exception {
    run(() -> {
      var task = Async.createTask(() -> recurse(() -> {}));
      assertThatThrownBy(task::await)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(StackOverflowError.class);
      assertLoopIsWell();
    });
  }

  @Test
  void anOverflowInTheMainTaskIsThrownByRun() {
    assertThatThrownBy(() -> run(() -> recurse(() -> {}))).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void anOverflowInACallbackGoesToTheHandler() {
    var unobserved = new CompletableFuture<Throwable>();
    try (var loop =
        EventLoop.builder().exceptionHandler((_, thrown) -> unobserved.complete(thrown)).start()) {
      loop.execute(() -> recurse(() -> {}));
      assertThat(unobserved.join()).isInstanceOf(StackOverflowError.class);
      assertThat(loop.submit(() -> "well").toCompletableFuture().join()).isEqualTo("well");
    }
  }

  /** Operations that leave nothing behind; each is tried at every depth. */
  static Stream<Arguments> operations() {
    return Stream.of(
        operation("checkpoint", Async::checkpoint),
        operation("sleep", () -> Async.sleep(Duration.ofSeconds(1))),
        operation("JDK sleep", () -> Thread.sleep(0, 1)),
        operation("createTask", () -> Async.createTask(() -> 1).await()),
        operation("gather", () -> Async.gather(() -> 1, () -> 2)),
        operation(
            "group",
            () ->
                TaskGroup.run(group -> {
                  group.spawn(() -> Async.sleep(Duration.ofSeconds(1)));
                  group.spawn(() -> 1).await();
                })),
        operation("timeout", () -> Async.timeout(Duration.ofSeconds(1), () -> 1)),
        operation(
            "timeout that expires",
            () -> CancelScope.within(Duration.ofSeconds(1)).run(() -> Async.sleep(DAY))),
        operation("shield", () -> CancelScope.create().shielded().run(() -> Async.checkpoint())),
        operation("submit", () -> Async.currentTask().loop().submit(() -> 1).await()),
        operation("execute", () -> Async.currentTask().loop().execute(() -> {})),
        operation("whenDone", () -> Async.createTask(() -> 1).whenDone(_ -> {})),
        operation("toThread", () -> Async.toThread(() -> 1)),
        operation(
            "waitFor",
            () -> Async.waitFor(Set.of(Async.createTask(() -> 1)), ReturnWhen.ALL_COMPLETED)));
  }

  /** What one task does for another, which waits for it. */
  static Stream<Arguments> handOvers() {
    return Stream.of(
        handOver(
            "AsyncLock.release",
            () -> {
              var lock = new AsyncLock();
              var _ = lock.acquire();
              return new HandOver(() -> lock.acquire().close(), lock::release);
            }),
        handOver(
            "AsyncSemaphore.release",
            () -> {
              var semaphore = new AsyncSemaphore(0);
              return new HandOver(semaphore::acquire, semaphore::release);
            }),
        handOver(
            "AsyncQueue.put",
            () -> {
              var queue = AsyncQueue.<Integer>fifo(1);
              return new HandOver(queue::take, () -> queue.put(1));
            }),
        handOver(
            "AsyncQueue.take",
            () -> {
              var queue = AsyncQueue.<Integer>fifo(1);
              queue.put(1);
              return new HandOver(() -> queue.put(2), queue::take);
            }),
        handOver(
            "AsyncEvent.set",
            () -> {
              var event = new AsyncEvent();
              return new HandOver(event::await, event::set);
            }),
        handOver(
            "AsyncBarrier.await",
            () -> {
              var barrier = new AsyncBarrier(2);
              return new HandOver(barrier::await, barrier::await);
            }),
        handOver(
            "CancelScope.cancel",
            () -> {
              var scope = CancelScope.create();
              return new HandOver(
                  () -> scope.run(() -> Async.sleep(DAY)), () -> scope.cancel("over"));
            }));
  }

  /** A wait, and what ends it. */
  private record HandOver(Action<Exception> waiting, Action<Exception> end) {}

  private static Arguments handOver(String name, Supplier<HandOver> handOver) {
    return arguments(name, handOver);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("handOvers")
  void anOverflowInTheMiddleOfAHandOverHarmsNoOtherTask(String name, Supplier<HandOver> handOvers)
      throws Exception {
    run(() -> {
      for (int round = 0; round < 6; round++) {
        boolean deep = round > 0; // in the first round the classes are initialized
        var waiter = new Task<?>[1];
        var deepTask =
            Async.createTask(() -> {
              var handOver = handOvers.get();
              waiter[0] = Async.createTask(handOver.waiting());
              Async.checkpoint();
              Async.checkpoint();
              if (deep) {
                atTheEdge(handOver.end(), new boolean[1]);
              } else {
                handOver.end().run();
              }
            });
        deepTask.outcome();
        assertThat(
                CancelScope.within(Duration.ofHours(1))
                    .run(() -> {
                      var _ = waiter[0].outcome();
                    }))
            .as("in round %d, the waiting task has ended", round)
            .isTrue();
        assertLoopIsWell();
      }
    });
  }

  private static Arguments operation(String name, Action<Exception> operation) {
    return arguments(name, operation);
  }

  /** Overflows where it is most likely to strike in the middle of the operation. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void anOverflowInTheMiddleOfAnOperationHarmsOnlyItsTask(String name, Action<Exception> operation)
      throws Exception {
    run(() -> {
      operation.run(); // its classes are initialized, and its code is known to work
      for (int round = 0; round < 5; round++) {
        Async.createTask(() -> atTheEdge(operation, new boolean[1])).outcome();
        assertLoopIsWell();
      }
    });
  }

  private void assertLoopIsWell() {
    var before = clock.elapsed();
    Async.sleep(Duration.ofSeconds(100));
    assertThat(clock.elapsed().minus(before)).isEqualTo(Duration.ofSeconds(100));
    assertThat(Async.gather(() -> "a", () -> "b")).containsExactly("a", "b");
    assertThat(Async.allTasks()).containsExactly(Async.currentTask());
  }

  @SuppressWarnings("InfiniteRecursion") // that is what it is for
  private static int recurse(Runnable leaf) {
    leaf.run();
    return recurse(leaf) + 1;
  }

  /**
   * Overflows the stack, and tries the operation on the way back, at many frames from the edge on,
   * until it has had room enough.
   *
   * @return the frames between here and the edge
   */
  @SuppressWarnings("InfiniteRecursion")
  private static int atTheEdge(Action<Exception> operation, boolean[] done) throws Exception {
    int frames;
    try {
      frames = atTheEdge(operation, done);
    } catch (StackOverflowError _) {
      frames = 0;
    }
    if (!done[0] && (frames < 120 || frames % 250 == 0)) {
      try {
        operation.run();
        done[0] = true;
      } catch (StackOverflowError _) {
        // One frame less the next time.
      }
    }
    return frames + 1;
  }
}
