package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an executor is shut down and terminates. */
public abstract class ShutdownContract extends ExecutorContract {
  private static final SerializableRunnable NOTHING = () -> {};

  ExecutorService executor;

  @BeforeEach
  void open() {
    executor = newExecutor(1);
  }

  @AfterEach
  void end() throws InterruptedException {
    executor.shutdownNow();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
  }

  /** A task that has started and occupies the only worker. */
  private Blocker running() throws InterruptedException {
    var blocker = blocker();
    executor.execute((Runnable) blocker.asRunnable());
    blocker.begun().await();
    return blocker;
  }

  @Test
  void aNewExecutorIsNeitherShutDownNorTerminated() throws Exception {
    assertThat(executor.isShutdown()).isFalse();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
    assertThat(executor.toString().toLowerCase()).contains("running");
  }

  // shutdown

  @Test
  void afterShutdownNothingIsTaken() {
    executor.shutdown();
    assertThat(executor.isShutdown()).isTrue();
    assertThatThrownBy(() -> executor.execute((Runnable) NOTHING))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.submit((Runnable) NOTHING))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.submit((Runnable) NOTHING, 1))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.submit(task(() -> 1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void afterShutdownNullIsStillNull() {
    executor.shutdown();
    assertThatNullPointerException().isThrownBy(() -> executor.execute((Runnable) null));
    assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
  }

  @Test
  void shutdownLetsRunningAndWaitingTasksFinish() throws Exception {
    var running = running();
    var waiting = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 10; i++) {
      int n = i;
      waiting.add(executor.submit(task(() -> n)));
    }
    executor.shutdown();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(10, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(executor.toString().toLowerCase()).contains("shutting down");
    running.release().raise();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(running.interrupted().isRaised()).isFalse();
    assertThat(waiting.stream().map(Future::resultNow))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void shutdownOfAnUnusedExecutorTerminatesIt() throws Exception {
    executor.shutdown();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(executor.toString().toLowerCase()).contains("terminated");
  }

  @Test
  void shutdownOfAnIdleExecutorTerminatesIt() throws Exception {
    executor.submit(task(() -> 1)).get();
    executor.shutdown();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void shutdownTwiceIsShutdown() throws Exception {
    executor.shutdown();
    executor.shutdown();
    assertThat(executor.shutdownNow()).isEmpty();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    executor.shutdown();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void aWaitingTaskMayBeCancelledAfterShutdown() throws Exception {
    var running = running();
    var waiting = executor.submit(task(() -> 1));
    executor.shutdown();
    assertThat(waiting.cancel(false)).isTrue();
    running.release().raise();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
  }

  // shutdownNow

  @Test
  void shutdownNowInterruptsWhatRuns() throws Exception {
    var running = running();
    assertThat(executor.shutdownNow()).isEmpty();
    assertThat(executor.isShutdown()).isTrue();
    running.interrupted().await();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskThatShutdownNowInterruptedEndsAsItMay() throws Exception {
    var blocker = blocker();
    var future = executor.submit(blocker);
    blocker.begun().await();
    executor.shutdownNow();
    assertThatThrownBy(() -> future.get(120, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(future.isCancelled()).isFalse();
  }

  @Test
  void shutdownNowReturnsWhatNeverBeganInOrder() throws Exception {
    running();
    var ran = signal("ran");
    var waiting = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 300; i++) {
      int n = i;
      waiting.add(
          executor.submit(
              task(() -> {
                ran.raise();
                return n;
              })));
    }
    var returned = executor.shutdownNow();
    assertThat(returned).hasSize(300);
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(ran.isRaised()).isFalse();
    assertThat(waiting).noneMatch(Future::isDone);
    for (int i = 0; i < 300; i++) {
      assertThat((Object) returned.get(i)).isSameAs(waiting.get(i));
    }
  }

  @Test
  void aReturnedTaskRunsHereAndEndsItsFuture() throws Exception {
    running();
    Future<Long> waiting = executor.submit(task(() -> ProcessHandle.current().pid()));
    var returned = executor.shutdownNow();
    assertThat(waiting.isDone()).isFalse();
    returned.getFirst().run();
    assertThat(waiting.get()).isEqualTo(ProcessHandle.current().pid());
    assertThat(waiting.state()).isEqualTo(Future.State.SUCCESS);
  }

  @Test
  void aReturnedTaskRunsOnce() throws Exception {
    running();
    var count = signal("count");
    executor.submit(
        task(() -> {
          assertThat(count.isRaised()).isFalse();
          count.raise();
          return 1;
        }));
    var returned = executor.shutdownNow().getFirst();
    returned.run();
    returned.run();
    assertThat(((Future<?>) returned).resultNow()).isEqualTo(1);
  }

  @Test
  void aReturnedTaskThatFailsFailsItsFuture() throws Exception {
    running();
    Future<?> waiting = executor.submit(failing("here"));
    executor.shutdownNow().getFirst().run();
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("here");
  }

  @Test
  void aReturnedTaskThatWasCancelledDoesNotRun() throws Exception {
    running();
    var ran = signal("ran");
    var waiting =
        executor.submit(
            task(() -> {
              ran.raise();
              return 1;
            }));
    var returned = executor.shutdownNow();
    assertThat(waiting.cancel(false)).isTrue();
    returned.getFirst().run();
    assertThat(ran.isRaised()).isFalse();
    assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
  }

  @Test
  void aReturnedRunnableRunsHereWithItsResult() throws Exception {
    running();
    var result = new Object();
    Future<Object> waiting = executor.submit((Runnable) NOTHING, result);
    executor.shutdownNow().getFirst().run();
    assertThat(waiting.get()).isSameAs(result);
  }

  @Test
  void anExecutedTaskIsReturnedTooAndRuns() throws Exception {
    running();
    var ran = signal("ran");
    SerializableRunnable body = ran::raise;
    executor.execute((Runnable) body);
    var returned = executor.shutdownNow();
    assertThat(returned).hasSize(1);
    returned.getFirst().run();
    assertThat(ran.isRaised()).isTrue();
  }

  @Test
  void shutdownNowAfterShutdownReturnsWhatStillWaits() throws Exception {
    var running = running();
    executor.submit(task(() -> 1));
    executor.shutdown();
    assertThat(executor.shutdownNow()).hasSize(1);
    running.interrupted().await();
  }

  // awaitTermination

  @Test
  void awaitTerminationRefusesANullUnit() {
    assertThatNullPointerException().isThrownBy(() -> executor.awaitTermination(1, null));
  }

  @Test
  void anInterruptedAwaitTerminationThrows() throws Exception {
    assertThat(thrownWhenInterrupted(() -> executor.awaitTermination(1, TimeUnit.MINUTES)))
        .isInstanceOf(InterruptedException.class);
    assertThat(executor.isShutdown()).isFalse();
  }

  @Test
  void awaitTerminationOfATerminatedOneReturnsAtOnce() throws Exception {
    executor.close();
    assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.awaitTermination(-1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whenItIsTerminatedEveryFutureIsDone() throws Exception {
    var futures = new ArrayList<Future<?>>();
    for (int i = 0; i < 20; i++) {
      futures.add(executor.submit((Runnable) NOTHING));
    }
    executor.shutdown();
    assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(futures).allMatch(Future::isDone);
  }

  // close

  @Test
  void closeWaitsForEverything() throws Exception {
    var future =
        executor.submit(
            task(() -> {
              Thread.sleep(100);
              return "done";
            }));
    var waiting = executor.submit(task(() -> "too"));
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(future.resultNow()).isEqualTo("done");
    assertThat(waiting.resultNow()).isEqualTo("too");
    executor.close();
  }

  @Test
  void closeAfterShutdownNow() throws Exception {
    running();
    executor.shutdownNow();
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void anInterruptedCloseStopsTheTasksAndKeepsTheFlag() throws Exception {
    var running = running();
    var waiting = executor.submit(task(() -> 1));
    var flag = new AtomicBoolean();
    assertThat(
            thrownWhenInterrupted(() -> {
              executor.close();
              flag.set(Thread.currentThread().isInterrupted());
            }))
        .isNull();
    assertThat(flag).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(running.interrupted().isRaised()).isTrue();
    assertThat(waiting.isDone()).isFalse();
  }

  @Test
  void closeByAThreadThatIsInterruptedAlreadyStopsTheTasks() throws Exception {
    var running = running();
    Thread.currentThread().interrupt();
    executor.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(running.interrupted().isRaised()).isTrue();
  }

  @Test
  void manyThreadsMayCloseAtOnce() throws Exception {
    var running = running();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 5; i++) {
      threads.add(Thread.ofPlatform().start(executor::close));
    }
    for (var thread : threads) {
      awaitWaiting(thread);
    }
    running.release().raise();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(List.of(executor.isShutdown(), executor.isTerminated())).containsOnly(true);
  }
}
