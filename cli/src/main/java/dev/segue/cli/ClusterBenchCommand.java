package dev.segue.cli;

import dev.segue.bench.ClusterWork;
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
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue bench cluster}. */
@Command(
    name = "cluster",
    header =
        "Measures a Spark cluster behind ExecutorService next to Spark's own API and the process pool.",
    description = {
      "%nThe contenders take turns, round after round, so that anything that disturbs the machine "
          + "disturbs them all. For each workload, a table has the median, the smallest and the "
          + "largest sample, a star for the best, and the bars that Segue set itself. The process "
          + "pool has two workers.%n",
      "The cluster is a master and two workers of one core each, on this machine, which are started "
          + "and ended by the command, unless --master names one. Apache Spark, about 220 MB, is "
          + "fetched the first time. Ray takes part where python3 has it (pip install ray). "
          + "docs/cluster.md explains what the figures mean. Nothing else should run on the machine "
          + "meanwhile.%n"
    },
    footer = {
      "  segue bench cluster                           all, in about 10 minutes",
      "  segue bench cluster round-trip at-once        two of them",
      "  segue bench cluster --scale 0.1 --rounds 3    all, roughly, in two minutes",
      "  segue bench cluster length --svg length.svg   how long a task must be, as a picture",
      "  segue bench cluster --master spark://host:7077",
    })
final class ClusterBenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORK",
      description = "The workloads to measure. Default: all of ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkIds.class)
  private List<String> names = List.of();

  @Mixin private BenchOptions options;

  @Option(
      names = "--master",
      paramLabel = "ADDRESS",
      converter = Master.Converter.class,
      description = "The cluster: spark://host:port, or new for one on this machine. Default: new.")
  private Master master = Master.NEW;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw the speed against the length of a task into this file.")
  private @Nullable Path svg;

  /** The names of the workloads, for the help text. */
  static final class WorkIds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(ClusterWork.values()).map(ClusterWork::id).iterator();
    }
  }

  @Override
  public Integer call() {
    var works = options.works(names, EnumSet.allOf(ClusterWork.class), ClusterWork::id);
    checkOptions(works);
    var part =
        ClusterPart.find()
            .orElseThrow(() -> options.wrong("the benchmark of a cluster " + ClusterPart.MISSING));
    var missing = master.missing();
    if (missing.isPresent()) {
      spec.commandLine().getErr().println(spec.qualifiedName() + ": " + missing.get());
      return ExitCode.SOFTWARE;
    }
    var output = new BenchOutput(spec.commandLine(), options.json());
    return output.run(() -> measure(part, works, output));
  }

  private void measure(ClusterPart part, Set<ClusterWork> works, BenchOutput output)
      throws Exception {
    output.progress("starting");
    try (var benchmark =
        part.benchmark(master.isNew() ? null : master.address(), options.scale())) {
      var run = options.run();
      run.put("master", master.address());
      output.begin(run, benchmark.missing());
      benchmark.run(works, options.rounds(), output::progress, output::add);
      output.end(run, benchmark.versions());
      if (svg != null) {
        Files.writeString(svg, benchmark.picture());
      }
    }
  }

  // --- the command line

  private void checkOptions(Set<ClusterWork> works) {
    options.check();
    if (svg != null) {
      if (!works.contains(ClusterWork.LENGTH)) {
        throw options.wrong(
            "--svg is for the workload length, which is not one of those to measure");
      }
      options.checkWritable("--svg", svg);
    }
  }
}
