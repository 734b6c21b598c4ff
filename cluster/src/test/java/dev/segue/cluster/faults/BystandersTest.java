package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cluster.Attempt;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WorkerLostException;
import dev.segue.process.contract.Signal;
import dev.segue.process.faults.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Executors that die while they run several tasks. */
class BystandersTest extends OnCluster {
  BystandersTest() {
    super(2);
  }

  @Test
  void onlyTheTaskThatHaltsItsJvmFails() throws Exception {
    var runs = folder.resolve("runs").toString();
    var release = signal();
    var bystanders = new ArrayList<Future<Integer>>();
    var begun = new ArrayList<Signal>();
    for (int i = 0; i < 3; i++) { // of four cores, so that one at least is beside the victim
      var signal = signal();
      begun.add(signal);
      bystanders.add(endings.watch(pool.submit(() -> standBy(signal, release))));
    }
    for (var signal : begun) {
      signal.await();
    }
    var victim =
        endings.watch(pool.submit(named("victim"), () -> Bodies.mark(runs) + Bodies.halt(9)));
    var later = numbers(20);

    Await.until("the victim has run", () -> Bodies.marks(runs) > 0);
    release.raise();

    assertThat(Await.failure(victim))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("victim was lost");
    int repeated = 0;
    for (var bystander : bystanders) {
      repeated += Await.result(bystander);
    }
    assertThat(repeated).as("attempts of bystanders that were lost").isPositive();
    assertThat(Bodies.marks(runs)).isBetween((long) MAX_FAILURES, 1L + MAX_FAILURES);
    assertRight(later);
    endings.assertOnceEach();
  }

  /** Returns how often it was started before. */
  private static int standBy(Signal begun, Signal release) throws InterruptedException {
    int attempt = Attempt.current().orElseThrow().number();
    if (attempt == 0) {
      begun.raise();
      release.await();
      Thread.sleep(2_000); // until the executor is lost, if it is the one
    }
    return attempt;
  }

  @Test
  @Tag("long")
  void aBystanderThatMayRunOnceIsLostWithItsExecutor() throws Exception {
    var release = signal();
    var once = TaskOptions.DEFAULT.withRetries(0);
    var bystanders = new ArrayList<Future<Long>>();
    var pids = new ArrayList<Long>();
    for (int i = 0; i < 3; i++) {
      var begun = signal();
      bystanders.add(endings.watch(pool.submit(once, () -> Bodies.holdUntil(begun, release))));
      pids.add(Bodies.pidOf(begun));
    }
    var begun = signal();
    var victim = endings.watch(pool.submit(once, () -> beginAndHalt(begun)));
    long pid = Bodies.pidOf(begun);

    assertThat(Await.failure(victim)).isInstanceOf(WorkerLostException.class);
    for (int i = 0; i < 3; i++) {
      if (pids.get(i) == pid) {
        assertThat(Await.failure(bystanders.get(i))).isInstanceOf(WorkerLostException.class);
      }
    }
    assertThat(pids).contains(pid);
    release.raise();
    for (int i = 0; i < 3; i++) {
      if (pids.get(i) != pid) {
        assertThat(Await.result(bystanders.get(i))).isEqualTo(pids.get(i));
      }
    }
    endings.assertOnceEach();
  }

  private static long beginAndHalt(Signal begun) {
    Bodies.begin(begun);
    return Bodies.halt(9);
  }

  @Test
  @Tag("long")
  void inABatchOnlyTheTaskThatHaltsItsJvmFails() throws Exception {
    var runs = folder.resolve("runs").toString();
    List<Future<Integer>> futures = new ArrayList<>();
    try (var batches = another().batch(20, Duration.ofMillis(100)).build()) {
      for (int i = 0; i < 100; i++) {
        int n = i;
        futures.add(endings.watch(batches.submit(() -> n == 37 ? haltMarked(runs) : n)));
      }
      for (int i = 0; i < 100; i++) {
        if (i == 37) {
          assertThat(Await.failure(futures.get(i))).isInstanceOf(WorkerLostException.class);
        } else {
          assertThat(Await.result(futures.get(i))).isEqualTo(i);
        }
      }
    }
    assertThat(Bodies.marks(runs)).isBetween((long) MAX_FAILURES, 1L + MAX_FAILURES);
    endings.assertOnceEach();
  }

  private static int haltMarked(String runs) throws IOException {
    Bodies.mark(runs);
    return (int) Bodies.halt(9);
  }
}
