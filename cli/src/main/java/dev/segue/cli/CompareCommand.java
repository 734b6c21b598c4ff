package dev.segue.cli;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.EventLoop.Engine;
import dev.segue.compare.Baseline;
import dev.segue.compare.ClusterProvider;
import dev.segue.compare.Comparison;
import dev.segue.compare.ComparisonPage;
import dev.segue.compare.LiveTable;
import dev.segue.compare.Model;
import dev.segue.compare.Plan;
import dev.segue.compare.Plan.Sweep;
import dev.segue.compare.Report;
import dev.segue.compare.ReportCsv;
import dev.segue.compare.ReportJson;
import dev.segue.compare.ReportPicture;
import dev.segue.compare.ReportText;
import dev.segue.compare.WorkloadException;
import dev.segue.compare.workload.ReadyMade;
import dev.segue.compare.workload.Subject;
import dev.segue.compare.workload.Template;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code segue compare}. */
@Command(
    name = "compare",
    header = "Runs your jobs under every model, and says which model to take, and why.",
    description = {
      "%nThe jobs run one after the other, on a thread each, on a thread pool, on virtual threads, "
          + "on an event loop and on a process pool, and with --master on a cluster. Each model has "
          + "a JVM of its own, and they "
          + "take turns, repetition after repetition, so that anything that disturbs the machine "
          + "disturbs them all. Results are compared: a model that loses an update is out. Ctrl-C "
          + "ends it early, and prints what was measured until then.%n",
      "A workload is a Java file with a class that implements dev.segue.compare.Workload and gives "
          + "the jobs, as '--init' writes one; or a class that is compiled already; or one of the "
          + "ready-made ones, which '--list' explains. A file may ask for libraries with lines "
          + "'//DEPS group:artifact:version', which Maven finds.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:measured, and every model did what it should",
      "1:a model's results are wrong, or it failed; or nothing could be measured",
      "2:the command line is wrong, or there is something wrong with the workload",
      "3:something got worse since the baseline",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue compare http                           one that is ready-made",
      "  segue compare http -p jobs=200 -p length=2ms with other parameters",
      "  segue compare --init MyJob                   write MyJob.java to start from",
      "  segue compare MyJob.java --html jobs.html    and a page with pictures",
      "  segue compare sort --sweep size=100..100000  where processes start to pay",
      "  segue compare MyJob.java --models sync,virtual-threads --repetitions 20",
      "  segue compare MyJob.java --json now.json --baseline old.json",
      "  segue compare sort --master new              and on a cluster of this machine",
      "  segue compare MyJob.java --master spark://host:7077",
    })
final class CompareCommand implements Callable<Integer> {
  static final int WORSE = 3;
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..1",
      description = "A file, as MyJob.java; or a class; or one of ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkloadIds.class)
  private @Nullable String workload;

  @Option(names = "--list", description = "Explain the ready-made workloads.")
  private boolean list;

  @Option(
      names = "--init",
      paramLabel = "NAME",
      description = "Write NAME.java, a workload to start from, which can be run at once.")
  private @Nullable String init;

  @Option(
      names = "-p",
      paramLabel = "NAME=VALUE",
      description = "Tell the workload something, such as jobs=100 or length=20ms.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = {"-cp", "--class-path"},
      paramLabel = "PATH",
      description = "Folders and jars that the workload needs, separated as java has them.")
  private @Nullable String classPath;

  @Option(
      names = "--models",
      paramLabel = "MODEL",
      split = ",",
      converter = ModelId.class,
      completionCandidates = ModelIds.class,
      description = {
        "Which models take part. Default: all of ${COMPLETION-CANDIDATES}.",
        "With --master, the model cluster does, too."
      })
  private List<Model> models = List.of();

