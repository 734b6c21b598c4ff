package dev.segue.cluster.faults;

import dev.segue.cluster.SparkExecutor;
import dev.segue.cluster.TestCluster;
import dev.segue.cluster.TestContext;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WorkFuture;
import dev.segue.process.contract.Blocker;
import dev.segue.process.contract.Signal;
import dev.segue.process.faults.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests on the cluster of all tests, which replaces the executors that they kill. Those that have
 * to wait for new ones take long.
 */
@Tag("fault-injection")
@Timeout(240)
abstract class OnCluster {
  /** How often Spark starts a task whose executors are lost. */
  static final int MAX_FAILURES = 2;

  @TempDir Path folder;

  final TestCluster cluster = TestCluster.shared();
  final Endings endings = new Endings();
  private final int cores;

  /** Shared by the tests, as its context takes seconds to start. */
  SparkExecutor pool;

  /**
   * Makes one.
   *
   * @param cores how many tasks each of the two executors runs at the same time
   */
  OnCluster(int cores) {
    this.cores = cores;
  }

  @BeforeEach
  void open() {
    pool = TestContext.onCluster(cores, MAX_FAILURES);
  }

  /** Returns a builder of further executors on the same context. */
  SparkExecutor.Builder another() {
    return SparkExecutor.on(pool.context());
  }

  Signal signal() {
    return new Signal(folder.resolve(UUID.randomUUID().toString()).toString());
  }

  Blocker blocker() {
    return Blocker.in(folder);
  }

  static TaskOptions named(String name) {
    return TaskOptions.named(name);
  }

  /** Submits tasks that return their numbers. */
  List<Future<Integer>> numbers(int count) {
    var numbers = new ArrayList<Future<Integer>>();
    for (int i = 0; i < count; i++) {
      int n = i;
      numbers.add(endings.watch(pool.submit(() -> Bodies.sleepAndReturn(n, 5))));
    }
    return numbers;
  }

  static void assertRight(List<Future<Integer>> numbers) throws Exception {
    for (int i = 0; i < numbers.size(); i++) {
      if (!Await.result(numbers.get(i)).equals(i)) {
        throw new AssertionError(i + " is " + numbers.get(i));
      }
    }
  }

  static void awaitEnd(Future<?> future) throws Exception {
    var _ = Await.result(((WorkFuture<?>) future).ended().toCompletableFuture());
  }
}
