package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.TaskNotSerializableException;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.WorkerLostException;
import dev.segue.process.ProcessPoolExecutor;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a process pool promises beyond the contracts of every executor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessPoolTest extends ExecutorContract {
  private static final SerializableRunnable NOTHING = () -> {};

  private ProcessPoolExecutor pool;

  @Override
  protected ExecutorService newExecutor(int parallelism) {
    return builder(parallelism).build();
  }

  private static ProcessPoolExecutor.Builder builder(int workers) {
    return ProcessPoolExecutor.builder().maxWorkers(workers);
  }

  @BeforeAll
  void open() {
    pool = builder(1).build();
  }

  @AfterAll
  void close() {
    pool.close();
  }

  private static CompletableFuture<Void> ended(Future<?> future) {
    return ((WorkFuture<?>) future).ended().toCompletableFuture().thenApply(_ -> null);
  }

  private static void awaitEnd(Future<?> future) throws Exception {
    ended(future).get(120, TimeUnit.SECONDS);
  }

  // The end of the work.

  @Test
  void theWorkOfADoneFutureHasEnded() throws Exception {
    var future = pool.submit(() -> 1);
    assertThat(future.get()).isEqualTo(1);
    awaitEnd(future);
    var failed = pool.submit((Callable<?>) failing("no"));
    assertThat(catchThrowable(failed::get)).isNotNull();
    awaitEnd(failed);
  }

  @Test
  void theWorkOfACancelledFutureEndsLaterThanTheFuture() throws Exception {
    var blocker = blocker();
    var future = pool.submit(blocker);
    blocker.begun().await();
    future.cancel(false);
    assertThat(future.isDone()).isTrue();
    assertThat(ended(future)).isNotDone();
    blocker.release().raise();
    awaitEnd(future);
    assertThat(blocker.returned().isRaised()).isTrue();
  }

  @Test
  void theWorkOfAnInterruptedTaskEndsWithTheTask() throws Exception {
    var blocker = blocker();
    var future = pool.submit(blocker);
    blocker.begun().await();
    future.cancel(true);
    awaitEnd(future);
    assertThat(blocker.interrupted().isRaised()).isTrue();
  }

  @Test
  void theWorkOfATaskThatNeverBeganHasEndedAtTheCancel() throws Exception {
    var blocker = blocker();
    var running = pool.submit(blocker);
    blocker.begun().await();
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 200; i++) { // some wait here, and some with the worker
      waiting.add(pool.submit(() -> 1));
    }
    for (var future : waiting) {
      assertThat(future.cancel(true)).isTrue();
      assertThat(ended(future)).isDone();
    }
    blocker.release().raise();
    assertThat(running.get()).isEqualTo("released");
  }

  @Test
  void theWorkOfATaskThatIgnoresInterruptsEndsWithItsWorker() throws Exception {
    try (var merciless = builder(1).cancelGrace(Duration.ZERO).build()) {
      var begun = signal("begun");
      Future<?> future =
          merciless.submit(() -> {
            begun.raise();
            while (true) {
              Thread.onSpinWait();
            }
          });
      begun.await();
      future.cancel(true);
      awaitEnd(future);
      Future<Integer> next = merciless.submit(() -> 2);
      assertThat(next.get()).isEqualTo(2);
    }
  }

  @Test
  void theWorkOfAReturnedTaskEndsWhenItHasRunHere() throws Exception {
    var own = builder(1).build();
    var blocker = blocker();
    own.execute(blocker.asRunnable());
    blocker.begun().await();
    var waiting = own.submit(() -> 1);
    var cancelled = own.submit(() -> 2);
    var returned = own.shutdownNow();
    assertThat(ended(waiting)).isNotDone();
    cancelled.cancel(false);
    assertThat(ended(cancelled)).isDone();
    returned.forEach(Runnable::run);
    assertThat(ended(waiting)).isDone();
    own.close();
  }

  // The task as a RunnableFuture.

  @Test
  void runOfATaskThatWasNotReturnedDoesNothing() throws Exception {
    var blocker = blocker();
    var running = pool.submit(blocker);
    blocker.begun().await();
    var waiting = pool.submit(() -> ProcessHandle.current().pid());
    ((RunnableFuture<?>) running).run();
    ((RunnableFuture<?>) waiting).run();
    assertThat(running.isDone()).isFalse();
    assertThat(waiting.isDone()).isFalse();
    blocker.release().raise();
    assertThat(running.get()).isEqualTo("released");
    assertThat(waiting.get()).isNotEqualTo(ProcessHandle.current().pid());
    ((RunnableFuture<?>) waiting).run();
    assertThat(waiting.get()).isNotEqualTo(ProcessHandle.current().pid());
  }

  // Terminated.

  @Test
  void terminatedMeansThatNoWorkerIsLeft() throws Exception {
    var own = builder(2).build();
    var blockers = List.of(blocker(), blocker());
    for (var blocker : blockers) {
      own.execute(blocker.asRunnable());
    }
    for (var blocker : blockers) {
      blocker.begun().await();
    }
    var pids = own.workers().stream().map(WorkerInfo::pid).toList();
    assertThat(pids).hasSize(2).allMatch(pid -> ProcessHandle.of(pid).isPresent());
    own.shutdown();
    blockers.getFirst().release().raise();
    assertThat(own.awaitTermination(300, TimeUnit.MILLISECONDS)).isFalse();
    blockers.getLast().release().raise();
    assertThat(own.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    assertThat(own.workers()).isEmpty();
  }

  @Test
  void killWorkersCancelsWhatWaitsAndFailsWhatRuns() throws Exception {
    var own = builder(1).build();
    var blocker = blocker();
    var running = own.submit(blocker);
    blocker.begun().await();
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      waiting.add(own.submit(() -> 1));
    }
    own.killWorkers();
    assertThat(own.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThat(waiting).allMatch(Future::isCancelled);
    assertThatThrownBy(running::get).cause().isInstanceOf(WorkerLostException.class);
    assertThat(blocker.interrupted().isRaised()).isFalse();
    assertThat(own.shutdownNow()).isEmpty();
  }

  // Null.

  @Test
  void theOverloadsRefuseNullToo() {
    assertThatNullPointerException().isThrownBy(() -> pool.execute((SerializableRunnable) null));
    assertThatNullPointerException().isThrownBy(() -> pool.submit((SerializableRunnable) null));
    assertThatNullPointerException().isThrownBy(() -> pool.submit((SerializableRunnable) null, 1));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.submit((SerializableCallable<Integer>) null));
    assertThatNullPointerException().isThrownBy(() -> pool.submit((TaskOptions) null, NOTHING));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.submit(TaskOptions.DEFAULT, (SerializableRunnable) null));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.submit(TaskOptions.DEFAULT, (SerializableCallable<Integer>) null));
  }

  // What is serialized.

  @Test
  void theTaskIsCopiedAtSubmit() throws Exception {
    var blocker = blocker();
    pool.execute(blocker.asRunnable());
    blocker.begun().await();
    var list = new ArrayList<>(List.of(1, 2, 3));
    var size = pool.submit(() -> list.size());
    list.clear();
    blocker.release().raise();
    assertThat(size.get()).isEqualTo(3);
  }

  @Test
  void whatCannotTravelIsRefusedAndNothingElseIsHarmed() throws Exception {
    Callable<Integer> plain = () -> 1;
    assertThatThrownBy(() -> pool.submit(plain))
        .isInstanceOf(TaskNotSerializableException.class)
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.execute((Runnable) new Thread()::start))
        .isInstanceOf(TaskNotSerializableException.class);
    assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
  }

  @Test
  void invokeAllOfSomethingThatCannotTravelCancelsTheRest() throws Exception {
    var blocker = blocker();
    Callable<String> plain = () -> "no";
    assertThatThrownBy(() -> pool.invokeAll(List.of(blocker, plain)))
        .isInstanceOf(TaskNotSerializableException.class);
    assertThatThrownBy(() -> pool.invokeAny(List.of(blocker, plain)))
        .isInstanceOf(TaskNotSerializableException.class);
    assertThat(pool.submit(() -> "the worker is free").get(20, TimeUnit.SECONDS)).isNotNull();
  }

  // A full queue.

  /** Makes a pool with a running task and a full queue. */
  private List<Future<Integer>> fill(ProcessPoolExecutor full, Blocker blocker) throws Exception {
    full.execute(blocker.asRunnable());
    blocker.begun().await();
    List<Future<Integer>> waiting = new ArrayList<>();
    int before;
    do {
      before = waiting.size();
      if (catchThrowable(() -> waiting.add(full.submit(() -> 1))) != null) {
        break;
      }
    } while (waiting.size() > before);
    return waiting;
  }

  @Test
  void aFullQueueRejectsWhereItIsTold() throws Exception {
    try (var full = builder(1).queueCapacity(5, 1 << 20).whenFull(WhenFull.REJECT).build()) {
      var blocker = blocker();
      var waiting = fill(full, blocker);
      assertThat(waiting).hasSizeGreaterThanOrEqualTo(5);
      assertThatThrownBy(() -> full.submit(() -> 2))
          .isExactlyInstanceOf(RejectedExecutionException.class);
      waiting.getLast().cancel(false);
      var next = full.submit(() -> 3);
      blocker.release().raise();
      assertThat(next.get()).isEqualTo(3);
      for (var future : waiting.subList(0, waiting.size() - 1)) {
        assertThat(future.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void aFullQueueHasTheSubmitterWait() throws Exception {
    try (var full = builder(1).queueCapacity(5, 1 << 20).build()) {
      var blocker = blocker();
      full.execute(blocker.asRunnable());
      blocker.begun().await();
      List<Future<Integer>> submitted = new ArrayList<>();
      var submitter =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 1000; i++) {
                  submitted.add(full.submit(() -> 1));
                }
              });
      awaitWaiting(submitter);
      blocker.release().raise();
      submitter.join();
      assertThat(submitted).hasSize(1000);
      for (var future : submitted) {
        assertThat(future.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void anInterruptedOrShutOutSubmitterIsRejected() throws Exception {
    var full = builder(1).queueCapacity(5, 1 << 20).build();
    full.submit(blocker());
    assertThat(
            thrownWhenInterrupted(() -> {
              while (true) {
                full.submit(() -> 1);
              }
            }))
        .isInstanceOf(RejectedExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    var rejected = new CompletableFuture<Throwable>();
    var submitter =
        Thread.ofPlatform()
            .start(() -> rejected.complete(catchThrowable(() -> full.submit(() -> 1))));
    awaitWaiting(submitter);
    full.shutdownNow();
    assertThat(rejected.get(120, TimeUnit.SECONDS))
        .isInstanceOf(RejectedExecutionException.class)
        .hasNoCause();
    full.close();
  }

  // Names.

  @Test
  void aTaskIsCalledByItsName() throws Exception {
    var future = pool.submit(TaskOptions.named("count the sheep"), () -> 1);
    assertThat(future.toString()).startsWith("count the sheep");
    future.get();
    assertThat(future.toString()).startsWith("count the sheep");
  }
}
