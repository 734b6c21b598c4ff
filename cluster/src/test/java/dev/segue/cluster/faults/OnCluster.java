package dev.segue.cluster.faults;

import dev.segue.cluster.SparkExecutor;
import dev.segue.cluster.TestCluster;
import dev.segue.futures.TaskOptions;
import dev.segue.process.contract.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests with one context on the cluster of all tests. */
@Tag("fault-injection")
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnCluster {
  /** How often Spark starts a task whose executors are lost. */
  static final int MAX_FAILURES = 2;

  @TempDir Path folder;

  final TestCluster cluster = TestCluster.shared();
  private final int cores;

  /** Has the context, which ends with it. */
  SparkExecutor pool;

  OnCluster(int cores) {
    this.cores = cores;
  }

  @BeforeAll
  void open() {
    pool =
        cluster
            .executor(cores)
            .config("spark.task.maxFailures", Integer.toString(MAX_FAILURES))
            .cancelGrace(Duration.ofMillis(500))
            .build();
  }

  @AfterAll
  void close() {
    pool.close();
  }

  /** Returns a builder of further executors on the same context. */
  SparkExecutor.Builder another() {
    return SparkExecutor.on(pool.context());
  }

  Signal signal() {
    return new Signal(folder.resolve(UUID.randomUUID().toString()).toString());
  }

  static TaskOptions named(String name) {
    return TaskOptions.named(name);
  }
}
