package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

  // Waits. What creates tasks or enters scopes can be torn in the middle: docs/pitfalls.md says so.
  static Stream<Arguments> operations() {
    return Stream.of(
        operation("checkpoint", Async::checkpoint),
        operation("sleep", () -> Async.sleep(Duration.ofSeconds(1))),
        operation("JDK sleep", () -> Thread.sleep(0, 1)));
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
