package dev.segue.cluster.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.Async;
import dev.segue.cluster.Attempt;
import dev.segue.cluster.SparkExecutor;
import dev.segue.cluster.TestContext;
import dev.segue.futures.Futures;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.TaskNotSerializableException;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import dev.segue.futures.WorkFuture;
import dev.segue.process.contract.Blocker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an executor on Spark promises beyond the contracts of every executor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@ExtendWith(TestContext.EndsAfterwards.class)
class SparkExecutorTest {
  private static final SerializableRunnable NOTHING = () -> {};

  @TempDir Path folder;
  private SparkExecutor pool;

  @BeforeAll
  void open() {
    pool = TestContext.executor(1).build();
  }

  @AfterAll
  void close() {
    pool.close();
  }

  private Blocker blocker() {
    return Blocker.in(folder);
  }

  private static CompletableFuture<?> ended(Future<?> future) {
    return ((WorkFuture<?>) future).ended().toCompletableFuture();
  }

  private static void awaitEnd(Future<?> future) throws Exception {
    ended(future).get(60, TimeUnit.SECONDS);
  }

  // The end of the work.

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
    try (var two = TestContext.executor(4).build()) { // Spark has more slots than run
      var blockers = List.of(blocker(), blocker(), blocker(), blocker());
      for (var blocker : blockers) {
        two.execute(blocker.asRunnable());
      }
      for (var blocker : blockers) {
        blocker.begun().await();
      }
      try (var other = TestContext.executor().build()) {
        List<Future<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) { // some wait here, and some with Spark
          waiting.add(other.submit(() -> 1));
        }
        while (other.stats().running() == 0) {
          Thread.sleep(1);
        }
        for (var future : waiting) {
          assertThat(future.cancel(true)).isTrue();
          assertThat(ended(future)).isDone();
        }
        blockers.forEach(blocker -> blocker.release().raise());
      }
    }
  }

  @Test
  void aTaskMayBeCancelledAtAnyPoint() throws Exception {
    var futures = new ArrayList<Future<Integer>>();
    try (var four = TestContext.executor().build()) {
      for (int i = 0; i < 300; i++) {
        int n = i;
        futures.add(
            four.submit(() -> {
              Thread.sleep(n % 4);
              return n;
            }));
        if (i % 3 != 0) {
          futures.get(i * 2 / 3).cancel(i % 2 == 0);
        }
      }
      for (var future : futures) {
        awaitEnd(future);
      }
      for (int i = 0; i < futures.size(); i++) {
        if (!futures.get(i).isCancelled()) {
          assertThat(futures.get(i).resultNow()).isEqualTo(i);
        }
      }
      var stats = four.stats();
      assertThat(stats.queued() + stats.running()).isZero();
    }
  }

  @Test
  void runOfATaskThatWasNotReturnedDoesNothing() throws Exception {
    var blocker = blocker();
    var running = pool.submit(blocker);
    blocker.begun().await();
    var waiting = pool.submit(() -> Attempt.current().isPresent());
    ((RunnableFuture<?>) running).run();
    ((RunnableFuture<?>) waiting).run();
    assertThat(running.isDone()).isFalse();
    assertThat(waiting.isDone()).isFalse();
    blocker.release().raise();
    assertThat(running.get()).isEqualTo("released");
    assertThat(waiting.get()).isTrue();
  }

  // Time-outs.

  @Test
  void aTaskThatTakesTooLongFailsAndIsInterrupted() throws Exception {
    var blocker = blocker();
    var options = TaskOptions.named("slow").withTimeout(Duration.ofMillis(50));
    var future = pool.submit(options, blocker);
    assertThatThrownBy(future::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("slow ran longer than 50 ms on executor driver");
    awaitEnd(future);
    assertThat(blocker.interrupted().isRaised()).isEqualTo(blocker.begun().isRaised());
    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
  }

  @Test
  void theExecutorsTimeOutIsForTasksWithoutOneOfTheirOwn() throws Exception {
    try (var hasty = TestContext.executor(1).taskTimeout(Duration.ofMillis(50)).build()) {
      assertThatThrownBy(() -> hasty.submit(blocker()).get())
          .cause()
          .isInstanceOf(TimeoutException.class);
      var patient = TaskOptions.DEFAULT.withTimeout(Duration.ofMinutes(1));
      Future<Integer> future =
          hasty.submit(
              patient,
              () -> {
                Thread.sleep(200);
                return 1;
              });
      assertThat(future.get()).isEqualTo(1);
    }
  }

  // Attempts and names.

  @Test
  void aTaskKnowsItsAttempt() throws Exception {
    var attempt = pool.submit(TaskOptions.named("sheep"), () -> Attempt.current().orElseThrow());
    assertThat(attempt.get().task()).isEqualTo("sheep");
    assertThat(attempt.get().number()).isZero();
    assertThat(attempt.get().executor()).isEqualTo("driver");
    assertThat(attempt.get().host()).isNotEmpty();
    assertThat(attempt.toString()).startsWith("sheep");
    assertThat(Attempt.current()).isEmpty();
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
  void aResultThatCannotTravelFailsItsTaskAlone() throws Exception {
    Future<Object> future = pool.submit(() -> new Thread());
    assertThatThrownBy(future::get).hasMessageContaining("Thread");
    assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
  }

  @Test
  void aResultMayBeLarge() throws Exception {
    assertThat(pool.submit(() -> new int[1_000_000]).get()).hasSize(1_000_000);
  }

  // A full queue.

  @Test
  void aFullQueueRejectsWhereItIsTold() throws Exception {
    try (var full =
        TestContext.executor(1).queueCapacity(5, 1 << 20).whenFull(WhenFull.REJECT).build()) {
      var blocker = blocker();
      full.execute(blocker.asRunnable());
      blocker.begun().await();
      List<Future<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        waiting.add(full.submit(() -> 1));
      }
      assertThatThrownBy(() -> full.submit(() -> 2))
          .isExactlyInstanceOf(RejectedExecutionException.class);
      waiting.getLast().cancel(false);
      var next = full.submit(() -> 3);
      blocker.release().raise();
      assertThat(next.get()).isEqualTo(3);
      for (var future : waiting.subList(0, 4)) {
        assertThat(future.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void aQueueIsFullOfBytesToo() throws Exception {
    try (var full =
        TestContext.executor(1).queueCapacity(100, 10_000).whenFull(WhenFull.REJECT).build()) {
      var blocker = blocker();
      full.execute(blocker.asRunnable());
      blocker.begun().await();
      var large = new byte[20_000];
      var first = full.submit(() -> large.length);
      assertThatThrownBy(() -> full.submit(() -> large.length))
          .isExactlyInstanceOf(RejectedExecutionException.class);
      blocker.release().raise();
      assertThat(first.get()).isEqualTo(20_000);
    }
  }

  @Test
  void aFullQueueHasTheSubmitterWait() throws Exception {
    try (var full = TestContext.executor(1).queueCapacity(5, 1 << 20).build()) {
      List<Future<Integer>> submitted = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        submitted.add(full.submit(() -> 1));
      }
      for (var future : submitted) {
        assertThat(future.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void anInterruptedSubmitterIsRejected() throws Exception {
    try (var full = TestContext.executor(1).queueCapacity(1, 1 << 20).build()) {
      var blocker = blocker();
      full.execute(blocker.asRunnable());
      blocker.begun().await();
      full.execute(NOTHING);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> full.submit(() -> 1))
          .isInstanceOf(RejectedExecutionException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
      blocker.release().raise();
    }
  }

  // With the rest of Segue.

  @Test
  void mapKeepsTheOrderAndTravelsInChunks() {
    var options = new Futures.MapOptions(20, 0, null);
    var numbers = IntStream.range(0, 200).boxed().toList();
    try (var squares = Futures.map(pool, x -> x * x, numbers, options)) {
      assertThat(squares.toList()).isEqualTo(numbers.stream().map(x -> x * x).toList());
    }
  }

  @Test
  void asCompletedReturnsTheFutures() throws Exception {
    var futures = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 20; i++) {
      int n = i;
      futures.add(pool.submit(() -> n));
    }
    var sum = 0;
    for (var future : Futures.asCompleted(futures)) {
      sum += future.resultNow();
    }
    assertThat(sum).isEqualTo(190);
  }

  @Test
  void anEventLoopRunsItsWorkHere() {
    String executor =
        Async.run(
            () -> Async.runInExecutor(pool, () -> Attempt.current().orElseThrow().executor()));
    assertThat(executor).isEqualTo("driver");
  }

  @Test
  void aTimeOutOnTheLoopStopsTheWork() {
    var blocker = blocker();
    assertThatThrownBy(() ->
            Async.run(() ->
                Async.timeout(Duration.ofMillis(200), () -> Async.runInExecutor(pool, blocker))))
        .isInstanceOf(TimeoutException.class);
    assertThat(blocker.interrupted().isRaised()).isEqualTo(blocker.begun().isRaised());
  }

  // Spark.

  @Test
  void theContextIsLeftOpen() {
    var context = TestContext.get();
    var other = SparkExecutor.on(context).build();
    assertThat(other.context()).isSameAs(context);
    other.close();
    assertThat(other.isTerminated()).isTrue();
    assertThat(context.isStopped()).isFalse();
  }

  @Test
  void aSecondContextIsRefused() {
    TestContext.get();
    assertThatIllegalStateException()
        .isThrownBy(() -> SparkExecutor.builder().master("local").build())
        .withMessageContaining("SparkExecutor.on(context)");
  }

  @Test
  void aGivenContextHasItsConfiguration() {
    assertThatIllegalStateException()
        .isThrownBy(() -> TestContext.executor().master("local"))
        .withMessageContaining("spark.master");
  }

  @Test
  void aClusterMustBeSet() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SparkExecutor.builder().build())
        .withMessageContaining("master(");
  }

  @Test
  void jobsOfTheProgramMayBeCancelledByOthers() throws Exception {
    var blocker = blocker();
    var future = pool.submit(TaskOptions.named("victim"), blocker);
    blocker.begun().await();
    TestContext.get().cancelAllJobs();
    assertThatThrownBy(future::get)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Spark could not run victim")
        .hasMessageContaining("cancel");
    assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
  }

  @Test
  void theFiguresAddUp() throws Exception {
    try (var own = TestContext.executor(2).build()) {
      var blocker = blocker();
      var running = own.submit(blocker);
      blocker.begun().await();
      assertThat(own.stats().running()).isEqualTo(1);
      assertThat(own.stats().slots()).isEqualTo(4);
      assertThat(own.stats().executors()).isEqualTo(1);
      running.cancel(true);
      awaitEnd(running);
      own.submit(() -> 1).get();
      assertThat(
              catchThrowable(() ->
                  own.submit(
                          () -> {
                            if (true) {
                              throw new IllegalStateException("no");
                            }
                            return 1;
                          })
                      .get()))
          .isNotNull();
      own.shutdown();
      assertThat(own.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      var stats = own.stats();
      assertThat(stats.succeeded()).isEqualTo(1);
      assertThat(stats.failed()).isEqualTo(1);
      assertThat(stats.cancelled()).isEqualTo(1);
      assertThat(stats.running()).isZero();
      assertThat(stats.sparkTasks()).isEqualTo(3);
    }
  }
}
