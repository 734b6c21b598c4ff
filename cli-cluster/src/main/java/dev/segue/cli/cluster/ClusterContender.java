package dev.segue.cli.cluster;

import dev.segue.bench.MergeSort;
import dev.segue.cluster.SparkExecutor;
import dev.segue.futures.SerializableCallable;
import dev.segue.process.ProcessPoolExecutor;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The executors of one cluster, reached in three ways: task by task, in batches, and by Spark's own
 * API; and the process pool beside them. Figures are in seconds and a second.
 */
final class ClusterContender implements AutoCloseable {
  /** How many of Spark's tasks a job of its own is cut into: two for each core. */
  private static final int PIECES = 2 * Machines.WORKERS;

  static final int MOST_IN_A_BATCH = 500;
  static final Duration LONGEST_DELAY = Duration.ofMillis(5);

  private final SparkExecutor executor;
  private final SparkExecutor batched;
  private final ProcessPoolExecutor pool;
  private final JavaSparkContext spark;

  /** Connects, and waits until the executors have started. */
  ClusterContender(String master) throws Exception {
    this.executor = SparkExecutor.builder().master(master).name("segue bench cluster").build();
    this.spark = JavaSparkContext.fromSparkContext(executor.context());
    this.batched =
        SparkExecutor.on(executor.context()).batch(MOST_IN_A_BATCH, LONGEST_DELAY).build();
    this.pool = ProcessPoolExecutor.builder().maxWorkers(Machines.WORKERS).build();
    SerializableCallable<Integer> first = () -> 1;
    for (var each : List.of(executor, batched, pool)) {
      each.submit(first).get();
    }
  }

  String version() {
    return spark.version();
  }

  SparkExecutor executor() {
    return executor;
  }

  SparkExecutor batched() {
    return batched;
  }

  /** One more that sends batches, in whose queue so many tasks find room. */
  SparkExecutor batched(int room) {
    return SparkExecutor.on(executor.context())
        .batch(MOST_IN_A_BATCH, LONGEST_DELAY)
        .queueCapacity(room, Long.MAX_VALUE)
        .build();
  }

  ProcessPoolExecutor pool() {
    return pool;
  }

  /** A job with one task. */
  double jobs(Duration atLeast) {
    int count = 0;
    long begin = System.nanoTime();
    do {
      spark.parallelize(List.of(1), 1).map(one -> one).collect();
      count++;
    } while (System.nanoTime() - begin < atLeast.toNanos());
    return since(begin) / count;
  }

  /** One job, each of whose tasks has many elements. */
  double elements(int count) {
    return elements(count, PIECES);
  }

  /** One job with a task for each element. */
  double tasks(int count) {
    return elements(count, count);
  }

  private double elements(int count, int pieces) {
    var elements = IntStream.range(0, count).boxed().toList();
    long begin = System.nanoTime();
    spark.parallelize(elements, pieces).map(one -> one).collect();
    return count / since(begin);
  }

  double echoes(int[] list, int lists) {
    // Java serialization would send one list, and then say that the others are the same.
    var all = Stream.generate(list::clone).limit(lists).toList();
    long begin = System.nanoTime();
    spark.parallelize(all, pieces(lists)).map(one -> one).collect();
    return lists / since(begin);
  }

  double sort(List<int[]> lists) {
    long begin = System.nanoTime();
    sort(spark, lists);
    return since(begin);
  }

  static void sort(JavaSparkContext spark, List<int[]> lists) {
    spark.parallelize(lists, pieces(lists.size())).map(list -> MergeSort.sort(list)).collect();
  }

  /** So that what a task carries stays far below what a message may hold. */
  private static int pieces(int lists) {
    return Math.max(PIECES, lists / 20);
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public void close() {
    pool.close();
    batched.close();
    executor.close();
  }
}
