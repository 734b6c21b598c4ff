package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.StageInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Spark's threads run is out of memory, or throws: Spark goes on, and no task is lost. Spark
 * is played by the test.
 */
@Timeout(60)
@ExtendWith(TestContext.EndsAfterwards.class)
class SchedulerThreadsTest {
  private static final byte[][] NOTHING = {};

  private final SparkPool pool =
      new SparkPool(
          new ClusterSettings(
              null,
              Duration.ofSeconds(1),
              Duration.ofSeconds(60),
              1000,
              1 << 20,
              WhenFull.REJECT,
              4,
              Duration.ZERO,
              false,
              0),
          TestContext.get());

  /** Tasks in a list that fails to give the one at an index, as if there were no memory for it. */
  private static final class Failing extends AbstractList<ClusterTask<?>> {
    private final List<ClusterTask<?>> tasks;
    private int at = -1;
    private Error error = new OutOfMemoryError("full");

    Failing(List<ClusterTask<?>> tasks) {
      this.tasks = tasks;
    }

    @Override
    public ClusterTask<?> get(int index) {
      if (index == at) {
        throw error;
      }
      return tasks.get(index);
    }

    @Override
    public int size() {
      return tasks.size();
    }
  }

  @BeforeEach
  void prepare() {
    pool.prepare();
    pool.executorAdded("1", "host", 1, Map.of());
  }

  private List<Future<Integer>> submit(int count) {
    var futures = new ArrayList<Future<Integer>>();
    SerializableCallable<Integer> task = () -> 1;
    for (int i = 0; i < count; i++) {
      futures.add(pool.submit(TaskOptions.DEFAULT, task));
    }
    return futures;
  }

  private SparkJob nextJob() {
    return Objects.requireNonNull(pool.look().job(), "no job");
  }

  /** Puts another slot in the place of a job's first one; the others stay as they are. */
  private Slot failing(SparkJob job, Failing tasks) {
    var slot = new Slot(pool, job, 0, tasks);
    tasks.tasks.forEach(task -> task.given(slot));
    job.setSlots(List.of(slot));
    return slot;
  }

  private static Failing tasksOf(SparkJob job) {
    return new Failing(job.slots().getFirst().tasks());
  }

  private static int sent(Shipment shipment) {
    return (int) Arrays.stream(shipment.items()).filter(Objects::nonNull).count();
  }

  @Test
  void tasksThatCannotBeSentForWantOfMemoryGoAgainAsIfNeverStarted() {
    submit(4);
    var job = nextJob();
    var tasks = tasksOf(job);
    var slot = failing(job, tasks);
    tasks.at = 1;
    assertThat(sent(pool.send(slot))).isEqualTo(0);
    tasks.at = -1;
    pool.arrived(slot, NOTHING);
    var next = nextJob();
    for (int i = 0; i < next.slots().size(); i++) {
      var again = pool.send(next.slots().get(i));
      assertThat(again.items()).singleElement().extracting(Shipment.Item::attempt).isEqualTo(0);
    }
    assertThat(pool.stats().repeated()).isEqualTo(0);
  }

  @Test
  void aTaskThatCannotBeSentTwiceFailsWithTheReason() {
    var future = submit(1).getFirst();
    for (int i = 0; i < 2; i++) {
      assertThat(future.isDone()).isFalse();
      var job = nextJob();
      var tasks = tasksOf(job);
      tasks.error = new StackOverflowError("too deep");
      var slot = failing(job, tasks);
      tasks.at = 0;
      assertThat(sent(pool.send(slot))).isEqualTo(0);
      tasks.at = -1;
      pool.arrived(slot, NOTHING);
    }
    pool.look();
    assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS))
        .cause()
        .hasMessageContaining("Spark could not run task-1: java.lang.StackOverflowError: too deep");
  }

  @Test
  void aLookThatFailsHalfwayIsDoneAgainAndLosesNothing() throws Exception {
    var futures = submit(8);
    var job = nextJob();
    var tasks = tasksOf(job);
    var slot = failing(job, tasks);
    assertThat(tasks).hasSize(4);
    assertThat(sent(pool.send(slot))).isEqualTo(tasks.size());
    var results = new byte[tasks.size()][];
    results[0] = RemoteCodec.encodeValue(5);
    results[2] = RemoteCodec.encodeValue(7);
    pool.arrived(slot, results);
    tasks.at = 2;
    assertThatThrownBy(pool::look).isInstanceOf(OutOfMemoryError.class);
    assertThat(futures.get(0).get(30, TimeUnit.SECONDS)).isEqualTo(5);
    tasks.at = -1;
    var next = nextJob();
    assertThat(futures.get(2).get(30, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(next.slots().getFirst().tasks().getFirst().name()).isEqualTo("task-2");
  }

  @Test
  void whatSparkTellsIsNotedWithoutMemory() {
    submit(40);
    var job = nextJob();
    var slots = job.slots();
    slots.forEach(pool::send);
    var why = new IllegalStateException("failed");
    pool.failed(new SparkJob(-1, false, 1), why);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < slots.size(); i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      pool.arrived(slots.get(i), NOTHING);
      pool.failed(job, why);
      long after = threads.getCurrentThreadAllocatedBytes();
      if (i > 0) {
        assertThat(after - before).isEqualTo(0);
      }
    }
  }

  @Test
  void whatSparkTellsIsTakenInOnceThereIsMemory() {
    submit(1);
    var job = nextJob();
    pool.send(job.slots().getFirst());
    var asked = new AtomicInteger();
    var properties =
        new Properties() {
          @Override
          public String getProperty(String key, String otherwise) {
            if (asked.incrementAndGet() < 3) {
              throw new OutOfMemoryError("full");
            }
            return otherwise;
          }
        };
    new SparkEvents(pool).onEvent(started(properties));
    assertThat(asked).hasValue(3);
  }

  @Test
  void whatCannotBeTakenInEndsNoThreadOfSparks() {
    var asked = new AtomicInteger();
    var properties =
        new Properties() {
          @Override
          public String getProperty(String key, String otherwise) {
            asked.incrementAndGet();
            throw new IllegalStateException("broken");
          }
        };
    new SparkEvents(pool).onEvent(started(properties));
    assertThat(asked).hasValue(1);
  }

  private static SparkListenerJobStart started(Properties properties) {
    return new SparkListenerJobStart(
        1, 0, CollectionConverters.asScala(List.<StageInfo>of()).toSeq(), properties);
  }

  @Test
  void aSlotThatSparkForgetsIsNoticed() {
    submit(1);
    var slot = nextJob().slots().getFirst();
    long patience = TimeUnit.SECONDS.toNanos(1);
    assertThat(slot.isStartOverdue(System.nanoTime() + 2 * patience, patience)).isFalse();
    pool.send(slot);
    assertThat(slot.isStartOverdue(System.nanoTime(), TimeUnit.HOURS.toNanos(1))).isFalse();
    assertThat(slot.isStartOverdue(System.nanoTime() + 2 * patience, patience)).isTrue();
    pool.started(slot.job().number(), 0, 0, 17, "1", "host");
    assertThat(slot.isStartOverdue(System.nanoTime() + 2 * patience, patience)).isFalse();
  }
}
