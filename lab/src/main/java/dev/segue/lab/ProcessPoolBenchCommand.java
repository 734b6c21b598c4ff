package dev.segue.lab;

import dev.segue.bench.PayloadPlot;
import dev.segue.bench.ProcessPoolBenchmark;
import dev.segue.bench.Result;
import dev.segue.bench.Table;
import dev.segue.bench.Work;
import java.io.Console;
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
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue bench process-pool}. */
@Command(
    name = "process-pool",
    header = "Measures the process pool beside CPython's and beside JVMs with no pool at all.",
    description = {
      "%nThe contenders take turns, round after round, so that what disturbs the machine disturbs "
          + "them all. Of each work the table has the median, the smallest and the largest figure, "
          + "a star before the best, and the bars that Segue is to reach.%n",
      "docs/performance.md says what each figure means and what it does not. Nothing else should "
          + "run meanwhile. CPython takes part if there is a python3.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every bar that was measured is met",
      "1:some are not, or a contender failed",
      "2:the command line is wrong",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue bench process-pool                         all works, in about 8 min",
      "  segue bench process-pool round-trip at-once      two of them",
      "  segue bench process-pool --scale 0.1 --rounds 3  all of them, roughly, in 20 s",
      "  segue bench process-pool payload --svg payload.svg",
    })
final class ProcessPoolBenchCommand implements Callable<Integer> {
  private static final String NAME = "segue bench process-pool";
  private static final String CLEAR_TO_END = "\u001b[K";
  private static final String NO_PYTHON =
      NAME
          + ": there is no python3, so CPython does not take part; to have it, install Python 3"
          + " (apt install python3, brew install python)";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORK",
      description =
          "What to measure; everything if nothing is named. One of: ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkIds.class)
  private List<String> names = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "How many samples to take of each contender, from 1 to 100; 7 by default.")
  private int rounds;

  @Option(
      names = "--scale",
      paramLabel = "F",
      defaultValue = "1",
      description = {
        "How much work a sample is, from 0.001 to 10; 1 by default: half a second, 100,000 tasks, "
            + "1,000 lists to sort. The bars are meant for 1."
      })
  private double scale;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many workers each contender has, from 1 to 64; 2 by default.")
  private int workers;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw throughput against payload into this file.")
  private @Nullable Path svg;

  @Option(names = "--json", description = "Print one JSON document instead of the table.")
  private boolean json;

  /** The works, as the help text names them. */
  static final class WorkIds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Work.values()).map(Work::id).iterator();
    }
  }

  @Override
  public Integer call() {
    var works = checkedWorks();
    checkOptions(works);
    var progress = progress();
    try (var benchmark = new ProcessPoolBenchmark(workers, scale)) {
      if (benchmark.pythonVersion().isEmpty()) {
        spec.commandLine().getErr().println(NO_PYTHON);
      }
      var results = benchmark.run(works, rounds, progress);
      progress.accept("");
      if (svg != null) {
        Files.writeString(svg, PayloadPlot.of(results));
      }
      print(results, benchmark.pythonVersion());
      return results.stream().allMatch(Result::meetsBars) ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (Exception e) {
      progress.accept("");
      spec.commandLine().getErr().println(NAME + ": " + Comparison.describe(e));
      return ExitCode.SOFTWARE;
    }
  }

  // --- the command line

  private Set<Work> checkedWorks() {
    var works = EnumSet.noneOf(Work.class);
    for (var name : names) {
      works.add(
          Arrays.stream(Work.values())
              .filter(work -> work.id().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  wrong(
                      "unknown work '"
                          + name
                          + "'; there are "
                          + String.join(", ", new WorkIds()))));
    }
    return works.isEmpty() ? EnumSet.allOf(Work.class) : works;
  }

  private void checkOptions(Set<Work> works) {
    if (rounds < 1 || rounds > 100) {
      throw wrong("--rounds must be from 1 to 100, and is " + rounds);
    }
    if (!(scale >= 0.001 && scale <= 10)) {
      throw wrong("--scale must be from 0.001 to 10, and is " + scale);
    }
    if (workers < 1 || workers > 64) {
      throw wrong("--workers must be from 1 to 64, and is " + workers);
    }
    if (svg != null) {
      if (!works.contains(Work.PAYLOAD)) {
        throw wrong("--svg draws the work payload, which is not among those to measure");
      }
      if (Files.isDirectory(svg) || !Files.isWritable(svg.toAbsolutePath().getParent())) {
        throw wrong("--svg: " + svg + " cannot be written");
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  // --- what is printed

  private Consumer<String> progress() {
    boolean watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    var err = spec.commandLine().getErr();
    return watched
        ? text -> {
          err.print("\r" + printable(text) + CLEAR_TO_END);
          err.flush();
        }
        : _ -> {};
  }

  private void print(List<Result> results, Optional<String> python) {
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(printable(BenchReport.of(results, run(python))));
      return;
    }
    boolean coloured = spec.commandLine().getColorScheme().ansi().enabled();
    out.println(
        run(python).entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", ")));
    out.println();
    out.print(printable(Table.of(results, coloured)));
    out.flush();
  }

  private Map<String, Object> run(Optional<String> python) {
    var run = new LinkedHashMap<String, Object>();
    run.put("workers", workers);
    run.put("rounds", rounds);
    run.put("scale", scale);
    run.put("processors", Runtime.getRuntime().availableProcessors());
    run.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    run.put("java", Runtime.version().toString());
    python.ifPresent(version -> run.put("python", version));
    return run;
  }

  /** The text, with what stands for a sign that the terminal's character set has not got. */
  private static String printable(String text) {
    return System.out.charset().newEncoder().canEncode("µ×–≤≥…")
        ? text
        : text.replace('µ', 'u')
            .replace('×', 'x')
            .replace('–', '-')
            .replace("≤", "<=")
            .replace("≥", ">=")
            .replace("…", "...");
  }
}
