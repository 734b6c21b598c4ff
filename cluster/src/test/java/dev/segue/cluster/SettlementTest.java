package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import dev.segue.futures.WorkerLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of tasks when Spark loses or gives up what it has: Spark is played by the test. */
@Timeout(60)
@ExtendWith(TestContext.EndsAfterwards.class)
class SettlementTest {
  private static final byte[][] NOTHING = {};

  private SparkPool pool = pool(1);

  private static SparkPool pool(int maxBatch) {
    var settings =
        new ClusterSettings(
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            1000,
            1 << 20,
            WhenFull.REJECT,
            maxBatch,
            Duration.ZERO,
            false,
            0);
    var pool = new SparkPool(settings, TestContext.get());
    pool.prepare();
    return pool;
  }

  private Future<Integer> submit(TaskOptions options) {
    SerializableCallable<Integer> task = () -> 1;
    return pool.submit(options, task);
  }

  private List<Future<Integer>> submit(int count) {
    var futures = new ArrayList<Future<Integer>>();
    for (int i = 0; i < count; i++) {
      futures.add(submit(TaskOptions.DEFAULT));
    }
    return futures;
  }

  /** Lets the pool look at what has happened, until it has a job for Spark. */
  private SparkJob nextJob() {
    var look = pool.look();
    for (int i = 0; i < 10 && look.job() == null; i++) {
      look = pool.look();
    }
    return Objects.requireNonNull(look.job(), "no job");
  }

  /** Returns how often each task of a slot was sent before; none for one that is not sent now. */
  private List<Integer> send(Slot slot) {
    return Arrays.stream(pool.send(slot).items())
        .filter(Objects::nonNull)
        .map(Shipment.Item::attempt)
        .toList();
  }

  private void executors(int cores) {
    pool.executorAdded("1", "host", cores, Map.of());
  }

  private static Throwable abort(String cause) {
    return new SparkException("Job aborted due to stage failure: " + cause);
  }

  private static Throwable lost(int slot) {
    return abort(
        "Task "
            + slot
            + " in stage 7.0 failed 4 times, most recent failure: Lost task 0.3 in stage 7.0 (TID 9)"
            + " (host executor 1): ExecutorLostFailure (executor 1 exited caused by one of the"
            + " running tasks) Reason: Command exited with code 137");
  }

