package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that a schedule or a clock ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunAbandonedTest {
  /** Ends a run when it has made too many steps, or is idle. */
  private static final class Tool implements Schedule, LoopClock {
    private final FifoSchedule ready = new FifoSchedule();
    private final List<RunAbandoned> thrown = new ArrayList<>();
    private int stepsLeft = 100;
    private boolean refusesTasks;
    private boolean mayBeIdle;

    private RunAbandoned end(String reason) {
      var end = new RunAbandoned(reason);
      thrown.add(end);
      stepsLeft = 100; // for unwinding the tasks
      return end;
    }

    @Override
    public void add(Task<?> task) {
      if (refusesTasks) {
        throw end("a task too many");
      }
      ready.add(task);
    }

    @Override
    public Task<?> next() {
      if (--stepsLeft == 0) {
        throw end("too many steps");
      }
      return ready.next();
    }

    @Override
    public int size() {
      return ready.size();
    }

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }

    @Override
    public boolean skipTo(long deadline) {
      throw end("the tasks wait for a time");
    }

    @Override
    public long realNanosUntil(long deadline) {
      if (mayBeIdle) {
        return Long.MAX_VALUE;
      }
      throw end("no task can go on");
    }
  }

  private final CapturedLog log = new CapturedLog();
  private final List<Throwable> unobserved = new ArrayList<>();
  private final Tool tool = new Tool();

  @AfterEach
  void nothingIsLogged() {
    log.close();
    assertThat(log.messages()).isEmpty();
  }

  private EventLoop.Builder builder() {
    return EventLoop.builder()
        .schedule(tool)
        .clock(tool)
        .exceptionHandler((_, cause) -> unobserved.add(cause));
  }

  private @Nullable Throwable run(Action<Exception> body) {
    return catchThrowable(() -> builder().build().run(body));
  }

  private static void spin() {
    while (true) {
      Async.checkpoint();
    }
  }

  // --- unwinding

  @Test
  void aRunThatHangsEndsWithWhatTheClockThrew() {
    var never = new AsyncEvent();
    assertThat(run(() -> Async.gather(never::await, never::await)))
        .isSameAs(tool.thrown.getFirst())
        .hasMessage("no task can go on");
    assertThat(tool.thrown).hasSize(1);
  }

  @Test
  void aRunThatSpinsEndsWithWhatTheScheduleThrew() {
    assertThat(run(() -> Async.gather(RunAbandonedTest::spin, RunAbandonedTest::spin)))
        .isSameAs(tool.thrown.getFirst())
        .hasMessage("too many steps");
    assertThat(tool.thrown).hasSize(1);
  }

  @Test
  void aRunWhoseTasksWaitForATimeEndsWithWhatTheClockThrew() {
    assertThat(run(() -> Async.sleep(Duration.ofSeconds(1))))
        .isSameAs(tool.thrown.getFirst())
        .hasMessage("the tasks wait for a time");
  }

  @Test
  void theTasksAreCancelledAndCleanUpInTurns() {
    var cleanedUp = new ArrayList<String>();
    var never = new AsyncEvent();
    Action<Exception> body =
        () -> {
          try {
            never.await();
          } catch (Cancelled cancelled) {
            cleanedUp.add(cancelled.reason());
            Async.shield(Async::checkpoint);
            cleanedUp.add("later");
          }
        };
    assertThat(run(() -> Async.gather(body, body))).isInstanceOf(RunAbandoned.class);
    assertThat(cleanedUp)
        .containsExactly("no task can go on", "no task can go on", "later", "later");
  }

  @Test
  void aLoopWhoseTasksWereUnwoundRunsAgain() {
    var loop = builder().build();
    assertThatThrownBy(() -> loop.run(RunAbandonedTest::spin)).isInstanceOf(RunAbandoned.class);
    assertThat(loop.<String, RuntimeException>run(() -> "value")).isEqualTo("value");
  }

  @Test
  void aFailureOfTheMainTaskMeanwhileIsSuppressed() {
    var failure = new IllegalStateException("while it cleaned up");
    var never = new AsyncEvent();
    var thrown =
        run(() -> {
          try {
            never.await();
          } finally {
            fail(failure);
          }
        });
    assertThat(thrown).isInstanceOf(RunAbandoned.class).hasSuppressedException(failure);
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  @Test
  void aFailureOfAnotherTaskMeanwhileIsReported() {
    var failure = new IllegalStateException("while it cleaned up");
    var never = new AsyncEvent();
    var thrown =
        run(() -> {
          Async.createTask(() -> {
            try {
              never.await();
            } finally {
              fail(failure);
            }
          });
          never.await();
        });
    assertThat(thrown).isInstanceOf(RunAbandoned.class).hasNoSuppressedExceptions();
    assertThat(unobserved).containsExactly(failure);
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void aJdkWaitIsInterrupted() {
    var never = new CountDownLatch(1);
    assertThat(run(never::await)).isSameAs(tool.thrown.getFirst());
    assertThat(tool.thrown).hasSize(1);
  }

  @Test
  void aStartedLoopEndsWithItWhenItIsClosed() {
    tool.mayBeIdle = true; // before the task comes
    var loop = builder().start();
    var task = loop.submit(RunAbandonedTest::spin);
    assertThatThrownBy(task::get).hasMessageContaining("too many steps");
    assertThatThrownBy(loop::close).isSameAs(tool.thrown.getFirst());
    assertThatThrownBy(() -> loop.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
  }

  // --- giving up

  @Test
  void tasksThatDeclineAreGivenUpTheSecondTime() {
    var tasks = new ArrayList<Task<?>>();
    Action<Exception> stubborn =
        () -> {
          while (true) {
            try {
              Async.checkpoint();
            } catch (Cancelled _) {
              Thread.onSpinWait();
            }
          }
        };
    var loop = builder().build();
    var thrown =
        catchThrowable(() ->
            loop.run(() -> {
              tasks.add(Async.createTask(stubborn));
              stubborn.run();
            }));
    assertThat(tool.thrown).hasSize(2);
    assertThat(thrown).isSameAs(tool.thrown.getFirst());
    assertThat(catchThrowable(tasks.getFirst()::get))
        .isInstanceOf(ExecutionException.class)
        .hasRootCause(tool.thrown.getFirst());
    assertThatThrownBy(() -> loop.run(() -> {})).hasMessageContaining("is closed");
  }

  @Test
  void tasksThatHangInAShieldAreGivenUpWhenTheLoopIsIdle() {
    var never = new AsyncEvent();
    assertThat(run(() -> Async.shield(never::await))).isSameAs(tool.thrown.getFirst());
    assertThat(tool.thrown).extracting(Throwable::getMessage).containsOnly("no task can go on");
    assertThat(tool.thrown).hasSize(2);
  }

  @Test
  void tasksThatHangAfterTheMainTaskHasEndedAreGivenUp() {
    var never = new AsyncEvent();
    var thrown =
        run(() -> {
          Async.createTask(() -> Async.shield(never::await));
          Async.checkpoint();
        });
    assertThat(thrown).isSameAs(tool.thrown.getFirst());
    assertThat(tool.thrown).hasSize(2);
  }

  @Test
  void aTaskThatTheScheduleDidNotTakeEndsTheLoop() {
    var loop = builder().build();
    var thrown =
        catchThrowable(() ->
            loop.run(() -> {
              tool.refusesTasks = true;
              Async.createTask(() -> {}).await();
            }));
    assertThat(thrown).isInstanceOf(RunAbandoned.class).hasMessage("a task too many");
    assertThatThrownBy(() -> loop.run(() -> {})).hasMessageContaining("is closed");
  }

  /** Two tasks that wait for each other's lock of the JDK, in a wait that ignores interrupts. */
  private static void deadlock() {
    var first = new ReentrantLock();
    var second = new ReentrantLock();
    Async.gather(() -> lockBoth(first, second), () -> lockBoth(second, first));
  }

  private static void lockBoth(ReentrantLock first, ReentrantLock second) {
    first.lock();
    Async.checkpoint();
    second.lock();
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void theThreadOfATaskThatIsGivenUpHasEnded() throws Exception {
    var threads = new ArrayList<Thread>();
    var thrown =
        run(() -> {
          threads.add(Thread.currentThread());
          deadlock();
        });
    assertThat(thrown).isSameAs(tool.thrown.getFirst());
    threads.getFirst().join();
  }

  // --- nothing is kept

  /** Has many runs end, each of which holds an object, and waits until no object is left. */
  private static void leavesNothing(int runs, Supplier<Action<Exception>> body)
      throws InterruptedException {
    var held = new ArrayList<WeakReference<Object>>();
    for (int i = 0; i < runs; i++) {
      held.add(abandonedRun(body.get()));
    }
    while (held.stream().anyMatch(reference -> reference.get() != null)) {
      System.gc();
      Thread.sleep(1);
    }
  }

  private static WeakReference<Object> abandonedRun(Action<Exception> body) {
    var tool = new Tool();
    var object = new Object();
    var loop = EventLoop.builder().schedule(tool).clock(tool).build();
    assertThatThrownBy(() ->
            loop.runHere(() -> {
              body.run();
              assertThat(object).isNotNull(); // is in the frame meanwhile
            }))
        .isInstanceOf(RunAbandoned.class);
    return new WeakReference<>(object);
  }

  private static Action<Exception> hanging() {
    var never = new AsyncEvent();
    return () -> Async.gather(never::await, never::await);
  }

  @Test
  void manyRunsThatHungLeaveNothing() throws InterruptedException {
    leavesNothing(2_000, RunAbandonedTest::hanging);
  }

  @Test
  @CarrierOnly(Difference.GIVEN_UP)
  void manyRunsThatHungInAShieldLeaveNothing() throws InterruptedException {
    leavesNothing(2_000, () -> () -> Async.shield(new AsyncEvent()::await));
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void manyRunsThatHungInLocksLeaveNothing() throws InterruptedException {
    leavesNothing(2_000, () -> RunAbandonedTest::deadlock);
  }

  @Test
  @Tag("long")
  @CarrierOnly(Difference.JDK_WAITS)
  @Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void veryManyRunsThatHungLeaveNothing() throws InterruptedException {
    leavesNothing(20_000, RunAbandonedTest::hanging);
    leavesNothing(20_000, () -> RunAbandonedTest::deadlock);
  }
}
