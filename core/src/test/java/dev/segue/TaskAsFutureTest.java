package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task as a {@link java.util.concurrent.Future}: every method, in every state. */
@Tag("contract")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskAsFutureTest {
  /** From a thread that is none of the loop's, before the body has begun. */
  @Nested
  class NotBegun {
    private final EventLoop loop = EventLoop.builder().name("later").build();
    private boolean begun;
    private final Task<String> task =
        loop.submit(() -> {
          begun = true;
          return "value";
        });

    private void runLoop() {
      loop.run(Async::checkpoint);
    }

    @AfterEach
    void close() {
      loop.close();
    }

    @Test
    void isNotDone() {
      assertThat(task.isDone()).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.isCancelRequested()).isFalse();
      assertThat(task.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void hasNoResultNow() {
      assertThatThrownBy(task::resultNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has not ended");
    }

    @Test
    void hasNoExceptionNow() {
      assertThatThrownBy(task::exceptionNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has not ended");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1})
    void timedGetTimesOut(long millis) {
      assertThatThrownBy(() -> task.get(millis, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(task.isDone()).isFalse();
    }

    @Test
    void getWaitsUntilTheLoopRunsIt() throws Exception {
      var got = new CompletableFuture<String>();
      var getter = Thread.ofPlatform().start(() -> got.complete(join(task)));
      awaitWaiting(getter);
      runLoop();
      assertThat(got.get()).isEqualTo("value");
    }

    @Test
    void anInterruptEndsGetAndNotTheTask() {
      Thread.currentThread().interrupt();
      assertThatThrownBy(task::get).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      runLoop();
      assertThat(task.resultNow()).isEqualTo("value");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelMeansThatItNeverBegins(boolean mayInterrupt) {
      assertThat(task.cancel(mayInterrupt)).isTrue();
      runLoop();
      assertThat(begun).isFalse();
      assertThat(task.isCancelled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCancelledTaskIsNotDoneBeforeTheLoopHasSeenIt(boolean mayInterrupt) {
      task.cancel(mayInterrupt);
      assertThat(task.isCancelRequested()).isTrue();
      assertThat(task.isDone()).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aSecondCancelIsARequestTooUntilItHasEnded() {
      assertThat(task.cancel(false)).isTrue();
      assertThat(task.cancel(false)).isTrue();
      assertThat(task.cancel(true)).isTrue();
      runLoop();
      assertThat(task.cancel(false)).isFalse();
      assertThat(task.cancel(true)).isFalse();
    }

    @Test
    void theFirstReasonIsKept() {
      task.cancel("first");
      task.cancel("second");
      runLoop();
      assertThatThrownBy(task::get)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("first");
    }
  }

  /** From a thread that is none of the loop's, while the body waits. */
  @Nested
  class Running {
    private final EventLoop loop = EventLoop.builder().name("running").start();
    private final CompletableFuture<String> gate = new CompletableFuture<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private Task<String> task;

    @BeforeEach
    void begin() throws Exception {
      task =
          loop.submit(() -> {
            begun.countDown();
            return Async.await(gate);
          });
      begun.await();
    }

    @AfterEach
    void close() {
      loop.close();
    }

    @Test
    void isNotDone() {
      assertThat(task.isDone()).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.isCancelRequested()).isFalse();
      assertThat(task.state()).isEqualTo(State.RUNNING);
      assertThatThrownBy(task::resultNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(task::exceptionNow).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void timedGetTimesOutAndTheTaskGoesOn() throws Exception {
      assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      gate.complete("value");
      assertThat(task.get()).isEqualTo("value");
    }

    @Test
    void timedGetReturnsTheValueInTime() throws Exception {
      gate.completeOnTimeout("value", 20, TimeUnit.MILLISECONDS);
      assertThat(task.get(Long.MAX_VALUE, TimeUnit.DAYS)).isEqualTo("value");
    }

    @Test
    void anInterruptWhileInGetEndsTheWaitAndNotTheTask() throws Exception {
      var getter = Thread.currentThread();
      Thread.ofVirtual()
          .start(() -> {
            awaitWaiting(getter);
            getter.interrupt();
          });
      assertThatThrownBy(task::get).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      gate.complete("value");
      assertThat(task.get()).isEqualTo("value");
    }

    @Test
    void cancelWithoutInterruptIsRefusedAndTheTaskGoesOn() throws Exception {
      assertThat(task.cancel(false)).isFalse();
      assertThat(task.isCancelRequested()).isFalse();
      gate.complete("value");
      assertThat(task.get()).isEqualTo("value");
    }

    @Test
    void cancelEndsItsWait() {
      assertThat(task.cancel(true)).isTrue();
      assertThat(task.isCancelRequested()).isTrue();
      assertThatThrownBy(task::get).isExactlyInstanceOf(CancellationException.class);
      assertThat(task.isCancelled()).isTrue();
      assertThat(gate).as("what it waited for").isNotDone();
    }

    @Test
    void cancelEndsAJdkWait() {
      var inWait = new CountDownLatch(1);
      var sleeper =
          loop.submit(() -> {
            inWait.countDown();
            Thread.sleep(Duration.ofDays(1));
          });
      assertThat(catchThrowable(inWait::await)).isNull();
      assertThat(sleeper.cancel(true)).isTrue();
      assertThatThrownBy(sleeper::get).isExactlyInstanceOf(CancellationException.class);
      assertThat(sleeper.isCancelled()).isTrue();
    }
  }

  /** From a thread that is none of the loop's, while a cancelled body still cleans up. */
  @Nested
  class CleaningUp {
    private final EventLoop loop = EventLoop.builder().name("cleaning").start();
    private final CompletableFuture<String> gate = new CompletableFuture<>();
    private final CountDownLatch inWait = new CountDownLatch(1);
    private final CountDownLatch inCleanUp = new CountDownLatch(1);
    private Task<String> task;

    @BeforeEach
    void begin() throws Exception {
      task =
          loop.submit(() -> {
            inWait.countDown();
            try {
              Async.sleep(FOREVER);
            } catch (Cancelled cancelled) {
              inCleanUp.countDown();
              var value = Async.shield(() -> Async.await(gate));
              if (value.equals("rethrow")) {
                throw cancelled;
              } else if (value.equals("fail")) {
                throw new IOException("in clean-up");
              }
              return value;
            }
            return "not reached";
          });
      inWait.await();
      assertThat(task.cancel(true)).isTrue();
      inCleanUp.await();
    }

    @AfterEach
    void close() {
      gate.complete("closed");
      loop.close();
    }

    @Test
    void isNotDone() {
      assertThat(task.isDone()).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.isCancelRequested()).isTrue();
      assertThat(task.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void timedGetTimesOut() {
      assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
    }

    @Test
    void cancelIsARequestAgain() {
      assertThat(task.cancel(true)).isTrue();
      assertThat(task.cancel(false)).isFalse();
    }

    @Test
    void isCancelledOnceCancelledHasLeftTheBody() {
      gate.complete("rethrow");
      assertThatThrownBy(task::get).isExactlyInstanceOf(CancellationException.class);
      assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void aBodyThatDeclinesTheCancelSucceeds() throws Exception {
      gate.complete("declined");
      assertThat(task.get()).isEqualTo("declined");
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.isCancelRequested()).isTrue();
      assertThat(task.state()).isEqualTo(State.SUCCESS);
    }

    @Test
    void aCleanUpThatFailsMakesItFailed() {
      gate.complete("fail");
      assertThatThrownBy(task::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class);
      assertThat(task.state()).isEqualTo(State.FAILED);
    }
  }

  /** After the end: the same on every thread, and when the loop is closed. */
  @Nested
  class Ended {
    private final IOException failure = new IOException("the body's");
    private final EventLoop loop = EventLoop.builder().name("ended").start();
    private final Task<String> succeeded = loop.submit(() -> "value");
    private final Task<String> failed =
        loop.submit(() -> {
          throw failure;
        });
    private final Task<String> cancelled =
        loop.submit(() -> {
          Async.sleep(FOREVER);
          return "not reached";
        });

    @BeforeEach
    void end() {
      cancelled.cancel("enough");
      List.of(succeeded, failed, cancelled).forEach(TaskAsFutureTest::awaitEnd);
      loop.close();
    }

    @Test
    void successHasItsValue() throws Exception {
      assertThat(succeeded.get()).isEqualTo("value");
      assertThat(succeeded.get(0, TimeUnit.SECONDS)).isEqualTo("value");
      assertThat(succeeded.resultNow()).isEqualTo("value");
      assertThat(succeeded.state()).isEqualTo(State.SUCCESS);
      assertThat(succeeded.isDone()).isTrue();
      assertThat(succeeded.isCancelled()).isFalse();
    }

    @Test
    void successHasNoException() {
      assertThatThrownBy(succeeded::exceptionNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has not failed");
    }

    @Test
    void nullIsAValue() throws Exception {
      try (var other = EventLoop.builder().start()) {
        Task<Void> action = other.submit(() -> {});
        assertThat(action.get()).isNull();
        assertThat(action.get(0, TimeUnit.SECONDS)).isNull();
        assertThat(action.resultNow()).isNull();
        assertThat(action.state()).isEqualTo(State.SUCCESS);
      }
    }

    @Test
    void failureThrowsFreshWrappersAroundTheVeryException() {
      var first = catchThrowable(failed::get);
      var second = catchThrowable(() -> failed.get(0, TimeUnit.SECONDS));
      assertThat(first).isInstanceOf(ExecutionException.class).cause().isSameAs(failure);
      assertThat(second).isInstanceOf(ExecutionException.class).cause().isSameAs(failure);
      assertThat(first).isNotSameAs(second);
    }

    @Test
    void failureHasItsException() {
      assertThat(failed.exceptionNow()).isSameAs(failure);
      assertThat(failed.state()).isEqualTo(State.FAILED);
      assertThat(failed.isDone()).isTrue();
      assertThat(failed.isCancelled()).isFalse();
    }

    @Test
    void failureHasNoResult() {
      assertThatThrownBy(failed::resultNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("failed")
          .cause()
          .isSameAs(failure);
    }

    @Test
    void cancellationThrowsAPlainCancellationException() {
      assertThatThrownBy(cancelled::get)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("enough")
          .cause()
          .isInstanceOf(Cancelled.class);
      assertThatThrownBy(() -> cancelled.get(0, TimeUnit.SECONDS))
          .isExactlyInstanceOf(CancellationException.class);
    }

    @Test
    void cancellationIsAnEnd() {
      assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
      assertThat(cancelled.isDone()).isTrue();
      assertThat(cancelled.isCancelled()).isTrue();
      assertThat(cancelled.isCancelRequested()).isTrue();
    }

    @Test
    void cancellationHasNeitherResultNorException() {
      assertThatThrownBy(cancelled::resultNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cancelled")
          .hasMessageContaining("enough");
      assertThatThrownBy(cancelled::exceptionNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cancelled")
          .hasMessageContaining("enough");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelComesTooLate(boolean mayInterrupt) {
      for (var task : List.of(succeeded, failed, cancelled)) {
        var before = task.state();
        assertThat(task.cancel(mayInterrupt)).isFalse();
        assertThat(task.cancel("too late")).isFalse();
        assertThat(task.state()).isEqualTo(before);
      }
      assertThat(succeeded.isCancelRequested()).isFalse();
    }

    @Test
    void getDoesNotLookAtTheInterruptFlag() throws Exception {
      Thread.currentThread().interrupt();
      assertThat(succeeded.get()).isEqualTo("value");
      assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aWrapperThatTheBodyThrewIsTakenOff() {
      try (var other = EventLoop.builder().start()) {
        Task<String> rethrowing =
            other.submit(() -> {
              throw new CompletionException(failure);
            });
        assertThatThrownBy(rethrowing::get).cause().isSameAs(failure);
        assertThat(rethrowing.exceptionNow()).isSameAs(failure);
      }
    }

    @Test
    void anErrorIsAFailure() {
      var error = new AssertionError("the body's");
      try (var other = EventLoop.builder().start()) {
        Task<String> failing =
            other.submit(() -> {
              throw error;
            });
        assertThatThrownBy(failing::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isSameAs(error);
      }
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  /** Waits for a task's end, whatever it is. */
  static void awaitEnd(Task<?> task) {
    var _ = catchThrowable(task::get);
    assertThat(task.isDone()).isTrue();
  }

  static String join(Task<String> task) {
    try {
      return task.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
