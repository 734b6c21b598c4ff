package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.futures.internal.Failures;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is thrown where it should not be. */
@Tag("fault-injection")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThrowablesTest extends OnManualClock {
  static Stream<Throwable> kinds() {
    return Stream.of(
        new IllegalStateException("unchecked"),
        new Exception("checked"),
        new AssertionError("an error"),
        new StackOverflowError("thrown"),
        new OutOfMemoryError("thrown"),
        new LinkageError("thrown"),
        new CancellationException("not ours"),
        new Throwable("neither exception nor error"));
  }

  /** An interrupt, too, which is a cancel only where it leaves a body (InterruptedBodiesTest). */
  static Stream<Throwable> kindsWithInterrupts() {
    return Stream.concat(kinds(), Stream.of(new InterruptedException("not ours")));
  }

  /** Throws anything, as code compiled from other languages can. */
  private static <T> T raise(Throwable thrown) {
    throw Failures.<RuntimeException>rethrow(thrown);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatATaskThrowsIsItsFailureAndTheLoopGoesOn(Throwable thrown) throws Exception {
    run(() -> {
      Task<String> task = Async.createTask(() -> raise(thrown));
      assertThat(task.outcome()).isEqualTo(new Outcome.Failure<>(thrown));
      assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class).cause().isSameAs(thrown);
      assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
    });
  }

  /** As exceptions of drivers and proxies that load their cause when asked. */
  private static final class CannotTellItsCause extends RuntimeException {
    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("no cause loaded");
    }
  }

  @Test
  void anExceptionThatCannotTellItsCauseEndsItsTask() throws Exception {
    var thrown = new CannotTellItsCause();
    run(() -> {
      Task<String> task =
          Async.createTask(() -> {
            Async.currentTask().cancel(); // so that the causes are searched for an interrupt
            return raise(thrown);
          });
      assertThat(task.outcome()).isEqualTo(new Outcome.Failure<>(thrown));
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void anExceptionThatCannotTellItsCauseEndsItsGroupAndTheTasksInIt() throws Exception {
    run(() -> {
      var task =
          Async.createTask(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> Async.sleep(FOREVER));
                Async.checkpoint();
                Async.currentTask().cancel();
                raise(new CannotTellItsCause());
              }));
      assertThat(task.outcome()).isInstanceOf(Outcome.Failure.class);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void anObserverThatThrowsKeepsNoOtherFromBeingTold() throws Exception {
    run(() -> {
      var told = new AtomicInteger();
      var task = Async.createTask(() -> "ended");
      for (int i = 0; i < 3; i++) {
        task.observe(
            new TaskObserver() {
              @Override
              void taskEnded(Task<?> ended) {
                told.incrementAndGet();
                throw new StackOverflowError("thrown by a test");
              }
            });
      }
      assertThat(task.await()).isEqualTo("ended");
      assertThat(told).hasValue(3);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void anObserverThatLacksMemoryIsToldAgain() throws Exception {
    run(() -> {
      var told = new AtomicInteger();
      var task = Async.createTask(() -> "ended");
      task.observe(
          new TaskObserver() {
            @Override
            void taskEnded(Task<?> ended) {
              if (told.incrementAndGet() < 3) {
                throw new OutOfMemoryError("thrown by a test");
              }
            }
          });
      assertThat(task.await()).isEqualTo("ended");
      assertThat(told).hasValue(3);
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatTheMainTaskThrowsIsThrownByRunItself(Throwable thrown) {
    assertThatThrownBy(() -> run(() -> raise(thrown))).isSameAs(thrown);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatAGatheredBodyThrowsIsTheCauseOfWhatGatherThrows(Throwable thrown) throws Exception {
    run(() -> {
      var gathered =
          catchThrowable(() -> Async.gather(() -> Async.sleep(FOREVER), () -> raise(thrown)));
      assertThat(Failures.unwrap(gathered)).isSameAs(thrown);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatAGroupsBodyThrowsIsThrownItselfOnceItsTasksHaveEnded(Throwable thrown) throws Exception {
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> Async.sleep(FOREVER));
                raise(thrown);
              }))
          .isSameAs(thrown);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatACallbackThrowsGoesToTheHandlerAndTheLoopGoesOn(Throwable thrown) throws Exception {
    run(() -> {
      Async.currentLoop().execute(() -> raise(thrown));
      Async.createTask(() -> "value").whenDone(_ -> raise(thrown));
      Async.sleep(Duration.ofSeconds(1));
      assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
    });
    assertThat(unobserved).containsExactly(thrown, thrown);
  }

  @ParameterizedTest
  @MethodSource("kindsWithInterrupts")
  void whatTheExceptionHandlerThrowsIsLoggedWithTheFailureAndTheLoopGoesOn(Throwable thrown) {
    var failure = new IllegalStateException("the callback's");
    var handled = new CountDownLatch(1);
    try (var log = new CapturedLog();
        var loop =
            EventLoop.builder()
                .name("handler")
                .exceptionHandler((_, _) -> {
                  handled.countDown();
                  raise(thrown);
                })
                .start()) {
      loop.execute(() -> {
        throw failure;
      });
      assertThat(catchThrowable(handled::await)).isNull();
      assertThat(loop.submit(() -> "goes on").toCompletableFuture().join()).isEqualTo("goes on");
      assertThat(log.thrown()).contains(thrown, failure);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatTheDecoratorThrowsTheCallThatCreatesTheTaskThrows(Throwable thrown) {
    var broken = new boolean[1];
    try (var loop =
        EventLoop.builder()
            .name("decorator")
            .taskDecorator(body -> broken[0] ? raise(thrown) : body)
            .build()) {
      loop.run(() -> {
        broken[0] = true;
        assertThatThrownBy(() -> Async.createTask(() -> "value")).isSameAs(thrown);
        assertThatThrownBy(() -> loop.submit(() -> "value")).isSameAs(thrown);
        assertThatThrownBy(() -> loop.execute(() -> {})).isSameAs(thrown);
        assertThatThrownBy(() -> Async.toThread(() -> "value")).isSameAs(thrown);
        assertThatThrownBy(() -> Async.gather(() -> "a", () -> "b")).isSameAs(thrown);
        assertThatThrownBy(() -> TaskGroup.run(group -> group.spawn(() -> "value")))
            .isSameAs(thrown);
        broken[0] = false;
        assertThat(Async.allTasks()).containsExactly(Async.currentTask());
        assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
      });
    }
  }

  @Test
  void aDecoratorThatReturnsNullIsRefused() {
    var broken = new boolean[1];
    try (var loop =
        EventLoop.builder()
            .name("decorator")
            .taskDecorator(body -> broken[0] ? null : body)
            .build()) {
      loop.run(() -> {
        broken[0] = true;
        assertThatThrownBy(() -> Async.createTask(() -> "value"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("decorator of loop 'decorator' returned null");
      });
    }
  }

  @Test
  void whatADecoratorThrowsForACallbackTheRegistrationThrows() {
    var broken = new boolean[1];
    var failure = new IllegalStateException("the decorator's");
    try (var loop =
        EventLoop.builder()
            .name("decorator")
            .taskDecorator(body -> broken[0] ? raise(failure) : body)
            .exceptionHandler((_, thrown) -> unobserved.add(thrown))
            .build()) {
      loop.run(() -> {
        var task = Async.createTask(() -> "value");
        broken[0] = true;
        assertThatThrownBy(() -> task.whenDone(_ -> {})).isSameAs(failure);
        broken[0] = false;
        assertThat(task.await()).isEqualTo("value");
        assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
      });
    }
    assertThat(unobserved).isEmpty();
  }

  @Test
  void aDecoratorRunsForACallbackOnTheThreadThatRegistersIt() throws Exception {
    var failure = new IllegalStateException("the decorator's");
    try (var _ = new CapturedLog();
        var loop =
            EventLoop.builder()
                .name("decorator")
                .taskDecorator(body -> isCalledOnTheLoopsThread() ? raise(failure) : body)
                .exceptionHandler((_, thrown) -> unobserved.add(thrown))
                .start()) {
      var task = loop.submit(() -> "value");
      assertThat(task.get()).isEqualTo("value");
      task.whenDone(_ -> {});
      assertThat(loop.submit(() -> "goes on").get()).isEqualTo("goes on");
      assertThat(unobserved).isEmpty();
    }
  }

  private static boolean isCalledOnTheLoopsThread() {
    return Thread.currentThread().getName().equals("decorator");
  }

  @Test
  void aLogThatHasToWaitForALockDoesNotStopTheLoop() {
    var lock = new ReentrantLock();
    var slowLog =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            lock.lock();
            lock.unlock();
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var logger = Logger.getLogger("dev.segue");
    logger.setUseParentHandlers(false);
    logger.addHandler(slowLog);
    try {
      var loop = EventLoop.builder().name("slow-log").start();
      lock.lock();
      loop.execute(() -> {
        throw new IllegalStateException("to be logged");
      });
      while (!lock.hasQueuedThreads()) {
        Thread.onSpinWait();
      }
      lock.unlock();
      loop.close();
      assertThat(lock.hasQueuedThreads()).isFalse();
    } finally {
      logger.removeHandler(slowLog);
      logger.setUseParentHandlers(true);
    }
  }

  @Test
  void anExceptionThatCannotTellItsMessageIsAFailureLikeOthers() throws Exception {
    var mute = new MuteException();
    run(() -> {
      var inTask =
          catchThrowable(() ->
              TaskGroup.run(group ->
                  group.spawn(() -> {
                    throw mute;
                  })));
      assertThat(inTask.getCause() == mute).isTrue();
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void aGroupWhoseBodyThrowsAnExceptionThatCannotTellItsMessageWaitsForItsTasks() throws Exception {
    var mute = new MuteException();
    run(() -> {
      var thrown =
          catchThrowable(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> Async.sleep(FOREVER));
                throw mute;
              }));
      assertThat(thrown == mute).isTrue();
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  private static final class MuteException extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  static Stream<Throwable> kindsForTheWatchdog() {
    return Stream.of(new IllegalStateException("unchecked"), new AssertionError("an error"));
  }

  @ParameterizedTest
  @MethodSource("kindsForTheWatchdog")
  void whatTheStallHandlerThrowsIsLoggedAndTheWatchdogGoesOn(Throwable thrown) {
    var stalls = new AtomicInteger();
    var reported = new CountDownLatch(1);
    try (var log = new CapturedLog();
        var loop =
            EventLoop.builder()
                .name("stall")
                .stallThreshold(Duration.ofMillis(5))
                .stallHandler(_ -> {
                  if (stalls.incrementAndGet() == 1) {
                    raise(thrown);
                  }
                  reported.countDown();
                })
                .start()) {
      loop.execute(() -> {
        long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (reported.getCount() > 0 && System.nanoTime() < limit) {
          Thread.onSpinWait(); // holds the loop until it has been reported twice
        }
      });
      assertThat(loop.submit(() -> "goes on").toCompletableFuture().join()).isEqualTo("goes on");
      assertThat(stalls).hasValueGreaterThanOrEqualTo(2);
      assertThat(log.thrown()).contains(thrown);
    }
  }
}
