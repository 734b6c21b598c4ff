package dev.segue.cluster.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.Attempt;
import dev.segue.cluster.SparkExecutor;
import dev.segue.cluster.TestContext;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WorkFuture;
import dev.segue.process.contract.Blocker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several tasks in one of Spark's. */
@Timeout(120)
@ExtendWith(TestContext.EndsAfterwards.class)
class BatchTest {
  @TempDir Path folder;
  private SparkExecutor pool;

  @BeforeEach
  void open() {
    pool = TestContext.executor(1).batch(100, Duration.ofMillis(200)).build();
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private List<Future<Integer>> numbers(int count) {
    var futures = new ArrayList<Future<Integer>>();
    for (int i = 0; i < count; i++) {
      int n = i;
      futures.add(
          pool.submit(() -> {
            if (n % 10 == 3) {
              throw new IllegalStateException("no " + n);
            }
            return n;
          }));
    }
    return futures;
  }

  private static void awaitEnd(Future<?> future) throws Exception {
    ((WorkFuture<?>) future).ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void eachTaskHasItsOwnResultOrFailure() throws Exception {
    var futures = numbers(400);
    for (int i = 0; i < futures.size(); i++) {
      var future = futures.get(i);
      if (i % 10 == 3) {
        assertThatThrownBy(future::get).hasRootCauseMessage("no " + i);
      } else {
        assertThat(future.get()).isEqualTo(i);
      }
    }
    assertThat(pool.stats().sparkTasks()).isLessThan(40);
  }

  @Test
  void aTaskThatIsAloneIsNotKeptForLong() throws Exception {
    assertThat(pool.submit(() -> 1).get(60, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void aCancelledTaskTakesNoOtherAlong() throws Exception {
    var blocker = Blocker.in(folder);
    var before = pool.submit(() -> 1);
    var running = pool.submit(blocker);
    var after = pool.submit(() -> 2);
    blocker.begun().await();
    running.cancel(true);
    awaitEnd(running);
    assertThat(blocker.interrupted().isRaised()).isTrue();
    assertThat(before.get()).isEqualTo(1);
    assertThat(after.get()).isEqualTo(2);
  }

  @Test
  void manyCancelsAtOnceAreOneKill() throws Exception {
    var blocker = Blocker.in(folder);
    var running = pool.submit(blocker);
    var others = numbers(50);
    blocker.begun().await();
    others.forEach(other -> other.cancel(true));
    running.cancel(true);
    for (var other : others) {
      awaitEnd(other);
    }
    awaitEnd(running);
    assertThat(pool.stats().sparkTasks()).isEqualTo(1);
  }

  @Test
  void aTaskThatTakesTooLongFailsAlone() throws Exception {
    var options = TaskOptions.DEFAULT.withTimeout(Duration.ofMillis(300));
    var before = pool.submit(options, () -> 1);
    var slow = pool.submit(options, Blocker.in(folder));
    var after = pool.submit(options, () -> 2);
    assertThatThrownBy(slow::get).cause().isInstanceOf(TimeoutException.class);
    assertThat(before.get()).isEqualTo(1);
    assertThat(after.get()).isEqualTo(2);
  }

  @Test
  void aTaskThatMayNotBeStartedAgainIsInNoBatch() throws Exception {
    var blocker = Blocker.in(folder);
    var running = pool.submit(blocker);
    var options = TaskOptions.DEFAULT.withRetries(0);
    var once = pool.submit(options, () -> Attempt.current().orElseThrow().number());
    var others = numbers(40);
    blocker.begun().await();
    running.cancel(true); // which ends whatever is in the same batch
    assertThat(once.get()).isZero();
    assertThat(others.getFirst().get()).isZero();
  }

  @Test
  void shutdownNowReturnsWhatNoExecutorHas() throws Exception {
    var blocker = Blocker.in(folder);
    var running = pool.submit(blocker);
    blocker.begun().await();
    var waiting = numbers(50);
    var returned = pool.shutdownNow();
    assertThat(returned).hasSize(50);
    assertThatThrownBy(running::get).cause().isInstanceOf(InterruptedException.class);
    returned.getFirst().run();
    assertThat(waiting.getFirst().get()).isZero();
  }
}
