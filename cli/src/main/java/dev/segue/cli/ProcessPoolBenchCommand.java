package dev.segue.cli;

import dev.segue.bench.PayloadPlot;
import dev.segue.bench.PoolWork;
import dev.segue.bench.ProcessPoolBenchmark;
import dev.segue.bench.ProcessPoolBenchmark.SortPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue bench process-pool}. */
@Command(
    name = "process-pool",
    header =
        "Measures the process pool next to CPython's, the JDK's pool of threads, and JVMs without any pool.",
    description = {
      "%nThe contenders take turns, round after round, so that anything that disturbs the machine "
          + "disturbs them all. For each workload, a table has the median, the smallest and the "
          + "largest sample, a star for the best, and the bars that Segue set itself.%n",
      "docs/performance.md explains what the figures mean, and what they do not mean. Nothing else "
          + "should run on the machine meanwhile. CPython is measured if python3 is installed, and loky "
          + "if python3 has it or joblib.%n"
    },
    footer = {
      "  segue bench process-pool                          all, in about 15 minutes",
      "  segue bench process-pool round-trip at-once       two of them",
      "  segue bench process-pool --scale 0.1 --rounds 3   all, roughly, in a minute",
      "  segue bench process-pool payload --svg payload.svg",
    })
final class ProcessPoolBenchCommand implements Callable<Integer> {
  private static final SortPrograms PROGRAMS =
      new SortPrograms("SortProcesses", "SortThreads", "SortSync");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORK",
      description = "The workloads to measure. Default: all of ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkIds.class)
  private List<String> names = List.of();

  @Mixin private BenchOptions options;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many workers each contender has: 1 to 64. Default: 2.")
  private int workers;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw throughput against payload size into this file.")
  private @Nullable Path svg;

  /** The names of the workloads, for the help text. */
  static final class WorkIds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(PoolWork.values()).map(PoolWork::id).iterator();
    }
  }

  @Override
  public Integer call() {
    var works = options.works(names, EnumSet.allOf(PoolWork.class), PoolWork::id);
    checkOptions(works);
    var output = new BenchOutput(spec.commandLine(), options.json());
    return output.run(() -> measure(works, output));
  }

  private void measure(Set<PoolWork> works, BenchOutput output) throws Exception {
    try (var benchmark = new ProcessPoolBenchmark(workers, options.scale(), PROGRAMS)) {
      var run = options.run();
      run.put("workers", workers);
      output.begin(run, benchmark.missing());
      benchmark.run(works, options.rounds(), output::progress, output::add);
      output.end(run, benchmark.versions());
    }
    if (svg != null) {
      Files.writeString(svg, PayloadPlot.of(output.results()));
    }
  }

  // --- the command line

  private void checkOptions(Set<PoolWork> works) {
    options.check();
    if (workers < 1 || workers > 64) {
      throw options.wrong("--workers must be from 1 to 64, not " + workers);
    }
    if (svg != null) {
      if (!works.contains(PoolWork.PAYLOAD)) {
        throw options.wrong(
            "--svg is for the workload payload, which is not one of those to measure");
      }
      options.checkWritable("--svg", svg);
    }
  }
}
