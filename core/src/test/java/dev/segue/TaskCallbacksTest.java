package dev.segue;

import static dev.segue.TaskAsFutureTest.awaitEnd;
import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Task#whenDone} and {@link Task#toCompletableFuture}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskCallbacksTest {
  private final List<String> record = new CopyOnWriteArrayList<>();
  private final List<Throwable> unobserved = new CopyOnWriteArrayList<>();
  private final EventLoop.Builder builder =
      EventLoop.builder().name("callbacks").exceptionHandler((_, thrown) -> unobserved.add(thrown));

  @Test
  void runInTheOrderInWhichTheyWereAdded() {
    try (var loop = builder.start()) {
      var task =
          loop.submit(() -> {
            Task<?> self = Async.currentTask();
            self.whenDone(_ -> record.add("first"));
            self.whenDone(_ -> record.add("second"));
            self.whenDone(_ -> record.add("third"));
          });
      awaitEnd(task);
    }
    assertThat(record).containsExactly("first", "second", "third");
  }

  @Test
  void areGivenTheTaskAndRunAsTasksOfTheirOwn() throws Exception {
    try (var loop = builder.start()) {
      var task = loop.submit(() -> "value");
      var called = new CountDownLatch(1);
      task.whenDone(done -> {
        Async.sleep(Duration.ofMillis(1)); // it may wait
        record.add(done.resultNow());
        record.add(Async.currentLoop() == loop ? "on the loop" : "elsewhere");
        record.add(Async.currentTask() == done ? "in the task" : "in a task of its own");
        called.countDown();
      });
      called.await();
    }
    assertThat(record).containsExactly("value", "on the loop", "in a task of its own");
  }

  @Test
  void runLaterThoughTheTaskHasEnded() {
    try (var loop = builder.build()) {
      loop.run(() -> {
        var task = Async.createTask(() -> "value");
        task.await();
        task.whenDone(_ -> record.add("callback"));
        record.add("after whenDone");
        Async.checkpoint();
      });
    }
    assertThat(record).containsExactly("after whenDone", "callback");
  }

  @Test
  void runForFailedAndCancelledTasksToo() {
    try (var loop = builder.start()) {
      var failing =
          loop.submit(() -> {
            throw new IOException("x");
          });
      failing.whenDone(task -> record.add("" + task.state()));
      awaitEnd(failing);
      var sleeper = loop.submit(() -> Async.sleep(FOREVER));
      sleeper.whenDone(task -> record.add("" + task.state()));
      sleeper.cancel();
      awaitEnd(sleeper);
    }
    assertThat(record).containsExactly("FAILED", "CANCELLED");
  }

  @Test
  void oneThatThrowsKeepsNoOtherFromRunning() {
    var failure = new IllegalStateException("the callback's");
    try (var loop = builder.build()) {
      loop.run(() -> {
        var task = Async.createTask(() -> "value");
        task.whenDone(_ -> {
          throw failure;
        });
        task.whenDone(_ -> record.add("second"));
        assertThat(task.await()).isEqualTo("value");
      });
    }
    assertThat(record).containsExactly("second");
    assertThat(unobserved).containsExactly(failure);
  }

  @Test
  void oneThatThrowsAnErrorKeepsNoOtherFromRunning() {
    var error = new AssertionError("the callback's");
    try (var loop = builder.build()) {
      loop.run(() -> {
        var task = Async.createTask(() -> "value");
        task.whenDone(_ -> {
          throw error;
        });
        task.whenDone(_ -> record.add("second"));
      });
    }
    assertThat(record).containsExactly("second");
    assertThat(unobserved).containsExactly(error);
  }

  @Test
  void runOnTheCallingThreadOnceTheLoopIsClosed() {
    Task<String> task;
    try (var loop = builder.start()) {
      task = loop.submit(() -> "value");
      awaitEnd(task);
    }
    task.whenDone(done -> record.add(done.resultNow() + " in " + Thread.currentThread()));
    assertThat(record).containsExactly("value in " + Thread.currentThread());
  }

  @Test
  void whatOneThrowsGoesToTheHandlerAlsoOnceTheLoopIsClosed() {
    var failure = new IllegalStateException("the callback's");
    Task<String> task;
    try (var loop = builder.start()) {
      task = loop.submit(() -> "value");
      awaitEnd(task);
    }
    task.whenDone(_ -> {
      throw failure;
    });
    assertThat(unobserved).containsExactly(failure);
  }

  @Test
  void aCompletableFutureEndsAsTheTaskDoes() throws Exception {
    var failure = new IOException("the task's");
    try (var loop = builder.start()) {
      var success = loop.submit(() -> "value").toCompletableFuture();
      assertThat(success.get()).isEqualTo("value");
      var failing =
          loop.submit(
                  () -> {
                    throw failure;
                  })
              .toCompletableFuture();
      assertThatThrownBy(failing::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(failure);
      var sleeper = loop.submit(() -> Async.sleep(FOREVER));
      var cancelled = sleeper.toCompletableFuture();
      sleeper.cancel("enough");
      assertThatThrownBy(cancelled::join)
          .isExactlyInstanceOf(CancellationException.class)
          .cause()
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("enough");
    }
    assertThat(unobserved).as("the future has observed it").isEmpty();
  }

  @Test
  void completingOrCancellingACompletableFutureDoesNotReachTheTask() throws Exception {
    try (var loop = builder.start()) {
      var gate = new CompletableFuture<String>();
      var task = loop.submit(() -> Async.<String>await(gate));
      assertThat(task.toCompletableFuture().complete("mine")).isTrue();
      assertThat(task.toCompletableFuture().cancel(true)).isTrue();
      assertThat(task.isCancelRequested()).isFalse();
      gate.complete("value");
      assertThat(task.get()).isEqualTo("value");
    }
  }

  @Test
  void aCompletableFutureIsANewOneEachTime() {
    try (var loop = builder.start()) {
      var task = loop.submit(() -> "value");
      assertThat(task.toCompletableFuture()).isNotSameAs(task.toCompletableFuture());
    }
  }

  @Test
  void aCompletableFutureOfAClosedLoopsTaskHasEnded() {
    Task<String> task;
    try (var loop = builder.start()) {
      task = loop.submit(() -> "value");
      awaitEnd(task);
    }
    assertThat(task.toCompletableFuture()).isCompletedWithValue("value");
  }
}
