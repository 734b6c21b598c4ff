package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fixtures.HandDrivenExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work that executors do for tasks, and futures that end elsewhere. */
@Timeout(60)
class OffTheLoopTest {
  @Test
  void toThreadRunsOnAPlatformThreadWhileTheLoopGoesOn() {
    Async.run(() -> {
      var release = new CountDownLatch(1);
      var helper = Async.createTask(release::countDown); // runs only if the loop goes on
      var thread =
          Async.toThread(() -> {
            release.await();
            return Thread.currentThread();
          });
      assertThat(thread.isVirtual()).isFalse();
      assertThat(thread.isDaemon()).isTrue();
      helper.await();
    });
  }

  @Test
  void aFailureOffTheLoopIsTheCause() {
    Async.run(() -> {
      var failure = new IOException("disk");
      assertThatThrownBy(() ->
              Async.toThread(() -> {
                throw failure;
              }))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(failure);
    });
  }

  static Stream<ExecutorService> executors() {
    return Stream.of(
        Executors.newFixedThreadPool(1),
        Executors.newVirtualThreadPerTaskExecutor(),
        Executors.newWorkStealingPool(1));
  }

  @ParameterizedTest
  @MethodSource("executors")
  void cancellingInterruptsTheWorkAndWaitsForItsEnd(ExecutorService executor) throws Exception {
    try (executor) {
      Async.run(() -> {
        var begun = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        var task =
            Async.createTask(() ->
                Async.runInExecutor(
                    executor,
                    () -> {
                      begun.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } finally {
                        ended.set(true);
                      }
                      return 1;
                    }));
        Async.checkpoint();
        begun.await();
        task.cancel();
        assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
        assertThat(ended).isTrue();
      });
    }
  }

  @Test
  void workThatIgnoresTheInterruptIsWaitedForAndItsValueKept() throws Exception {
    Async.run(() -> {
      var begun = new CountDownLatch(1);
      var release = new AtomicBoolean();
      var values = new AtomicReference<String>();
      var task =
          Async.createTask(() -> {
            values.set(
                Async.toThread(() -> {
                  begun.countDown();
                  while (!release.get()) {
                    Thread.onSpinWait();
                  }
                  return "kept";
                }));
            Async.checkpoint(); // the cancel comes here
          });
      Async.checkpoint();
      begun.await();
      task.cancel();
      Async.sleep(Duration.ofMillis(20));
      assertThat(task.isDone()).isFalse();
      release.set(true);
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(values.get()).isEqualTo("kept");
    });
  }

  @Test
  void workThatIsStillQueuedNeverBegins() {
    try (var executor = Executors.newFixedThreadPool(1)) {
      Async.run(() -> {
        var release = new CountDownLatch(1);
        var began = new AtomicBoolean();
        var first = Async.createTask(() -> Async.runInExecutor(executor, await(release)));
        var second =
            Async.createTask(() ->
                Async.runInExecutor(
                    executor,
                    () -> {
                      began.set(true);
                      return 2;
                    }));
        Async.checkpoint();
        second.cancel();
        assertThat(second.outcome()).isInstanceOf(Outcome.Cancellation.class);
        release.countDown();
        assertThat(first.await()).isEqualTo(1);
        assertThat(began).isFalse();
      });
    }
  }

  private static Callable<Integer> await(CountDownLatch latch) {
    return () -> {
      latch.await();
      return 1;
    };
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void aCancelThatComesWhileTheExecutorTakesTheWorkEndsIt() {
    var room = new Semaphore(0);
    try (var executor =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
          @Override
          public void execute(Runnable command) {
            room.acquireUninterruptibly();
            super.execute(command);
          }
        }) {
      Async.run(() -> {
        var task =
            Async.createTask(() -> Async.runInExecutor(executor, await(new CountDownLatch(1))));
        Async.checkpoint();
        task.cancel();
        room.release();
        assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      });
    }
  }

  @Test
  void anExecutorsThreadGetsNoStrayInterrupt() throws Exception {
    try (var executor = Executors.newFixedThreadPool(1)) {
      Async.run(() -> {
        for (int i = 0; i < 200; i++) {
          var begun = new CountDownLatch(1);
          var task =
              Async.createTask(() ->
                  Async.runInExecutor(
                      executor,
                      () -> {
                        begun.countDown();
                        return 1;
                      }));
          Async.checkpoint();
          begun.await();
          task.cancel(); // races with the end of the work
          task.outcome();
          assertThat(Async.<Boolean>runInExecutor(executor, Thread::interrupted)).isFalse();
        }
      });
    }
  }

  @Test
  void aTimeOutEndsTheWork() {
    Async.run(() ->
        assertThatThrownBy(() ->
                Async.timeout(
                    Duration.ofMillis(20),
                    () -> Async.toThread(() -> Thread.sleep(Duration.ofMinutes(5)))))
            .isInstanceOf(TimeoutException.class));
  }

  @Test
  void anExecutorThatRefusesIsHeard() {
    var executor = Executors.newFixedThreadPool(1);
    executor.close();
    Async.run(() ->
        assertThatThrownBy(() -> Async.runInExecutor(executor, () -> 1))
            .isInstanceOf(RejectedExecutionException.class));
  }

  @Test
  void aDirectExecutorWorks() {
    int value = Async.run(() -> Async.runInExecutor(HandDrivenExecutor.direct(), () -> 5));
    assertThat(value).isEqualTo(5);
  }

  @Test
  void aCompletableFutureIsAwaited() {
    Async.run(() -> {
      var future = new CompletableFuture<String>();
      Async.createTask(() -> future.complete("by a task"));
      assertThat(Async.<String>await(future)).isEqualTo("by a task");
      assertThat(Async.<String>await(CompletableFuture.supplyAsync(() -> "by a thread")))
          .isEqualTo("by a thread");
      assertThat(Async.<String>await(CompletableFuture.completedFuture("at once")))
          .isEqualTo("at once");
      CompletionStage<Integer> stage = CompletableFuture.completedStage(3);
      assertThat(Async.<Integer>await(stage)).isEqualTo(3);
      assertThat(Async.<Object>await(CompletableFuture.<Object>completedFuture(null))).isNull();
    });
  }

  @Test
  void aFailedFuturesFailureIsTheCause() {
    Async.run(() -> {
      var failure = new IOException("net");
      assertThatThrownBy(() -> Async.await(CompletableFuture.failedFuture(failure)))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(failure);
    });
  }

  @Test
  void aCancelledFutureIsNotMyCancel() {
    Async.run(() -> {
      var future = new CompletableFuture<String>();
      future.cancel(false);
      assertThatThrownBy(() -> Async.await(future))
          .isInstanceOf(CancellationException.class)
          .isNotInstanceOf(Cancelled.class);
    });
  }

  @Test
  void cancellingTheAwaiterLeavesTheFutureAlone() {
    Async.run(() -> {
      var future = new CompletableFuture<String>();
      var task = Async.createTask(() -> Async.await(future));
      Async.checkpoint();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(future).isNotDone();
    });
  }

  @Test
  void aPlainFutureIsAwaited() {
    Async.run(() -> {
      var future = new FutureTask<>(() -> 7);
      var awaiting = Async.createTask(() -> Async.<Integer>await((Future<Integer>) future));
      Async.checkpoint();
      Thread.ofPlatform().start(future);
      assertThat(awaiting.await()).isEqualTo(7);
      assertThat(Async.<Integer>await((Future<Integer>) future)).isEqualTo(7);
    });
  }

  @Test
  void cancellingTheAwaiterOfAPlainFutureLeavesItAlone() {
    Async.run(() -> {
      var future = new FutureTask<>(() -> 7);
      var task = Async.createTask(() -> Async.await((Future<Integer>) future));
      Async.checkpoint();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(future.isCancelled()).isFalse();
    });
  }

  @Test
  void uninterleavedReturnsTheResultOfABodyThatDoesNotWait() {
    int value = Async.run(() -> Async.uninterleaved(() -> 5));
    assertThat(value).isEqualTo(5);
  }

  @Test
  void uninterleavedThrowsIfTheBodyWaited() {
    Async.run(() -> {
      assertThatThrownBy(() -> Async.uninterleaved(Async::checkpoint))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("task 'main'");
    });
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void uninterleavedThrowsIfTheBodyWaitedInTheJdk() {
    Async.run(() ->
        assertThatThrownBy(() -> Async.uninterleaved(() -> Thread.sleep(1)))
            .isInstanceOf(IllegalStateException.class));
  }
}