  @Option(
      names = "--master",
      paramLabel = "ADDRESS",
      converter = Master.Converter.class,
      description =
          "Run the jobs on this cluster, too: spark://host:port, or new for one on this machine with "
              + "a worker for each of --workers. Needs Apache Spark, about 220 MB, which ./segue "
              + "fetches the first time.")
  private @Nullable Master master;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "How many threads or processes a pool has: 1 to 1000. Default: one for each processor.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often each model runs the jobs: 1 to 1000. Default: 10.")
  private int repetitions;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = LookOptions.Time.class,
      description = {
        "How long a model may warm up before, at each value of a sweep anew: at least half of this,"
            + " until its times are even. Default: 2s."
      })
  private Duration warmUp;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = LookOptions.Time.class,
      description = "How long one repetition may take. Default: 1m.")
  private Duration timeout;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Submit N jobs in a second, evenly. Default: all at once.")
  private double rate;

  @Option(
      names = "--sweep",
      paramLabel = "NAME=VALUES",
      converter = SweepOption.class,
      description = {
        "Measure with each of these values of a parameter, or of 'workers': jobs=1,2,4, or a range"
            + " such as length=1ms..1s, of which eight values at most are taken."
      })
  private @Nullable Sweep sweep;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with bars, curves and timelines to this file; - prints it.")
  private @Nullable Path html;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw the bars, or a sweep's curves, into this file, for a document.")
  private @Nullable Path svg;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all figures to this file; - prints them instead of the table.")
  private @Nullable Path json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write a line for each repetition to this file; - prints them.")
  private @Nullable Path csv;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "Say what has changed since this file was written with --json.")
  private @Nullable Path baseline;

  /** Ends early whatever goes on. */
  private volatile Runnable stop = () -> {};

  private volatile boolean interrupted;

  /** The names of the ready-made workloads, for the help text. */
  static final class WorkloadIds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(ReadyMade.values()).map(ReadyMade::id).iterator();
    }
  }

  /** The names of the models that every machine has, for the help text. */
  static final class ModelIds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Model.values())
          .filter(model -> model != Model.CLUSTER)
          .map(Model::id)
          .iterator();
    }
  }

  private static final class ModelId implements ITypeConverter<Model> {
    @Override
    public Model convert(String text) {
      return Arrays.stream(Model.values())
          .filter(model -> model.id().equals(text))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "'" + text + "' is none of " + String.join(", ", new ModelIds())));
    }
  }

  @Override
  public Integer call() throws Exception {
    if (list) {
      list();
      return ExitCode.OK;
    } else if (init != null) {
      return init(init);
    } else if (workload == null) {
      throw wrong("name a workload; '--list' explains those that are ready-made");
    }
    checkOptions(workload);
    var missing = master == null ? Optional.<String>empty() : master.missing();
    if (missing.isPresent()) {
      complain(missing.get());
      return ExitCode.SOFTWARE;
    }
    var libraries = classPath();
    var old = baseline == null ? null : read(baseline);
    var name = workload;
    // The loop is there for its signals.
    return EventLoop.builder()
        .engine(Engine.PORTABLE)
        .handleSignals(_ -> interrupt())
        .build()
        .run(() -> Async.toThread(() -> compare(name, libraries, old)));
  }

  private void interrupt() {
    interrupted = true;
    Thread.ofPlatform().daemon().name("segue-stop").start(stop); // it waits for processes to end
  }

  // --- without measuring

  private void list() {
    var out = spec.commandLine().getOut();
    for (var each : ReadyMade.values()) {
      var defaults =
          each.defaults().entrySet().stream()
              .map(Map.Entry::toString)
              .collect(Collectors.joining(" "));
      out.printf("%-15s %s%n", each.id(), defaults);
      each.description().lines().forEach(line -> out.printf("%-15s %s%n", "", line));
    }
    out.flush();
  }

  private int init(String name) {
    try {
      var file = Template.write(name, Path.of(""));
      print("Wrote " + file + "; 'segue compare " + file + "' runs it.\n");
      return ExitCode.OK;
    } catch (WorkloadException e) {
      throw wrong("--init: " + e.getMessage());
    } catch (IOException e) {
      return fail(e, ExitCode.SOFTWARE);
    }
  }

  // --- the command line

  private void checkOptions(String name) {
    check("--workers", workers);
    checkModels();
    check("--repetitions", repetitions);
    if (!(rate >= 0 && rate <= 1e9)) {
      throw wrong("--rate must be from 0 to 1000000000, not " + rate);
    }
    ReadyMade.of(name).ifPresent(this::checkParameters);
    if (Stream.of(html, svg, json, csv).filter(CompareCommand::isStandardOutput).count() > 1) {
      throw wrong("only one of --html, --svg, --json and --csv can be printed");
    }
    checkWritable("--html", html);
    checkWritable("--svg", svg);
    checkWritable("--json", json);
    checkWritable("--csv", csv);
  }

  private void checkModels() {
    if (master == null && models.contains(Model.CLUSTER)) {
      throw wrong("--models: cluster needs --master");
    } else if (master != null && ServiceLoader.load(ClusterProvider.class).findFirst().isEmpty()) {
      throw wrong("--master " + ClusterPart.MISSING);
    }
  }

  /** The models that take part: a cluster if there is one, and of the others those asked for. */
  private Set<Model> models() {
    var all = models.isEmpty() ? EnumSet.allOf(Model.class) : EnumSet.copyOf(models);
    all.remove(Model.CLUSTER);
    if (master != null) {
      all.add(Model.CLUSTER);
    }
    return all;
  }

  private void check(String option, int number) {
    if (number < 1 || number > 1_000) {
      throw wrong(option + " must be from 1 to 1000, not " + number);
    }
  }

  private void checkParameters(ReadyMade readyMade) {
    var known = readyMade.defaults().keySet();
    for (var name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw wrong("-p: " + readyMade.id() + " has no '" + name + "', but " + joined(known));
      }
    }
    if (sweep != null
        && !sweep.parameter().equals("workers")
        && !known.contains(sweep.parameter())) {
      throw wrong(
          "--sweep: %s has no '%s', but %s, workers"
              .formatted(readyMade.id(), sweep.parameter(), joined(known)));
    }
  }

  private static String joined(Set<String> names) {
    return String.join(", ", names);
  }

  private void checkWritable(String option, @Nullable Path file) {
    if (file != null && !isStandardOutput(file)) {
      var folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
        throw wrong(option + ": " + file + " cannot be written");
      }
    }
  }

  private static boolean isStandardOutput(@Nullable Path file) {
    return file != null && file.toString().equals("-");
  }

  private Report read(Path file) {
    try {
      return ReportJson.read(file);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong("--baseline: " + e.getMessage());
    }
  }

  private List<Path> classPath() {
    var paths = new ArrayList<Path>();
    for (var entry : Objects.requireNonNullElse(classPath, "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        var path = Path.of(entry).toAbsolutePath(); // the jobs may run elsewhere
        if (Files.notExists(path)) {
          throw wrong("--class-path: there is no " + entry);
        }
        paths.add(path);
      }
    }
    return paths;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  // --- measuring

  private int compare(String name, List<Path> libraries, @Nullable Report old) {
    var lines = new ProgressLines(spec.commandLine().getErr());
    stop = Thread.currentThread()::interrupt;
    try {
      var report = measure(name, libraries, lines);
      stop = () -> {};
      return show(report, old);
    } catch (InterruptedException _) {
      return INTERRUPTED; // before anything was measured
    } catch (WorkloadException e) {
      return interrupted ? INTERRUPTED : fail(e, ExitCode.USAGE);
    } catch (IOException e) {
      return interrupted ? INTERRUPTED : fail(e, ExitCode.SOFTWARE);
    }
  }

  private Report measure(String name, List<Path> libraries, ProgressLines lines)
      throws WorkloadException, IOException, InterruptedException {
    try {
      var subject = Subject.open(name, libraries, lines::show);
      try {
        var plan = plan(subject);
        var table = new LiveTable(plan.models(), repetitions, isColoured());
        var comparison = new Comparison(plan, new CompareProgress(lines, table));
        stop = comparison::stop;
        return subject.titled(comparison.run());
      } finally {
        close(subject);
      }
    } finally {
      lines.show("");
    }
  }

  /** What was measured is not lost if a file cannot be deleted. */
  private void close(Subject subject) {
    try {
      subject.close();
    } catch (IOException e) {
      complain("warning: something is left: " + e);
    }
  }

  private Plan plan(Subject subject) {
    return new Plan(
        subject.className(),
        subject.classPath(),
        subject.parameters(parameters),
        models(),
        workers,
        repetitions,
        warmUp,
        timeout,
        rate,
        sweep,
        html != null,
        master == null ? null : master.address());
  }

  private int show(Report report, @Nullable Report old) {
    try {
      if (!isPrinted()) {
        print(ReportText.of(report, isColoured()));
      }
      write(report);
    } catch (IOException e) {
      return fail(e, ExitCode.SOFTWARE);
    }
    boolean worse = old != null && isWorse(old, report);
    if (interrupted) {
      return INTERRUPTED;
    } else if (isWrong(report)) {
      return ExitCode.SOFTWARE;
    }
    return worse ? WORSE : ExitCode.OK;
  }

  /** Whether the standard output belongs to a file, which nothing else may be in. */
  private boolean isPrinted() {
    return Stream.of(html, svg, json, csv).anyMatch(CompareCommand::isStandardOutput);
  }

  private boolean isColoured() {
    return spec.commandLine().getColorScheme().ansi().enabled();
  }

  private void write(Report report) throws IOException {
    if (json != null) {
      write(json, ReportJson.of(report));
    }
    if (csv != null) {
      write(csv, ReportCsv.of(report));
    }
    if (html != null) {
      write(html, ComparisonPage.of(report));
    }
    if (svg != null && !report.points().isEmpty()) {
      write(svg, ReportPicture.of(report));
    }
  }

  private void write(Path file, String content) throws IOException {
    if (isStandardOutput(file)) {
      print(content);
    } else {
      Files.writeString(file, content);
    }
  }

  private boolean isWorse(Report old, Report report) {
    try {
      var changes = Baseline.of(old, report);
      var text = "Since " + baseline + ":\n" + changes.text();
      if (isPrinted()) {
        spec.commandLine().getErr().print(ProgressLines.printable(text));
        spec.commandLine().getErr().flush();
      } else {
        print("\n" + text);
      }
      return changes.isWorse();
    } catch (IllegalArgumentException e) {
      complain("--baseline: " + e.getMessage());
      return false;
    }
  }

  private static boolean isWrong(Report report) {
    return report.points().stream()
        .anyMatch(point ->
            point.results().isEmpty()
                || point.findings().stream().anyMatch(finding -> finding.kind().isWrong()));
  }

  private void complain(String message) {
    spec.commandLine().getErr().println(spec.qualifiedName() + ": " + message);
  }

  private int fail(Exception failure, int exitCode) {
    var message = failure.getMessage();
    // That of a file's failure is only the name of the file.
    complain(
        message == null || failure instanceof FileSystemException ? failure.toString() : message);
    return exitCode;
  }

  private void print(String text) {
    spec.commandLine().getOut().print(ProgressLines.printable(text));
    spec.commandLine().getOut().flush();
  }
}
