package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cluster.LocalCluster;
import dev.segue.cluster.SparkExecutor;
import dev.segue.cluster.TestCluster;
import dev.segue.process.contract.Signal;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a cluster for each, of two workers with one core. */
@Tag("fault-injection")
@Tag("long")
@Timeout(400)
abstract class OwnCluster {
  @TempDir Path folder;

  final Endings endings = new Endings();
  private final List<Long> stopped = new ArrayList<>();
  TestCluster cluster;
  SparkExecutor pool;

  /** Starts a cluster and an executor on it. */
  void start(Map<String, String> ofCluster, Map<String, String> ofExecutor) {
    var builder = LocalCluster.builder();
    ofCluster.forEach(builder::config);
    cluster = TestCluster.start(builder);
    var executor = cluster.executor(1);
    ofExecutor.forEach(executor::config);
    pool = executor.build();
  }

  @AfterEach
  void end() {
    Processes.alive(stopped).forEach(Processes::resume);
    if (pool != null) {
      pool.shutdownNow();
      pool.close();
    }
    if (cluster != null) {
      cluster.close();
      assertThat(cluster.folder()).doesNotExist();
    }
  }

  Signal signal() {
    return new Signal(folder.resolve(UUID.randomUUID().toString()).toString());
  }

  /** Stops a process until the test ends. */
  void stop(long pid) {
    Processes.stop(pid);
    stopped.add(pid);
  }

  void resume(long pid) {
    stopped.remove(pid);
    Processes.resume(pid);
  }

  /** Submits tasks that return their numbers, after 20 ms each. */
  List<Future<Integer>> numbers(int count) {
    var numbers = new ArrayList<Future<Integer>>();
    for (int i = 0; i < count; i++) {
      int n = i;
      numbers.add(endings.watch(pool.submit(() -> Bodies.sleepAndReturn(n, 20))));
    }
    return numbers;
  }

  static void assertRight(List<Future<Integer>> numbers) throws Exception {
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(Await.result(numbers.get(i))).isEqualTo(i);
    }
  }

  /** Waits until both executors run tasks, and returns their processes. */
  Set<Long> awaitBoth() throws Exception {
    var pids = new HashSet<Long>();
    while (pids.size() < 2) { // until the test's time-out
      var futures = new ArrayList<Future<Long>>();
      for (int i = 0; i < 4; i++) {
        futures.add(pool.submit(() -> Bodies.pid() + Bodies.sleepAndReturn(0, 50)));
      }
      pids.clear();
      for (var future : futures) {
        pids.add(Await.result(future));
      }
    }
    return pids;
  }
}
