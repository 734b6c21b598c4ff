package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.Async;
import dev.segue.Cancelled;
import dev.segue.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A task as a future, and the futures that a task can await, beside {@code test_futures}. */
class FuturesConformanceTest extends OnLoop {
  private final List<Object> log = new ArrayList<>();

  // --- a task's state

  @Test
  @Origin("CPython 3.14 test_futures.test_initial_state")
  void atFirstATaskIsNeitherDoneNorCancelled() {
    run(() -> {
      var task = Async.createTask(() -> 42);
      assertThat(task.isDone()).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.state()).isEqualTo(Future.State.RUNNING);
      assertThatThrownBy(task::resultNow).isExactlyInstanceOf(IllegalStateException.class);
      assertThatThrownBy(task::exceptionNow).isExactlyInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_futures.test_result",
      differs = "exception() of a success is None; exceptionNow throws, as the JDK's Future says")
  void aTaskThatReturnedHasAResultAndNoException() throws Exception {
    run(() -> {
      var task = Async.createTask(() -> 42);
      task.await();
      assertThat(task.isDone()).isTrue();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
      assertThat(task.resultNow()).isEqualTo(42);
      assertThat(task.get()).isEqualTo(42);
      assertThatThrownBy(task::exceptionNow).isExactlyInstanceOf(IllegalStateException.class);
      assertThat(task.cancel()).isFalse();
      assertThat(task.cancel("too late")).isFalse();
      assertThat(task.isCancelRequested()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_futures.test_exception",
      differs =
          "result() raises the very exception; get throws an ExecutionException around it, as the"
              + " JDK's Future says")
  void aTaskThatThrewHasAnExceptionAndNoResult() {
    var failure = new Boom("boom");
    run(() -> {
      var task = Async.createTask(() -> raise(failure));
      Async.checkpoint();
      assertThat(task.isDone()).isTrue();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.state()).isEqualTo(Future.State.FAILED);
      assertThat(task.exceptionNow()).isSameAs(failure);
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(task::get)
          .satisfies(e -> assertThat(e.getCause()).isSameAs(failure));
      assertThatThrownBy(task::resultNow)
          .isExactlyInstanceOf(IllegalStateException.class)
          .cause()
          .isSameAs(failure);
      assertThat(task.cancel()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_futures.test_cancel",
      differs =
          "a cancelled asyncio future is done at once; a Segue task, only once its body has ended")
  void aCancelledTaskHasNeitherResultNorException() {
    run(() -> {
      var task = Async.createTask(() -> 42);
      assertThat(task.cancel()).isTrue();
      assertThat(task.isDone()).isFalse();
      Async.checkpoint();
      assertThat(task.isDone()).isTrue();
      assertThat(task.isCancelled()).isTrue();
      assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
      assertThatExceptionOfType(CancellationException.class).isThrownBy(task::get);
      assertThatThrownBy(task::resultNow).isExactlyInstanceOf(IllegalStateException.class);
      assertThatThrownBy(task::exceptionNow).isExactlyInstanceOf(IllegalStateException.class);
      assertThat(task.cancel()).isFalse();
    });
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_future_cancel_message_getter")
  void aCancelledTaskKeepsTheFirstReason() {
    run(() -> {
      var task = Async.createTask(() -> 42);
      task.cancel("my message");
      task.cancel("another");
      assertThatThrownBy(task::get)
          .cause()
          .isInstanceOfSatisfying(
              Cancelled.class, e -> assertThat(e.reason()).isEqualTo("my message"));
    });
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_yield_from_twice")
  void aTaskCanBeAwaitedAgain() {
    run(() -> {
      var task = Async.createTask(() -> slowly(10, 42));
      assertThat(task.await()).isEqualTo(42);
      assertThat(task.await()).isEqualTo(42);
    });
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_futures.test_exception",
      differs =
          "asyncio raises one exception object at each await, Segue a fresh wrapper around it")
  void eachAwaitOfAFailedTaskThrowsAWrapperOfItsOwn() {
    var failure = new Boom("boom");
    run(() -> {
      var task = Async.createTask(() -> raise(failure));
      var first = catchThrowable(task::await);
      var second = catchThrowable(task::await);
      assertThat(first).isExactlyInstanceOf(CompletionException.class).isNotSameAs(second);
      assertThat(first.getCause()).isSameAs(failure);
      assertThat(second.getCause()).isSameAs(failure);
    });
  }

  // --- callbacks

  @Test
  @Origin("CPython 3.14 test_futures.test_callbacks_invoked_on_set_result")
  void callbacksRunOnceTheTaskHasEndedInTheOrderTheyWereAdded() {
    run(() -> {
      var task = Async.createTask(() -> "foo");
      task.whenDone(_ -> log.add(42));
      task.whenDone(done -> log.add(done.resultNow()));
      Async.checkpoint();
      assertThat(task.isDone()).isTrue();
      assertThat(log).isEmpty();
      Async.checkpoint();
      assertThat(log).containsExactly(42, "foo");
    });
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_callbacks_invoked_on_set_exception")
  void callbacksRunWhenTheTaskFailsToo() {
    var failure = new Boom("boom");
    run(() -> {
      Async.createTask(() -> raise(failure)).whenDone(done -> log.add(done.exceptionNow()));
      Async.sleep(ms(1));
    });
    assertThat(log).containsExactly(failure);
  }

  // --- failures that nobody looks at

  @Test
  @Origin("CPython 3.14 test_futures.test_tb_logger_exception_unretrieved")
  void aFailureThatNobodyLooksAtIsReported() {
    var failure = new Boom("boom");
    run(() -> {
      Async.createTask(() -> raise(failure));
      Async.checkpoint();
    });
    assertThat(unobserved).containsExactly(failure);
    unobserved.clear();
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_tb_logger_exception_retrieved")
  void aFailureThatWasAskedForIsNotReported() {
    run(() -> {
      var task = Async.createTask(() -> raise(new Boom("boom")));
      Async.checkpoint();
      assertThat(task.exceptionNow()).hasMessage("boom");
    });
    assertThat(unobserved).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_tb_logger_exception_result_retrieved")
  void aFailureThatAnAwaitThrewIsNotReported() {
    run(() -> {
      var task = Async.createTask(() -> raise(new Boom("boom")));
      assertThatThrownBy(task::await).isInstanceOf(CompletionException.class);
    });
    assertThat(unobserved).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_tb_logger_result_unretrieved")
  void aResultThatNobodyLooksAtIsNoMatter() {
    run(() -> {
      Async.createTask(() -> 42);
      Async.checkpoint();
    });
    assertThat(unobserved).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_tb_logger_abandoned")
  void aCancellationThatNobodyLooksAtIsNoMatter() {
    run(() -> Async.createTask(() -> Async.sleep(seconds(1))));
    assertThat(unobserved).isEmpty();
  }

  // --- futures of the JDK

  @Test
  @Origin("CPython 3.14 test_futures.test_wrap_future")
  void aFutureOfAnExecutorCanBeAwaited() {
    try (var pool = Executors.newSingleThreadExecutor()) {
      run(() -> {
        Future<Thread> future = pool.submit(() -> Thread.currentThread());
        assertThat(Async.<Thread>await(future))
            .isNotSameAs(Thread.currentThread())
            .isNotSameAs(loop.thread());
      });
    }
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_wrap_future_future")
  void awaitingATaskAsAFutureIsAwaitingTheTask() {
    run(() -> {
      Future<Integer> future = Async.createTask(() -> slowly(10, 42));
      var waiter = Async.createTask("waiter", () -> Async.<Integer>await(future));
      Async.checkpoint();
      assertThat(waiter.toString()).contains("waiting for task '" + ((Task<?>) future).name());
      assertThat(waiter.await()).isEqualTo(42);
    });
  }

  @Test
  @Origin("CPython 3.14 test_futures.test_copy_state")
  void awaitingAFutureEndsAsTheFutureDid() {
    var failure = new Boom("boom");
    run(() -> {
      assertThat(Async.await(CompletableFuture.completedFuture(10))).isEqualTo(10);

      assertThatThrownBy(() -> Async.await(CompletableFuture.<Integer>failedFuture(failure)))
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(failure);

      var cancelled = new CompletableFuture<Integer>();
      cancelled.cancel(true);
      assertThatThrownBy(() -> Async.await(cancelled))
          .isExactlyInstanceOf(CancellationException.class);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_futures.test_wrap_future_cancel",
      differs = "asyncio cancels the wrapped future along with its wrapper; in Segue it goes on")
  void cancellingTheAwaiterLeavesTheFutureAlone() {
    run(() -> {
      var future = new CompletableFuture<Integer>();
      var waiter = Async.createTask(() -> Async.await(future));
      Async.checkpoint();
      waiter.cancel();
      waiter.outcome();
      assertThat(waiter.isCancelled()).isTrue();
      assertThat(future.isDone()).isFalse();
      assertThat(future.complete(42)).isTrue();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_futures.test_wrap_future_cancel2",
      differs =
          "in asyncio a wrapper that is cancelled after the future ended, yet before it heard of"
              + " that, is cancelled; in Segue the awaiter gets the value")
  void aValueThatCameBeforeTheCancelIsNotLost() {
    run(() -> {
      var future = new CompletableFuture<Integer>();
      var waiter = Async.createTask(() -> Async.await(future));
      Async.checkpoint();
      future.complete(42);
      waiter.cancel();
      assertThat(waiter.await()).isEqualTo(42);
      assertThat(waiter.isCancelled()).isFalse();
    });
  }
}
