package dev.segue.cli;

import dev.segue.bench.PayloadPlot;
import dev.segue.bench.PoolWork;
import dev.segue.bench.ProcessPoolBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue bench process-pool}. */
@Command(
    name = "process-pool",
    header = "Measures the process pool next to CPython's and to JVMs without any pool.",
    description = {
      "%nThe contenders take turns, round after round, so that anything that disturbs the machine "
          + "disturbs them all. For each workload, a table has the median, the smallest and the "
          + "largest sample, a star for the best, and the bars that Segue set itself.%n",
      "docs/performance.md explains what the figures mean, and what they do not mean. Nothing else "
          + "should run on the machine meanwhile. CPython is measured if python3 is installed.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every bar that was measured is met",
      "1:a bar is not met, or a contender failed",
      "2:the command line is wrong",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue bench process-pool                          all, in about 8 minutes",
      "  segue bench process-pool round-trip at-once       two of them",
      "  segue bench process-pool --scale 0.1 --rounds 3   all, roughly, in 20 s",
      "  segue bench process-pool payload --svg payload.svg",
    })
final class ProcessPoolBenchCommand implements Callable<Integer> {
  private static final String NO_PYTHON =
      "CPython is not measured, because there is no python3; to include it, install Python 3"
          + " (apt install python3, brew install python)";

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
    try (var benchmark = new ProcessPoolBenchmark(workers, options.scale())) {
      var python = benchmark.pythonVersion();
      if (python.isEmpty()) {
        output.complain(NO_PYTHON);
      }
      var run = run(python);
      output.begin(run);
      benchmark.run(works, options.rounds(), output::progress, output::add);
      if (svg != null) {
        Files.writeString(svg, PayloadPlot.of(output.results()));
      }
      output.end(run, "");
      return output.isFine() ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (Exception e) {
      output.complain(Comparison.describe(e));
      return ExitCode.SOFTWARE;
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

  private Map<String, Object> run(Optional<String> python) {
    var run = new LinkedHashMap<String, Object>();
    run.put("workers", workers);
    run.put("rounds", options.rounds());
    run.put("scale", options.scale());
    run.putAll(BenchOutput.machine());
    python.ifPresent(version -> run.put("python", version));
    return run;
  }
}
