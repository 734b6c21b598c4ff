package dev.segue.bench.micro;

import dev.segue.Async;
import dev.segue.testing.Explorer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many schedules a second an explorer tries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/java.lang=ALL-UNNAMED")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ExplorerBenchmark {
  private static final int SCHEDULES = 10_000;

  private final Explorer all = Explorer.builder().schedules(SCHEDULES).build();
  private final Explorer random = Explorer.builder().schedules(SCHEDULES).holds(0).build();

  /** Two updates of one field, one of which is kept whole; half of the schedules are random. */
  @Benchmark
  @OperationsPerInvocation(SCHEDULES)
  public int updates() {
    return all.explore(ExplorerBenchmark::update).schedules();
  }

  /** The same, all at random. */
  @Benchmark
  @OperationsPerInvocation(SCHEDULES)
  public int updatesAtRandom() {
    return random.explore(ExplorerBenchmark::update).schedules();
  }

  /** So long that the budget does not exhaust it. */
  private static void update() {
    int[] field = {0};
    Async.gather(
        () -> {
          for (int i = 0; i < 8; i++) {
            Async.checkpoint();
          }
          int read = field[0];
          field[0] = read + 1;
        },
        () -> {
          for (int i = 0; i < 8; i++) {
            Async.checkpoint();
          }
          field[0]++;
        });
  }
}
