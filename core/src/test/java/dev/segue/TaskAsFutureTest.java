package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task as a {@link java.util.concurrent.Future}: every method, in every state. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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

  /** In a task of the same loop, on the virtual clock. */
  @Nested
  class InsideATask {
    private final ManualClock clock = new ManualClock();
    private final List<String> record = new ArrayList<>();

    private void run(Action<? extends Exception> main) throws Exception {
      try (var loop =
          EventLoop.builder().name("inside").clock(clock).exceptionHandler((_, _) -> {}).build()) {
        loop.run(main);
      }
    }

    @Test
    void getLetsOthersRun() throws Exception {
      run(() -> {
        var slow =
            Async.createTask(() -> {
              Async.sleep(Duration.ofSeconds(2));
              return "value";
            });
        Async.createTask(() -> {
          Async.sleep(Duration.ofSeconds(1));
          record.add("other at " + clock.elapsed());
        });
        record.add(slow.get() + " at " + clock.elapsed());
      });
      assertThat(record).containsExactly("other at PT1S", "value at PT2S");
    }

    @Test
    void timedGetTimesOutOnTheLoopsClockAndTheTaskGoesOn() throws Exception {
      run(() -> {
        var slow =
            Async.createTask(() -> {
              Async.sleep(Duration.ofSeconds(5));
              return "value";
            });
        assertThatThrownBy(() -> slow.get(2, TimeUnit.SECONDS))
            .isInstanceOf(TimeoutException.class)
            .hasMessageContaining("PT2S");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(slow.isCancelRequested()).isFalse();
        assertThat(slow.get(1, TimeUnit.DAYS)).isEqualTo("value");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(5));
      });
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void timedGetOfNoTimeDoesNotWait(long timeout) throws Exception {
      run(() -> {
        var task = Async.createTask(() -> record.add("begun"));
        assertThatThrownBy(() -> task.get(timeout, TimeUnit.DAYS))
            .isInstanceOf(TimeoutException.class);
        assertThat(record).isEmpty();
      });
    }

    @Test
    void timedGetMayWaitForEver() throws Exception {
      run(() -> {
        var task =
            Async.createTask(() -> {
              Async.sleep(Duration.ofDays(100_000));
              return "value";
            });
        assertThat(task.get(Long.MAX_VALUE, TimeUnit.DAYS)).isEqualTo("value");
      });
    }

    @Test
    void getThrowsWhatTheTaskThrew() throws Exception {
      var failure = new IOException("the task's");
      run(() -> {
        var task =
            Async.createTask(() -> {
              throw failure;
            });
        assertThatThrownBy(task::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isSameAs(failure);
      });
    }

    @Test
    void getOfACancelledTaskThrowsAPlainCancellationException() throws Exception {
      run(() -> {
        var task = Async.createTask(() -> Async.sleep(FOREVER));
        Async.createTask(() -> task.cancel("by another"));
        assertThatThrownBy(task::get)
            .isExactlyInstanceOf(CancellationException.class)
            .hasMessageContaining("by another");
      });
    }

    @Test
    void getThrowsCancelledWhereTheWaitingTaskIsAndTheOtherGoesOn() throws Exception {
      run(() -> {
        var other = Async.createTask(() -> Async.sleep(Duration.ofSeconds(1)));
        var waiting = Async.createTask(() -> other.get());
        Async.checkpoint();
        waiting.cancel("the one that waits");
        assertThatThrownBy(waiting::get).isExactlyInstanceOf(CancellationException.class);
        assertThat(other.isCancelRequested()).isFalse();
        assertThat(other.get()).isNull();
      });
    }

    @Test
    void timedGetThrowsCancelledWhereTheWaitingTaskIs() throws Exception {
      run(() -> {
        var other = Async.createTask(() -> Async.sleep(Duration.ofSeconds(5)));
        var scope = CancelScope.within(Duration.ofSeconds(1));
        assertThat(scope.run(() -> other.get(3, TimeUnit.SECONDS))).isFalse();
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
      });
    }

    @Test
    void getOfItselfIsADeadlock() throws Exception {
      run(() ->
          assertThatThrownBy(() -> Async.currentTask().get())
              .isInstanceOf(DeadlockException.class));
    }

    @Test
    void getThrowsWhereTheThreadIsInterruptedAlready() throws Exception {
      run(() -> {
        var task = Async.createTask(() -> "value");
        Thread.currentThread().interrupt();
        assertThatThrownBy(task::get).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(task.get()).isEqualTo("value");
      });
    }

    @Test
    void timedGetThrowsWhereTheThreadIsInterruptedAlready() throws Exception {
      run(() -> {
        var task = Async.createTask(() -> "value");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> task.get(1, TimeUnit.DAYS))
            .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      });
    }

    @Test
    void anInterruptWhileInGetWaitsForTheNextJdkWait() throws Exception {
      run(() -> {
        var getter = Thread.currentThread();
        var task =
            Async.createTask(() -> {
              getter.interrupt();
              Async.sleep(Duration.ofSeconds(1));
              return "value";
            });
        assertThat(task.get()).isEqualTo("value");
        assertThatThrownBy(() -> Thread.sleep(1)).isInstanceOf(InterruptedException.class);
      });
    }

    @Test
    void awaitReturnsTheValueOrThrowsUnchecked() throws Exception {
      var failure = new IOException("the task's");
      run(() -> {
        assertThat(Async.createTask(() -> "value").await()).isEqualTo("value");
        var failing =
            Async.createTask(() -> {
              throw failure;
            });
        assertThatThrownBy(failing::await)
            .isInstanceOf(CompletionException.class)
            .cause()
            .isSameAs(failure);
        assertThatThrownBy(failing::await).as("again").isInstanceOf(CompletionException.class);
      });
    }

    @Test
    void outcomeTellsTheThreeEnds() throws Exception {
      var failure = new IOException("the task's");
      run(() -> {
        var sleeping = Async.createTask(() -> Async.sleep(FOREVER));
        Async.checkpoint();
        sleeping.cancel("enough");
        assertThat(Async.createTask(() -> "value").outcome())
            .isEqualTo(new Outcome.Success<>("value"));
        assertThat(
                Async.createTask(
                        () -> {
                          throw failure;
                        })
                    .outcome())
            .isEqualTo(new Outcome.Failure<Void>(failure));
        assertThat(sleeping.outcome())
            .isInstanceOfSatisfying(
                Outcome.Cancellation.class,
                end -> assertThat(end.cause().reason()).isEqualTo("enough"));
      });
    }

    @Test
    void cancelWithoutInterruptKeepsATaskFromBeginning() throws Exception {
      run(() -> {
        var task = Async.createTask(() -> record.add("begun"));
        assertThat(task.cancel(false)).isTrue();
        assertThat(task.isDone()).isFalse();
        assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
        assertThat(record).isEmpty();
      });
    }

    @Test
    void aTaskMayCancelItself() throws Exception {
      run(() -> {
        var task =
            Async.createTask(() -> {
              assertThat(Async.currentTask().cancel(true)).isTrue();
              record.add("goes on to its next wait");
              Async.checkpoint();
              record.add("not reached");
            });
        assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
        assertThat(record).containsExactly("goes on to its next wait");
      });
    }

    @Test
    void aTaskIsNotDoneInItsOwnBody() throws Exception {
      run(() ->
          assertThat(
                  Async.createTask(
                          () -> {
                            try {
                              return "";
                            } finally {
                              record.add("done: " + Async.currentTask().isDone());
                            }
                          })
                      .await())
              .isEmpty());
      assertThat(record).containsExactly("done: false");
    }
  }

  /** {@link Task#whenDone} and {@link Task#toCompletableFuture}. */
  @Nested
  class Callbacks {
    private final List<String> record = new CopyOnWriteArrayList<>();
    private final List<Throwable> unobserved = new CopyOnWriteArrayList<>();
    private final EventLoop.Builder builder =
        EventLoop.builder()
            .name("callbacks")
            .exceptionHandler((_, thrown) -> unobserved.add(thrown));

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

  /** A task of one loop awaits a task of another. */
  @Nested
  class OfAnotherLoop {
    private final EventLoop other =
        EventLoop.builder().name("other").exceptionHandler((_, _) -> {}).start();
    private final CompletableFuture<String> gate = new CompletableFuture<>();
    private final Task<String> task = other.submit(() -> Async.await(gate));

    @AfterEach
    void close() {
      other.close();
    }

    /** Opens the gate from a second task, so that a wait which holds the loop would never end. */
    private void openLater(String value) {
      Async.createTask(() -> {
        Async.checkpoint();
        gate.complete(value);
      });
    }

    @Test
    void awaitIsCooperative() {
      assertThat(
              Async.<String, RuntimeException>run(() -> {
                openLater("value");
                return task.await();
              }))
          .isEqualTo("value");
    }

    @Test
    void getIsCooperative() throws Exception {
      assertThat(
              Async.<String, Exception>run(() -> {
                openLater("value");
                return task.get();
              }))
          .isEqualTo("value");
    }

    @Test
    void timedGetIsCooperative() throws Exception {
      assertThat(
              Async.<String, Exception>run(() -> {
                assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
                openLater("value");
                return task.get(1, TimeUnit.DAYS);
              }))
          .isEqualTo("value");
    }

    @Test
    void outcomeIsCooperative() {
      assertThat(
              Async.<Outcome<String>, RuntimeException>run(() -> {
                openLater("value");
                return task.outcome();
              }))
          .isEqualTo(new Outcome.Success<>("value"));
    }

    @Test
    void asyncAwaitOfItAsAFutureIsTheSame() {
      java.util.concurrent.Future<String> future = task;
      assertThat(
              Async.<String, RuntimeException>run(() -> {
                openLater("value");
                return Async.await(future);
              }))
          .isEqualTo("value");
    }

    @Test
    void itsFailureIsWrapped() {
      gate.completeExceptionally(new IOException("far away"));
      Async.run(() ->
          assertThatThrownBy(task::await)
              .isInstanceOf(CompletionException.class)
              .cause()
              .isInstanceOf(IOException.class));
    }

    @Test
    void itsCancelIsAPlainCancellationException() {
      Async.run(() -> {
        task.cancel("far away");
        assertThatThrownBy(task::await)
            .isExactlyInstanceOf(CancellationException.class)
            .hasMessageContaining("far away");
      });
    }

    @Test
    void aCancelOfTheOneThatAwaitsLeavesItAsItIs() throws Exception {
      Async.run(() -> {
        var waiting = Async.createTask(() -> task.await());
        Async.checkpoint();
        waiting.cancel();
        assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);
      });
      gate.complete("value");
      assertThat(task.get()).isEqualTo("value");
    }

    @Test
    void aCancelOfTheOneThatIsInGetLeavesItAsItIs() throws Exception {
      Async.run(() -> {
        var waiting = Async.createTask(() -> task.get());
        Async.checkpoint();
        waiting.cancel();
        assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);
      });
      gate.complete("value");
      assertThat(task.get()).isEqualTo("value");
    }

    @Test
    void itMayBeCancelledFromHere() {
      Async.run(() -> {
        assertThat(task.cancel(true)).isTrue();
        assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      });
    }

    @Test
    void twoLoopsMayAwaitEachOthersTasks() {
      var answer = new AtomicReference<String>();
      Async.run(() -> {
        var here = Async.createTask(() -> task.await() + " and back");
        var there = other.submit(() -> answer.set(here.await()));
        gate.complete("there");
        there.await();
      });
      assertThat(answer).hasValue("there and back");
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  /** Waits for a task's end, whatever it is. */
  private static void awaitEnd(Task<?> task) {
    var _ = catchThrowable(task::get);
    assertThat(task.isDone()).isTrue();
  }

  private static String join(Task<String> task) {
    try {
      return task.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
