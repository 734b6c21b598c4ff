package dev.segue.cli;

import dev.segue.bench.Chart;
import dev.segue.bench.Entrant;
import dev.segue.bench.LoopBenchmark;
import dev.segue.bench.LoopWork;
import dev.segue.bench.Page;
import dev.segue.bench.Peers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

/** The command {@code segue bench}. */
@Command(
    name = "bench",
    header = "Measures how fast Segue is, next to its peers and to what the machine can do.",
    description = {
      "%nThe contenders are Segue on both engines, the JDK's virtual threads, the JDK mechanisms "
          + "below them, and the same workloads in Python, Go, Rust, Kotlin and JavaScript, if their "
          + "tools are installed. They take turns, round after round, so that anything that disturbs "
          + "the machine disturbs them all.%n",
      "For each workload, the table lists the contenders in the order of their medians, with a star "
          + "for the best, the smallest and the largest sample, a comparison with Segue, and the "
          + "bars that Segue set itself. docs/performance.md explains what the figures mean, and "
          + "what they do not mean. Nothing else should run on the machine meanwhile.%n"
    },
    footer = {
      "  segue bench                           all workloads, in about 36 minutes",
      "  segue bench --list                    what each workload does",
      "  segue bench switch queue --no-peers   two workloads, only what is in Java",
      "  segue bench --scale 0.05 --rounds 3   all workloads, roughly",
      "  segue bench --html figures.html       a page with plots as well",
      "  segue bench process-pool --help       the benchmark of the process pool",
      "  segue bench cluster --help            the benchmark of a cluster",
    },
    subcommands = {ProcessPoolBenchCommand.class, ClusterBenchCommand.class})
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORK",
      description = "The workloads to measure. Default: all of ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkIds.class)
  private List<String> names = List.of();

  @Option(names = "--list", description = "Explain the workloads instead of measuring them.")
  private boolean list;

  @Option(
      names = "--peers",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to build and measure the programs in other languages. Default: yes.")
  private boolean peers;

  @Mixin private BenchOptions options;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with tables and plots to this file.")
  private @Nullable Path html;

  @Option(
      names = "--svg",
      paramLabel = "FOLDER",
      description =
          "Draw each workload into bench-WORK.svg in this folder, which is created if missing.")
  private @Nullable Path svg;

  /** The names of the workloads, for the help text. */
  static final class WorkIds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(LoopWork.values()).map(LoopWork::id).iterator();
    }
  }

  @Override
  public Integer call() {
    var works = options.works(names, EnumSet.allOf(LoopWork.class), LoopWork::id);
    checkOptions();
    if (list) {
      list(works);
      return ExitCode.OK;
    }
    var output = new BenchOutput(spec.commandLine(), options.json());
    return output.run(() -> measure(works, output));
  }

  private void checkOptions() {
    options.check();
    if (html != null) {
      options.checkWritable("--html", html);
    }
    if (svg != null) {
      options.checkFolder("--svg", svg);
    }
  }

  private void list(Set<LoopWork> works) {
    var out = spec.commandLine().getOut();
    for (var work : works) {
      out.printf("%-12s %s%n%-12s %s%n", work.id(), work.title(), "", work.description());
    }
    out.flush();
  }

  private void measure(Set<LoopWork> works, BenchOutput output) throws Exception {
    var others = peers ? peers(output) : Peers.NONE;
    var entrants = new ArrayList<>(Entrant.inJava());
    entrants.addAll(others.entrants());
    var benchmark = new LoopBenchmark(entrants, options.scale());
    var run = options.run();
    run.put("sockets", benchmark.pinning());
    output.begin(run, others.missing());
    for (var work : works) {
      output.add(benchmark.run(work, options.rounds(), output::progress));
    }
    output.end(run, benchmark.versions());
    write(output, run);
  }

  private static Peers peers(BenchOutput output) throws IOException, InterruptedException {
    output.progress("building the programs in other languages");
    try {
      return Peers.build(root());
    } finally {
      output.progress("");
    }
  }

  /** The folder of the sources: the jar is cli/target/segue.jar there. */
  private static Path root() {
    try {
      var code = BenchCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(code).resolve("../../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the path of segue.jar is not a valid URI", e);
    }
  }

  private void write(BenchOutput output, Map<String, Object> run) throws IOException {
    if (html != null) {
      Files.writeString(html, Page.of(output.results(), run));
    }
    if (svg != null) {
      for (var result : output.results()) {
        Files.writeString(
            svg.resolve("bench-" + result.subject().work() + ".svg"), Chart.picture(result));
      }
    }
  }
}
