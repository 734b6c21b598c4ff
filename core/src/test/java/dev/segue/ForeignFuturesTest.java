package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Futures and executors that break their contracts. */
@Tag("fault-injection")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignFuturesTest extends OnManualClock {
  @Test
  void aFutureWhoseGetThrowsSomethingElseDoesNotHang() throws Exception {
    var broken =
        new FutureTask<String>(() -> "value") {
          @Override
          public String get() {
            throw new UnsupportedOperationException("no get");
          }

          @Override
          public boolean isDone() {
            return false;
          }
        };
    run(() ->
        assertThatThrownBy(() -> Async.<String>await((Future<String>) broken))
            .hasStackTraceContaining("no get"));
  }

  @Test
  void aStageWhoseWhenCompleteThrowsFailsTheWait() throws Exception {
    var broken =
        new CompletableFuture<String>() {
          @Override
          public CompletableFuture<String> whenComplete(
              java.util.function.BiConsumer<? super String, ? super Throwable> action) {
            throw new UnsupportedOperationException("no callbacks");
          }
        };
    run(() -> {
      assertThatThrownBy(() -> Async.<String>await(broken))
          .isInstanceOf(UnsupportedOperationException.class);
      Async.checkpoint();
    });
  }

  @Test
  void aFutureThatIsCancelledIsAPlainCancellationException() throws Exception {
    var cancelled = new FutureTask<>(() -> "value");
    cancelled.cancel(true);
    run(() ->
        assertThatThrownBy(() -> Async.<String>await(cancelled))
            .isExactlyInstanceOf(CancellationException.class));
  }

  @Test
  void anExecutorThatIsShutDownRefuses() throws Exception {
    var executor = Executors.newSingleThreadExecutor();
    executor.shutdown();
    run(() ->
        assertThatThrownBy(() -> Async.runInExecutor(executor, () -> "value"))
            .isInstanceOf(RejectedExecutionException.class));
  }

  @Test
  void workThatItsExecutorCancelsBeforeItBeginsDoesNotHang() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var executor = new ForkJoinPool(1);
    executor.execute(() -> {
      begun.countDown();
      var _ = catchThrowable(release::await);
    });
    begun.await();
    try {
      run(() -> {
        var waiting = Async.createTask(() -> Async.runInExecutor(executor, () -> "value"));
        Async.checkpoint();
        executor.shutdownNow(); // cancels what is queued
        assertThat(waiting.outcome()).isNotInstanceOf(Outcome.Success.class);
      });
    } finally {
      release.countDown();
    }
  }

  @Test
  void anErrorOnAThreadIsTheCauseOfWhatToThreadThrows() throws Exception {
    var error = new OutOfMemoryError("on the thread");
    run(() ->
        assertThatThrownBy(() ->
                Async.toThread(() -> {
                  throw error;
                }))
            .isInstanceOf(CompletionException.class)
            .hasCause(error));
  }
}
