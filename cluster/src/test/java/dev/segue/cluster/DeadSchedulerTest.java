package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The thread of Spark's that starts and ends jobs runs out of memory. Spark goes on as if nothing
 * had been, until the next event for that thread: then it stops the context.
 */
@Tag("fault-injection")
@Timeout(60)
@ExtendWith(TestContext.EndsAfterwards.class)
class DeadSchedulerTest {
  private static final CountDownLatch BEGUN = new CountDownLatch(1);
  private static final CountDownLatch MAY_END = new CountDownLatch(1);

  /** Throws where Spark asks where it prefers to run. */
  private static final class Deadly extends RDD<Integer> {
    private record Only(int index) implements Partition {}

    Deadly(SparkContext context) {
      super(
          context,
          CollectionConverters.asScala(List.<org.apache.spark.Dependency<?>>of()).toSeq(),
          ClassTag$.MODULE$.apply(Integer.class));
    }

    @Override
    public Partition[] getPartitions() {
      return new Partition[] {new Only(0)};
    }

    @Override
    public Seq<String> getPreferredLocations(Partition partition) {
      throw new OutOfMemoryError("thrown by a test");
    }

    @Override
    public Iterator<Integer> compute(Partition partition, TaskContext task) {
      throw new AssertionError("it is not started");
    }
  }

  private static Integer hold() throws InterruptedException {
    BEGUN.countDown();
    MAY_END.await();
    return 1;
  }

  private static void killScheduler(SparkContext context) throws InterruptedException {
    Thread.ofVirtual().start(() -> new Deadly(context).count());
    var scheduler = context.dagScheduler().eventProcessLoop().eventThread();
    assertThat(scheduler.join(Duration.ofSeconds(30))).isTrue();
  }

  /** Spark tells it of the end while it stops the context, and waits. */
  private static final class SlowEnd extends SparkListener {
    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
      LockSupport.parkNanos(2_000_000_000);
    }
  }

  private static SparkExecutor withItsOwnContext() {
    return SparkExecutor.builder()
        .master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .build();
  }

  /** Spark stops the context by itself, on a thread that {@code close} has not begun. */
  @Test
  void afterItsEndThereCanBeAnotherAtOnce() throws Exception {
    TestContext.stop();
    try (var executor = withItsOwnContext()) {
      executor.context().addSparkListener(new SlowEnd());
      killScheduler(executor.context());
      var future = executor.submit(() -> 1); // which its next event is
      assertThatThrownBy(() -> future.get(50, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
    }
    try (var another = withItsOwnContext()) {
      assertThat(another.submit(() -> 1).get(50, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void everyTaskFailsWithTheReason() throws Exception {
    try (var executor = TestContext.executor(2).build()) {
      var futures = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 20; i++) { // some with Spark, and some here
        futures.add(executor.submit(DeadSchedulerTest::hold));
      }
      BEGUN.await();

      killScheduler(TestContext.get());
      futures.getFirst().cancel(true); // which its next event is

      for (var future : futures.subList(1, 20)) {
        assertThatThrownBy(() -> future.get(50, TimeUnit.SECONDS))
            .cause()
            .isInstanceOf(IllegalStateException.class)
            // By which of the two depends on whether Spark is quicker to stop or to cancel its
            // jobs.
            .hasMessageMatching(
                "(?s).*(its SparkContext has been stopped|cancellation of all jobs).*");
      }
      assertThatThrownBy(() -> executor.submit(() -> 1))
          .isInstanceOf(RejectedExecutionException.class);
      MAY_END.countDown();
      assertThat(executor.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
    }
  }
}
