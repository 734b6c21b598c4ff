package dev.segue.bench.micro;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A profiler of JMH that tells the processor time of an operation, of all threads of the JVM. On a
 * machine that does other things too, it varies less than the time on the clock: {@code bench/jmh
 * -prof dev.segue.bench.micro.ProcessorTime}.
 */
public final class ProcessorTime implements InternalProfiler {
  private long before;

  private static long now() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  @Override
  public String getDescription() {
    return "Processor time of an operation, of all threads";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = now();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long nanos = now() - before;
    return List.of(
        new ScalarResult(
            "processor",
            (double) nanos / result.getMetadata().getAllOps(),
            "ns/op",
            AggregationPolicy.AVG));
  }
}
