package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task as a {@link java.util.concurrent.Future} in a task of the same loop. */
@Tag("contract")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskAsFutureInTasksTest extends OnManualClock {
  private final List<String> record = new ArrayList<>();

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
        assertThatThrownBy(() -> Async.currentTask().get()).isInstanceOf(DeadlockException.class));
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
      assertThatThrownBy(() -> task.get(1, TimeUnit.DAYS)).isInstanceOf(InterruptedException.class);
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