  private static AbstractThrowableAssert<?, ?> assertFailure(Future<?> future) {
    return assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).cause();
  }

  @Test
  void onlyTheTaskThatAJobNamesFailsAndTheOthersGoAgain() {
    executors(2);
    var futures = submit(3);
    var job = nextJob();
    job.slots().forEach(this::send);
    pool.failed(job, abort("Task 1 in stage 7.0 failed 4 times: java.lang.Error: boom"));
    var next = nextJob();
    assertThat(next.slots()).hasSize(2).noneMatch(slot -> slot.job().isAlone());
    assertThat(send(next.slots().getFirst())).containsExactly(1);
    assertFailure(futures.get(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Spark could not run task-2")
        .hasMessageContaining("boom");
    assertThat(futures.get(0).isDone() || futures.get(2).isDone()).isFalse();
  }

  @Test
  void ifAJobNamesNoneEachTaskIsTriedInAJobOfItsOwn() {
    executors(2);
    var futures = submit(2);
    pool.failed(nextJob(), abort("Total size of serialized results is bigger than allowed"));
    var first = nextJob();
    assertThat(first.slots()).hasSize(1);
    send(first.slots().getFirst());
    pool.failed(first, abort("Total size of serialized results is bigger than allowed"));
    var second = nextJob();
    assertThat(second.slots()).hasSize(1);
    assertFailure(futures.getFirst()).hasMessageContaining("Total size");
    assertThat(futures.getLast().isDone()).isFalse();
  }

  @Test
  void aJobThatNamesATaskThatHasEndedNamesNone() {
    executors(2);
    submit(2);
    var job = nextJob();
    send(job.slots().getFirst());
    pool.arrived(job.slots().getFirst(), new byte[][] {RemoteCodec.encodeFailure(new Error())});
    pool.failed(job, lost(0));
    assertThat(nextJob().isAlone()).isTrue();
  }

  @Test
  void aTaskWhoseResultIsLostWithItsExecutorIsLost() {
    executors(1);
    var future = submit(1).getFirst();
    var job = nextJob();
    send(job.slots().getFirst());
    pool.failed(
        job,
        abort(
            "Task 0 in stage 7.0 failed 4 times, most recent failure: Lost task 0.3 in stage 7.0 (TID"
                + " 9) (host executor 1): TaskResultLost (result lost from block manager)"));
    pool.look();
    assertFailure(future).isInstanceOf(WorkerLostException.class);
  }

  @Test
  void aTaskThatHadCompanyWhenItsExecutorDiedIsTriedAlone() {
    executors(4);
    var future = submit(1).getFirst();
    var slot = nextJob().slots().getFirst();
    assertThat(send(slot)).containsExactly(0);
    assertThat(send(slot)).as("the attempt after the loss").isEmpty();
    pool.arrived(slot, NOTHING);
    var alone = nextJob();
    assertThat(alone.isAlone()).isTrue();
    assertThat(alone.cores()).isEqualTo(4);
    assertThat(send(alone.slots().getFirst())).containsExactly(1);
    assertThat(future.isDone()).isFalse();
  }

  @Test
  void nothingElseIsStartedUntilATaskThatMustBeAloneHasItsExecutor() {
    executors(4);
    submit(1);
    var slot = nextJob().slots().getFirst();
    send(slot);
    send(slot);
    pool.arrived(slot, NOTHING);
    var alone = nextJob();
    submit(3);
    assertThat(pool.look().job()).isNull();
    send(alone.slots().getFirst());
    assertThat(nextJob().slots()).hasSize(3);
  }

  @Test
  void aTaskThatWasAloneWhenItsExecutorDiedGoesAgainByItself() {
    executors(1);
    submit(1);
    var slot = nextJob().slots().getFirst();
    assertThat(send(slot)).containsExactly(0);
    assertThat(send(slot)).containsExactly(1);
    assertThat(send(slot)).containsExactly(2);
    assertThat(pool.stats().repeated()).isEqualTo(2);
  }

  @Test
  void aTaskThatIsAloneFailsWhenSparkGivesItUp() {
    executors(1);
    var future = submit(1).getFirst();
    var job = nextJob();
    pool.started(job.number(), 0, 0, 17, "1", "host");
    send(job.slots().getFirst());
    pool.failed(job, lost(0));
    pool.look();
    assertFailure(future)
        .isInstanceOfSatisfying(
            WorkerLostException.class, lost -> assertThat(lost.exitCode()).hasValue(137))
        .hasMessageContaining("task-1 was lost in its first attempt");
  }

  @Test
  void aTaskThatMayNotBeStartedAgainFailsWithItsExecutor() {
    executors(1);
    var future = submit(TaskOptions.named("once").withRetries(0));
    var job = nextJob();
    var slot = job.slots().getFirst();
    assertThat(send(slot)).containsExactly(0);
    pool.started(job.number(), 0, 0, 17, "1", "host");
    pool.executorRemoved("1", "Command exited with code 7");
    assertThat(send(slot)).isEmpty();
    pool.arrived(slot, NOTHING);
    pool.look();
    assertFailure(future)
        .isInstanceOfSatisfying(
            WorkerLostException.class, lost -> assertThat(lost.exitCode()).hasValue(7))
        .hasMessageContaining("once was lost in its first attempt, on executor 1 (host)");
    assertThat(pool.stats().lostExecutors()).isEqualTo(1);
  }

  @Test
  void aTaskThatMayNotBeStartedAgainSharesNoJob() {
    executors(2);
    submit(2);
    submit(TaskOptions.DEFAULT.withRetries(0));
    submit(2);
    assertThat(nextJob().slots()).hasSize(2);
    assertThat(nextJob().slots()).hasSize(1);
    assertThat(nextJob().slots()).hasSize(2);
  }

  @Test
  void aTaskThatKillsExecutorsOfChangingSizesFailsInTheEnd() {
    executors(4);
    var future = submit(1).getFirst();
    for (int i = 0; i < 20 && !future.isDone(); i++) {
      var look = pool.look();
      if (look.job() != null) {
        var slot = look.job().slots().getFirst();
        send(slot);
        executors(5 + i); // so that it was not alone
        send(slot);
        pool.arrived(slot, NOTHING);
      } else {
        Thread.onSpinWait();
      }
    }
    assertFailure(future).isInstanceOf(WorkerLostException.class);
  }

  @Test
  void theTasksOfALostBatchAreTriedAlone() {
    pool = pool(10);
    executors(1);
    submit(20);
    var slot = nextJob().slots().getFirst();
    assertThat(slot.tasks()).hasSize(10);
    assertThat(send(slot)).hasSize(10);
    assertThat(send(slot)).isEmpty();
    pool.arrived(slot, NOTHING);
    var alone = nextJob();
    assertThat(alone.isAlone()).isTrue();
    assertThat(alone.slots().getFirst().tasks()).hasSize(1);
  }

  @Test
  void aKilledSlotSendsNothingAndItsWorkEnds() throws Exception {
    executors(4);
    var future = submit(1).getFirst();
    var slot = nextJob().slots().getFirst();
    send(slot);
    future.cancel(true);
    var ended = ((ClusterTask<?>) future).ended().toCompletableFuture();
    assertThat(ended).isNotDone();
    assertThat(send(slot)).isEmpty();
    pool.arrived(slot, NOTHING);
    pool.look();
    ended.get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatOthersCancelInSparkFails() {
    executors(2);
    var futures = submit(2);
    var job = nextJob();
    pool.failed(job, new SparkException("Job 3 cancelled as part of cancellation of all jobs"));
    pool.look();
    for (var future : futures) {
      assertFailure(future).hasMessageContaining("Spark could not run task-");
    }
  }

  @Test
  void whenTheClusterPutsTheApplicationOutEveryTaskFails() {
    executors(2);
    var futures = submit(200);
    pool.failed(nextJob(), abort("Master removed our application: FAILED"));
    pool.look();
    for (var future : futures) {
      assertFailure(future)
          .hasMessageContaining("can run nothing any more")
          .hasMessageContaining("Master removed our application");
    }
    assertThat(pool.isShutdown()).isTrue();
  }

  @Test
  void whatEachExecutorDoesCanBeSeen() {
    executors(2);
    submit(100);
    var job = nextJob();
    send(job.slots().getFirst());
    pool.started(job.number(), 0, 0, 17, "1", "host");
    var state = Objects.requireNonNull(pool.state());
    assertThat(state.queued()).isEqualTo(99);
    assertThat(state.workers())
        .singleElement()
        .satisfies(worker -> assertThat(worker.name()).isEqualTo("executor 1 (host)"))
        .satisfies(worker -> assertThat(worker.task()).isEqualTo("task-1"));
  }
}
