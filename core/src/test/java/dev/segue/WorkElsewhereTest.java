package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import java.io.IOException;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code runInExecutor} with an executor whose work runs elsewhere. */
@Timeout(60)
class WorkElsewhereTest {
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final ElsewhereExecutor executor = new ElsewhereExecutor();

  /** A task that waits for {@code body}, begun. */
  private <T> Task<T> waitingFor(SerializableCallable<T> body) {
    var task = Async.createTask(() -> Async.runInExecutor(executor, body));
    Async.checkpoint();
    return task;
  }

  private static void awaitCancelOf(ElsewhereExecutor.Job<?> job) {
    boolean asked = Async.toThread(() -> job.cancelAsked.await(10, TimeUnit.SECONDS));
    if (!asked) {
      job.end(); // or its task would wait for ever
    }
    assertThat(asked).as("its cancel was asked for").isTrue();
  }

  @Test
  void theBodyAloneTravels() {
    Async.run(() -> {
      var task = waitingFor(() -> "elsewhere");
      var job = executor.jobs.remove();
      assertThat(job.copy).isInstanceOf(SerializableCallable.class).isNotInstanceOf(Work.class);
      job.runToItsEnd();
      assertThat(task.await()).isEqualTo("elsewhere");
    });
  }

  @Test
  void aRunnableTravels() {
    Async.run(() -> {
      RUNS.set(0);
      var task = Async.createTask(() -> Async.runInExecutor(executor, () -> RUNS.addAndGet(1)));
      var runnable = (SerializableRunnable) () -> RUNS.addAndGet(10);
      var second = Async.createTask(() -> Async.runInExecutor(executor, runnable));
      Async.checkpoint();
      executor.jobs.remove().runToItsEnd();
      executor.jobs.remove().runToItsEnd();
      assertThat(task.await()).isEqualTo(1);
      second.await();
      assertThat(RUNS).hasValue(11);
    });
  }

  @Test
  void whatCannotTravelIsRefusedByTheExecutor() {
    Async.run(() -> {
      Callable<String> plain = () -> "stays";
      assertThatThrownBy(() -> Async.runInExecutor(executor, plain))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessage("does not travel")
          .hasCauseInstanceOf(NotSerializableException.class);
      Runnable alsoPlain = () -> {};
      assertThatThrownBy(() -> Async.runInExecutor(executor, alsoPlain))
          .isInstanceOf(RejectedExecutionException.class)
          .hasCauseInstanceOf(NotSerializableException.class);
    });
  }

  @Test
  void theEndOfTheWorkEndsTheWait() {
    Async.run(() -> {
      var task = waitingFor(() -> 1);
      var job = executor.jobs.remove();
      job.run();
      Async.checkpoint();
      assertThat(task.isDone()).isFalse();
      job.end();
      assertThat(task.await()).isEqualTo(1);
    });
  }

  @Test
  void theEndMayComeOnAnyThread() {
    Async.run(() -> {
      var task = waitingFor(() -> 1);
      Thread.ofPlatform().start(executor.jobs.remove()::runToItsEnd);
      assertThat(task.await()).isEqualTo(1);
    });
  }

  @Test
  void aFailureIsTheCause() {
    Async.run(() -> {
      var task =
          waitingFor(() -> {
            throw new IOException("elsewhere");
          });
      executor.jobs.remove().runToItsEnd();
      assertThatThrownBy(task::await)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("elsewhere");
    });
  }

  @Test
  void cancellingCancelsTheWorkAndWaitsForItsEnd() {
    Async.run(() -> {
      var task = waitingFor(() -> 1);
      var job = executor.jobs.remove();
      task.cancel();
      awaitCancelOf(job);
      assertThat(job.isCancelled()).isTrue();
      assertThat(task.isDone()).isFalse();
      job.end();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aTimeOutEndsTheWork() {
    Async.run(() -> {
      var work = new AtomicReference<ElsewhereExecutor.Job<?>>();
      var ender =
          Async.createTask(() -> {
            work.set(executor.jobs.remove());
            awaitCancelOf(work.get());
            work.get().end();
          });
      assertThatThrownBy(() ->
              Async.timeout(Duration.ofMillis(10), () -> Async.runInExecutor(executor, () -> 1)))
          .isInstanceOf(TimeoutException.class);
      ender.await();
      assertThat(work.get().isCancelled()).isTrue();
    });
  }

  @Test
  void aValueThatWasThereBeforeTheCancelCounts() {
    Async.run(() -> {
      var value = new AtomicReference<String>();
      var task =
          Async.createTask(() -> {
            value.set(Async.runInExecutor(executor, () -> "kept"));
            Async.checkpoint(); // the cancel comes here
          });
      Async.checkpoint();
      var job = executor.jobs.remove();
      job.run();
      task.cancel();
      awaitCancelOf(job);
      job.end();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(value).hasValue("kept");
    });
  }

  @Test
  void workThatTheExecutorCancelsIsNotMyCancel() {
    Async.run(() -> {
      var task = waitingFor(() -> 1);
      var job = executor.jobs.remove();
      job.cancel(true);
      job.end();
      assertThatThrownBy(task::await)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(CancellationException.class)
          .isNotInstanceOf(Cancelled.class)
          .hasMessage("the executor cancelled the work");
    });
  }

  @Test
  void aVirtualClockStandsStillMeanwhile() throws Exception {
    var clock = new ManualClock();
    try (var loop = EventLoop.builder().clock(clock).build()) {
      loop.run(() -> {
        Async.createTask(() -> {
          var job = executor.jobs.remove();
          Thread.ofPlatform()
              .start(() -> {
                LockSupport.parkNanos(20_000_000); // time enough to skip in
                job.runToItsEnd();
              });
        });
        int value =
            Async.timeout(Duration.ofHours(1), () -> Async.runInExecutor(executor, () -> 1));
        assertThat(value).isEqualTo(1);
      });
    }
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void aCancelThatComesWhileTheExecutorTakesTheWorkCancelsIt() {
    Async.run(() -> {
      var room = new Semaphore(0);
      executor.onSubmit = room::acquireUninterruptibly;
      var task = waitingFor(() -> 1);
      task.cancel();
      room.release();
      while (executor.jobs.isEmpty()) {
        Async.checkpoint();
      }
      var job = executor.jobs.remove();
      awaitCancelOf(job);
      job.end();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }
}
