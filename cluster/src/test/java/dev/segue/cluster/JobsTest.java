package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** When Spark is given a job, and how large it is: Spark is played by the test. */
@Timeout(60)
@ExtendWith(TestContext.EndsAfterwards.class)
class JobsTest {
  private final SparkPool pool = pool(1);

  private static SparkPool pool(int maxBatch) {
    var pool =
        new SparkPool(
            new ClusterSettings(
                null,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                100_000,
                1 << 26,
                WhenFull.REJECT,
                maxBatch,
                Duration.ZERO,
                false,
                0),
            TestContext.get());
    pool.prepare();
    pool.executorAdded("1", "host", 2, Map.of());
    return pool;
  }

  @BeforeEach
  void submitSome() {
    submit(pool, 4); // of which two run, and two wait for a core
  }

  private static void submit(SparkPool to, int count) {
    SerializableCallable<Integer> task = () -> 1;
    for (int i = 0; i < count; i++) {
      var _ = to.submit(TaskOptions.DEFAULT, task);
    }
  }

  private static SparkJob nextJob(SparkPool of) {
    return Objects.requireNonNull(of.look().job(), "no job");
  }

  private void end(Slot slot) throws Exception {
    pool.send(slot);
    pool.arrived(slot, new byte[][] {RemoteCodec.encodeValue(1)});
  }

  @Test
  void fewTasksWaitWhileEachCoreHasOneThatRunsAndOneThatWaits() throws Exception {
    var job = nextJob(pool);
    assertThat(job.slots()).hasSize(4);
    submit(pool, 5);
    assertThat(pool.look().job()).isNull();
    end(job.slots().getFirst());
    assertThat(nextJob(pool).slots()).hasSize(5);
  }

  @Test
  void manyTasksMakeAJobBeforeACoreIsIdle() throws Exception {
    submit(pool, 200);
    var job = nextJob(pool);
    assertThat(job.slots()).hasSize(64);
    for (int i = 0; i < 31; i++) {
      end(job.slots().get(i));
    }
    assertThat(pool.look().job()).isNull();
    end(job.slots().get(31));
    assertThat(nextJob(pool).slots()).hasSize(32);
  }

  @Test
  void aJobOfBatchesHasAsManySlotsAsOneWithout() {
    var batches = pool(10);
    submit(batches, 10_000);
    var slots = nextJob(batches).slots();
    assertThat(slots).hasSize(64).allMatch(slot -> slot.tasks().size() == 10);
  }

  @Test
  void aTaskWhoseResultIsLostAgainAndAgainFailsInTheEnd() {
    var other = pool(1);
    SerializableCallable<Integer> task = () -> 1;
    var lost = other.submit(TaskOptions.DEFAULT, task);
    for (int i = 0; i < 4; i++) {
      assertThat(lost.isDone()).isFalse();
      var job = nextJob(other);
      var slot = job.slots().getFirst();
      other.send(slot);
      other.started(job.number(), 0, 0, 17 + i, "1", "host");
      loseResult(slot);
      job.cancel();
      other.failed(job, new SparkException("Job 3 cancelled"));
    }
    other.look();
    assertThat(lost)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .havingCause()
        .withMessageContaining("was lost in its 4th attempt")
        .withMessageContaining("Spark received its result and lost it");
  }

  /** Has so much time pass since Spark has last known of an attempt. */
  private static void loseResult(Slot slot) {
    var awaited = new AwaitedResults(TestContext.get());
    assertThat(slot.isResultLost(awaited, 0, 10)).isFalse();
    assertThat(slot.isResultLost(awaited, 10, 10)).isFalse();
    assertThat(slot.isResultLost(awaited, 11, 10)).isTrue();
  }

  @Test
  void anAttemptWhoseEndSparkHasToldIsNotMissed() {
    var job = nextJob(pool);
    var slot = job.slots().getFirst();
    var awaited = new AwaitedResults(TestContext.get());
    pool.send(slot);
    pool.started(job.number(), 0, 0, 17, "1", "host");
    pool.attemptEnded(job.number(), 0, 17, "its executor was lost");
    assertThat(slot.isResultLost(awaited, 0, 10)).isFalse();
    assertThat(slot.isResultLost(awaited, 11, 10)).isFalse();
  }

  @Test
  void nothingOfAnAttemptThatHasNotStartedIsMissed() {
    var slot = nextJob(pool).slots().getFirst();
    var awaited = new AwaitedResults(TestContext.get());
    pool.send(slot);
    assertThat(slot.isResultLost(awaited, 0, 10)).isFalse();
    assertThat(slot.isResultLost(awaited, 11, 10)).isFalse();
  }
}
