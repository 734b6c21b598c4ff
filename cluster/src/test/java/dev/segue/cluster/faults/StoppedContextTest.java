package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.process.contract.Blocker;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A context that is stopped under running tasks. */
class StoppedContextTest extends OwnCluster {
  @Test
  void everyTaskFailsWithTheReasonAndNoExecutorIsLeft() throws Exception {
    start(Map.of(), Map.of());
    var executors = awaitBoth();
    var futures = blocked();

    pool.context().stop();

    assertAllFailed(futures, "its SparkContext has been stopped");
    Await.until("no executor is left", () -> Processes.alive(executors).isEmpty());
  }

  /** Submits tasks of which two run, and returns when they do. */
  private List<Future<?>> blocked() throws Exception {
    var futures = new ArrayList<Future<?>>();
    for (int i = 0; i < 2; i++) {
      var blocker = Blocker.in(folder);
      futures.add(endings.watch(pool.submit(blocker)));
      blocker.begun().await();
    }
    for (int i = 0; i < 200; i++) { // some with Spark, and some here
      futures.add(endings.watch(pool.submit(() -> 1)));
    }
    return futures;
  }

  private void assertAllFailed(List<Future<?>> futures, String why) throws Exception {
    for (var future : futures) {
      assertThat(Await.failure(future))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(why);
    }
    assertThat(pool.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    endings.assertOnceEach();
  }
}
