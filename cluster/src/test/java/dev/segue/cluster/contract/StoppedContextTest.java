package dev.segue.cluster.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.TestContext;
import dev.segue.process.contract.Blocker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A context that is stopped while its executor has tasks. */
@Timeout(120)
@ExtendWith(TestContext.EndsAfterwards.class)
class StoppedContextTest {
  @TempDir Path folder;

  @Test
  void everyTaskFailsWithTheReasonAndTheExecutorTerminates() throws Exception {
    var pool = TestContext.executor(1).build();
    var blocker = Blocker.in(folder);
    var futures = new ArrayList<Future<?>>();
    futures.add(pool.submit(blocker));
    blocker.begun().await();
    for (int i = 0; i < 10; i++) {
      futures.add(pool.submit(() -> 1));
    }
    TestContext.stop();
    for (var future : futures) {
      assertThatThrownBy(() -> future.get(60, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("SparkContext has been stopped");
    }
    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> pool.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .cause()
        .hasMessageContaining("SparkContext has been stopped");
  }

  @Test
  void anExecutorWithoutTasksTerminatesToo() throws Exception {
    var pool = TestContext.executor(1).build();
    TestContext.stop();
    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }
}
