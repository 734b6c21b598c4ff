package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.futures.SerializableRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code submit} returns: each method in each state. */
public abstract class FutureContract extends SharedExecutorContract {
  private Future<String> done() throws Exception {
    var future = executor.submit(task(() -> "value"));
    future.get();
    return future;
  }

  private Future<String> failed() {
    Future<String> future = executor.submit(failing("failure"));
    assertThat(catchThrowable(future::get)).isNotNull();
    return future;
  }

  private Future<String> cancelled() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    blocker.begun().await();
    assertThat(future.cancel(true)).isTrue();
    return future;
  }

  // Running.

  @Test
  void whileItRunsItIsNotDone() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    blocker.begun().await();
    assertThat(future.isDone()).isFalse();
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.state()).isEqualTo(Future.State.RUNNING);
    assertThatIllegalStateException().isThrownBy(future::resultNow);
    assertThatIllegalStateException().isThrownBy(future::exceptionNow);
    blocker.release().raise();
    assertThat(future.get()).isEqualTo("released");
  }

  @Test
  void aTimedGetGivesUpInTimeAndTheTaskGoesOn() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    assertThatThrownBy(() -> future.get(10, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> future.get(-1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    blocker.release().raise();
    assertThat(future.get()).isEqualTo("released");
  }

  @Test
  void anInterruptedGetThrowsAndTheTaskGoesOn() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    assertThat(thrownWhenInterrupted(future::get)).isInstanceOf(InterruptedException.class);
    assertThat(thrownWhenInterrupted(() -> future.get(1, TimeUnit.MINUTES)))
        .isInstanceOf(InterruptedException.class);
    blocker.release().raise();
    assertThat(future.get()).isEqualTo("released");
    assertThat(blocker.interrupted().isRaised()).isFalse();
  }

  @Test
  void manyThreadsMayGet() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    List<String> got = new ArrayList<>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 10; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  var value = future.get();
                  synchronized (got) {
                    got.add(value);
                  }
                } catch (InterruptedException | ExecutionException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    blocker.release().raise();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(got).hasSize(10).containsOnly("released");
  }

  // Done.

  @Test
  void aValueIsThereForEver() throws Exception {
    var future = done();
    assertThat(future.get()).isEqualTo("value");
    assertThat(future.get(0, TimeUnit.SECONDS)).isEqualTo("value");
    assertThat(future.isDone()).isTrue();
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
    assertThat(future.resultNow()).isEqualTo("value");
    assertThatIllegalStateException().isThrownBy(future::exceptionNow);
  }

  @Test
  void whatIsDoneCannotBeCancelled() throws Exception {
    var future = done();
    assertThat(future.cancel(true)).isFalse();
    assertThat(future.cancel(false)).isFalse();
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.get()).isEqualTo("value");
  }

  @Test
  void aTimedGetRefusesANullUnit() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    assertThatNullPointerException().isThrownBy(() -> future.get(1, null));
    blocker.release().raise();
    future.get();
  }

  @Test
  void anInterruptedThreadMayLookAtWhatIsDone() throws Exception {
    var done = done();
    var failed = failed();
    Thread.currentThread().interrupt();
    try {
      assertThat(done.resultNow()).isEqualTo("value");
      assertThat(done.state()).isEqualTo(Future.State.SUCCESS);
      assertThat(failed.exceptionNow()).isInstanceOf(IllegalStateException.class);
      assertThat(failed.state()).isEqualTo(Future.State.FAILED);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  // Failed.

  @Test
  void aFailureIsThereForEver() {
    var future = failed();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("failure");
    }
    assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(future.isDone()).isTrue();
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.state()).isEqualTo(Future.State.FAILED);
    assertThat(future.exceptionNow()).hasMessage("failure");
    assertThatIllegalStateException().isThrownBy(future::resultNow);
    assertThat(future.cancel(true)).isFalse();
  }

  static Stream<Throwable> throwables() {
    return Stream.of(
        new CancellationException("mine"),
        new CompletionException("mine", new IllegalStateException()),
        new ExecutionException("mine", new IllegalStateException()),
        new InterruptedException("mine"),
        new TimeoutException("mine"),
        new AssertionError("mine"),
        new StackOverflowError("mine"),
        new LinkageError("mine"),
        new Exception("mine"),
        new Throwable("mine"));
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void whateverATaskThrowsIsTheCauseOfTheFailure(Throwable thrown) {
    var future =
        executor.submit(
            task(() -> {
              throw FutureContract.<RuntimeException>unchecked(thrown);
            }));
    assertThatThrownBy(future::get)
        .isExactlyInstanceOf(ExecutionException.class)
        .cause()
        .isExactlyInstanceOf(thrown.getClass())
        .hasMessage("mine");
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.state()).isEqualTo(Future.State.FAILED);
    assertThat(future.exceptionNow()).isExactlyInstanceOf(thrown.getClass());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X unchecked(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @Test
  void whatARunnableThrowsIsTheCauseOfTheFailure() {
    SerializableRunnable body =
        () -> {
          throw new CancellationException("mine");
        };
    var future = executor.submit((Runnable) body);
    assertThatThrownBy(future::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CancellationException.class);
    assertThat(future.isCancelled()).isFalse();
  }

  // Cancelled.

  @Test
  void aCancelledFutureIsDoneAtOnceAndForEver() throws Exception {
    var future = cancelled();
    assertThat(future.isDone()).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    assertThatIllegalStateException().isThrownBy(future::resultNow);
    assertThatIllegalStateException().isThrownBy(future::exceptionNow);
    future.cancel(true);
    future.cancel(false);
    assertThat(future.isCancelled()).isTrue();
  }

  @Test
  void cancelTrueInterruptsTheTask() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    blocker.begun().await();
    assertThat(future.cancel(true)).isTrue();
    blocker.interrupted().await();
  }

  @Test
  void cancelFalseLetsARunningTaskGoOn() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    blocker.begun().await();
    assertThat(future.cancel(false)).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    blocker.release().raise();
    blocker.returned().await();
    assertThat(blocker.interrupted().isRaised()).isFalse();
    assertThat(future.isCancelled()).isTrue();
  }

  @Test
  void cancelFalseThenTrueDoesNotUndoTheFirst() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    blocker.begun().await();
    assertThat(future.cancel(false)).isTrue();
    future.cancel(true);
    assertThat(future.isCancelled()).isTrue();
    blocker.release().raise();
    assertThat(future.isCancelled()).isTrue();
  }

  @Test
  void cancelWakesWhoeverWaits() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    var woken = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      var thread =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                if (catchThrowable(future::get) instanceof CancellationException) {
                  woken.countDown();
                }
              });
      awaitWaiting(thread);
    }
    future.cancel(true);
    assertThat(woken.await(120, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskCancelledBeforeItBeganNeverRuns() throws Exception {
    try (var alone = newExecutor(1)) {
      var first = blocker();
      var running = alone.submit(first);
      first.begun().await();
      var ran = signal("ran");
      var waiting =
          alone.submit(
              task(() -> {
                ran.raise();
                return 1;
              }));
      var last = alone.submit(task(() -> 2));
      assertThat(waiting.cancel(true)).isTrue();
      first.release().raise();
      assertThat(running.get()).isEqualTo("released");
      assertThat(last.get()).isEqualTo(2);
      assertThat(ran.isRaised()).isFalse();
      assertThat(waiting.isCancelled()).isTrue();
    }
  }

  @Test
  void anInterruptDoesNotReachTheNextTask() throws Exception {
    try (var alone = newExecutor(1)) {
      for (int i = 0; i < 20; i++) {
        var blocker = blocker();
        var cancelled = alone.submit(blocker);
        blocker.begun().await();
        var next = alone.submit(task(Thread::interrupted));
        cancelled.cancel(true);
        assertThat(next.get()).isFalse();
      }
    }
  }

  @Test
  void toStringTellsTheState() throws Exception {
    assertThat(done().toString()).isNotEqualTo(failed().toString());
    assertThat(failed().toString()).contains("failure");
    assertThat(cancelled().toString().toLowerCase()).contains("cancelled");
  }
}
