package dev.segue.cli;

import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.inspect.LoopRecording;
import dev.segue.inspect.Page;
import dev.segue.inspect.Recorder;
import dev.segue.inspect.Recording;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code segue examples}. */
@Command(
    name = "examples",
    header = "Runs the article's programs and compares each with what the article shows.",
    description = {
      "%nAfter each program, one line reports how it compares with the article: the order of its "
          + "output lines, the time it took (up to 1 s late is accepted, at any scale) and the "
          + "values it printed. Lines that several threads print at the same moment may come in any "
          + "order. Sorting may take any time. If sort-sync ran too, the last lines report how much "
          + "faster sort-processes and sort-threads were.%n",
      "sort-cluster runs only if it is named. It needs Apache Spark, about 220 MB, which ./segue "
          + "fetches the first time. It starts a cluster on this machine, a master and two workers, "
          + "and ends it, unless --master names one that is there.%n",
      "Each program is a single file in cli/src/main/examples, and sort-cluster in "
          + "cli-cluster/src/main/examples. Copy one and change it: 'segue run' runs it.%n"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every program printed what is expected",
      "1:a program did not, or the database or the cluster cannot be reached",
      "2:the command line is wrong",
      "130:interrupted by Ctrl-C"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  segue examples                            all of them, in about a minute",
      "  segue examples --list                     list their names",
      "  segue examples gather blocking-call       two of them",
      "  segue examples sort-sync sort-processes   what a process for each core gains",
      "  segue examples sort-sync sort-processes sort-cluster",
      "  segue examples sort-cluster --master spark://host:7077",
      "  segue examples race --explore             an order of its tasks that loses an update",
      "  segue examples race --explore --report schedule.html",
      "  segue examples --scale 0.1                all of them, in about 7 s",
      "  segue examples blocking-call --report out.html",
      "  segue examples race-db --db jdbc:postgresql:test --driver postgresql.jar",
    })
final class ExamplesCommand implements Callable<Integer> {
  private static final double LEAST_SCALE = 0.1;
  private static final double MOST_SCALE = 10;

  /** Held, because the JDK forgets the level of a logger that nothing refers to. */
  private static final class Log {
    static final Logger SEGUE = Logger.getLogger("dev.segue");
  }

  private final List<Example> all;
  private final List<Example> known = new ArrayList<>();
  private final Recorder recorder = new Recorder();

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description = "The programs to run, in this order. Default: all but sort-cluster.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--list", description = "List the programs instead of running them.")
  private boolean list;

  @Option(
      names = "--scale",
      paramLabel = "F",
      defaultValue = "1",
      description =
          "Multiply all delays, and the number of lists to sort, by F: 0.1 to 10. Default: 1.")
  private double scale;

  @Option(
      names = "--explore",
      description =
          "Try every order in which the tasks of an example can run, and show one that fails. For "
              + "race, race-lock, race-free and deadlock, which is the default then. Goes with "
              + "--json, and with --report for race or deadlock.")
  private boolean explore;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write a page, as out.html, that shows what the tasks and threads of the programs did, and "
              + "what held them up; with --explore, the order that fails, step by step.")
  private @Nullable Path report;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = {
        "The JDBC URL of the database that race-db uses. Default: H2 in memory.",
        "The table segue_race in it is dropped, created and dropped again."
      })
  private @Nullable String db;

  @Option(
      names = "--driver",
      paramLabel = "JAR",
      description = "The jar of the JDBC driver for --db. H2's driver is built in.")
  private @Nullable Path driver;

  @Option(
      names = "--master",
      paramLabel = "ADDRESS",
      converter = Master.Converter.class,
      description =
          "The cluster that sort-cluster uses: spark://host:port, or new for one that it starts. "
              + "Default: new.")
  private @Nullable Master master;

  ExamplesCommand() {
    this(ArticleExamples.ALL);
  }

  ExamplesCommand(List<Example> all) {
    this.all = all;
    known.addAll(all);
    known.addAll(ArticleExamples.ON_A_CLUSTER);
  }

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    if (explore) {
      return explore();
    }
    if (list) {
      out.print(json ? Report.names(known) : namesAsText());
      out.flush();
      return ExitCode.OK;
    }
    var chosen = chosen();
    checkOptions(chosen);
    if (db != null && !canConnect(db)) {
      return ExitCode.SOFTWARE;
    }
    var missing = master == null ? Optional.<String>empty() : master.missing();
    if (missing.isPresent()) {
      spec.commandLine().getErr().println("segue examples: " + missing.get());
      return ExitCode.SOFTWARE;
    }
    Log.SEGUE.setLevel(Level.WARNING); // the examples show anyway that a stalled loop goes on
    var comparisons = json ? runAsJson(chosen) : runAsText(chosen);
    if (report != null && !wrote(report, file -> Page.write(recorded(), file))) {
      return ExitCode.SOFTWARE;
    }
    boolean agree =
        comparisons.size() == chosen.size() && comparisons.stream().allMatch(Comparison::agrees);
    return agree ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  // --- the command line

  private List<Example> chosen() {
    if (names.isEmpty()) {
      return all;
    }
    var chosen = new LinkedHashSet<Example>();
    for (var name : names) {
      chosen.add(
          known.stream()
              .filter(example -> example.name().equals(name))
              .findFirst()
              .orElseThrow(() -> wrong("unknown example '" + name + "'" + suggestion(name))));
    }
    return List.copyOf(chosen);
  }

  private String suggestion(String name) {
    var nearest =
        known.stream()
            .map(Example::name)
            .min(Comparator.comparingInt(known -> distance(name, known)))
            .filter(known -> distance(name, known) <= known.length() / 2);
    return nearest
        .map(known -> "; did you mean '" + known + "'?")
        .orElse("; 'segue examples --list' lists them");
  }

  /** How many letters to insert, remove or replace to turn one word into the other. */
  private static int distance(String one, String other) {
    var row = IntStream.rangeClosed(0, other.length()).toArray();
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  private List<ExploredExample> chosenToExplore() {
    if (list || db != null || driver != null || master != null || scale != 1) {
      throw wrong("--explore goes with --json and --report, and with no other option");
    }
    for (var name : names) {
      if (ExploredExample.ALL.stream().noneMatch(example -> example.name().equals(name))) {
        throw wrong("--explore is for race, race-lock, race-free and deadlock, not for " + name);
      }
    }
    var chosen =
        ExploredExample.ALL.stream()
            .filter(example -> names.isEmpty() || names.contains(example.name()))
            .toList();
    if (report != null && chosen.stream().filter(ExploredExample::fails).count() != 1) {
      throw wrong(
          "with --explore, --report shows an order that fails: name one of race and deadlock; in the"
              + " others no order fails");
    }
    return chosen;
  }

  private void checkOptions(List<Example> chosen) {
    if (!(scale >= LEAST_SCALE && scale <= MOST_SCALE)) {
      throw wrong("--scale must be from 0.1 to 10, not " + scale);
    }
    if (db == null && driver != null) {
      throw wrong("--driver needs --db");
    }
    if (db != null) {
      checkDatabase(chosen, db);
    }
    checkCluster(chosen);
  }

  private void checkCluster(List<Example> chosen) {
    boolean wanted = chosen.stream().anyMatch(ArticleExamples.ON_A_CLUSTER::contains);
    if (!wanted && master != null) {
      throw wrong("--master is for sort-cluster, which is not one of the examples to run");
    }
    if (wanted && ClusterPart.find().isEmpty()) {
      throw wrong("sort-cluster " + ClusterPart.MISSING);
    }
  }

  private void checkDatabase(List<Example> chosen, String url) {
    if (chosen.stream().noneMatch(example -> example.name().equals(ArticleExamples.RACE_DB))) {
      throw wrong("--db is for race-db, which is not one of the examples to run");
    }
    if (driver != null) {
      try {
        DriverJar.register(driver);
      } catch (SQLException e) {
        throw wrong("--driver: " + e.getMessage());
      }
    }
    try {
      DriverManager.getDriver(url);
    } catch (SQLException _) {
      // The rest of the URL may hold a password.
      var begin = url.split(":", 3);
      throw wrong(
          begin.length < 3 || !begin[0].equals("jdbc")
              ? "--db must be a JDBC URL, such as jdbc:postgresql:test"
              : "no JDBC driver accepts this jdbc:"
                  + begin[1]
                  + ": URL; name the driver's jar with --driver");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private boolean canConnect(String url) {
    var err = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream())); // some drivers dump stacks
    try (var _ = DriverManager.getConnection(url)) {
      return true;
    } catch (SQLException e) {
      var message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      spec.commandLine()
          .getErr()
          .println("segue examples: cannot connect to the database: " + message);
      return false;
    } finally {
      System.setErr(err);
    }
  }

  // --- the runs

  private int explore() {
    var out = spec.commandLine().getOut();
    boolean agree = true;
    var reports = new ArrayList<Map<String, Object>>();
    for (var example : chosenToExplore()) {
      if (!json) {
        out.println(styled(example.name(), Style.bold) + ": " + example.teaches());
      }
      var exploration = example.explore();
      boolean agrees = example.agrees(exploration);
      agree &= agrees;
      if (json) {
        reports.add(Report.explored(example, exploration));
      } else {
        exploration.toString().lines().forEach(out::println);
        out.println(
            verdict(
                agrees ? "as expected" : "DIFFERS: " + example.teaches() + " is expected", agrees));
        out.println();
      }
      var failure = exploration.failure();
      if (report != null && failure.isPresent() && !wrote(report, failure.get()::writePage)) {
        return ExitCode.SOFTWARE;
      }
    }
    if (json) {
      out.println(Report.ofExplored(reports, agree));
    }
    return agree ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<Comparison> runAsText(List<Example> chosen) {
    var out = spec.commandLine().getOut();
    var comparisons = new ArrayList<Comparison>();
    for (var example : chosen) {
      out.println(styled(example.name(), Style.bold) + ": " + example.teaches());
      var comparison = run(example, out::println);
      awaitEndIfEnding();
      comparisons.add(comparison);
      out.println(verdict(comparison.summary(), comparison.agrees()));
      out.println();
      if (System.out.checkError()) {
        break; // nothing reads on, as after | head
      }
    }
    if (chosen.size() > 1) {
      var differing =
          comparisons.stream()
              .filter(comparison -> !comparison.agrees())
              .map(comparison -> comparison.example().name())
              .toList();
      out.println(
          differing.isEmpty()
              ? verdict(chosen.size() + " of " + chosen.size() + " examples agree.", true)
              : verdict(
                  differing.size()
                      + " of "
                      + chosen.size()
                      + " examples differ: "
                      + String.join(", ", differing)
                      + ".",
                  false));
    }
    SpeedUp.of(comparisons).forEach(out::println);
    return comparisons;
  }

  /** Ctrl-C has Spark end, which fails what the example does; nothing is to be said of that. */
  private static void awaitEndIfEnding() {
    try {
      var hook = new Thread();
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      while (true) {
        LockSupport.park();
      }
    }
  }

  private List<Comparison> runAsJson(List<Example> chosen) {
    boolean watched = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    var err = spec.commandLine().getErr();
    Consumer<String> live = watched ? err::println : _ -> {};
    var comparisons = chosen.stream().map(example -> run(example, live)).toList();
    spec.commandLine().getOut().println(Report.of(comparisons, scale));
    return comparisons;
  }

  /** What writes a page. */
  private interface PageWriter {
    void write(Path file) throws IOException;
  }

  private boolean wrote(Path file, PageWriter page) {
    try {
      page.write(file);
      return true;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("segue examples: cannot write the report to " + file + ": " + e);
      return false;
    }
  }

  /** Of programs with an event loop the tasks say more than the threads. */
  private Recording recorded() {
    var all = recorder.recording();
    var loops = all.loops().stream().map(LoopRecording::name).collect(Collectors.toSet());
    var threads =
        all.threads().stream().filter(thread -> !loops.contains(nameOf(thread.group()))).toList();
    return new Recording(
        all.began(),
        all.length(),
        all.loops(),
        all.pools(),
        threads,
        all.marks(),
        all.lostUpdates());
  }

  private static String group(Example example) {
    return example.name() + ": " + example.teaches();
  }

  private static String nameOf(String group) {
    return group.substring(0, group.indexOf(':'));
  }

  private Comparison run(Example example, Consumer<String> live) {
    if (report == null) {
      return compare(example, live);
    }
    Supplier<Instrument> recorded = () -> recorder.forNewLoop(example.name());
    EventLoop.addInstruments(recorded);
    var thread = Thread.currentThread();
    var loader = thread.getContextClassLoader();
    thread.setContextClassLoader(new WatchedExamples(recorder, loader));
    try (var _ = recorder.recordThreads(group(example))) {
      return compare(
          example,
          line -> {
            recorder.mark(Seen.messageOf(line));
            live.accept(line);
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record the threads of " + example.name(), e);
    } finally {
      thread.setContextClassLoader(loader);
      EventLoop.removeInstruments(recorded);
    }
  }

  private Comparison compare(Example example, Consumer<String> live) {
    System.setProperty("scale", String.valueOf(scale));
    if (db == null) {
      System.clearProperty("db");
    } else {
      System.setProperty("db", db);
    }
    if (master == null || master.isNew()) {
      System.clearProperty("master");
    } else {
      System.setProperty("master", master.address());
    }
    var thread = Thread.currentThread();
    var name = thread.getName();
    var transcript = new Transcript(live);
    Exception failure = null;
    try (transcript) {
      example.program().run();
    } catch (Exception e) {
      failure = e;
    } finally {
      thread.setName(name); // the example's main has changed it
    }
    return new Comparison(example, scale, transcript.lines(), failure);
  }

  // --- text

  private String namesAsText() {
    return known.stream()
        .map(example ->
            String.format(
                "%-15s%s%s%n",
                example.name(),
                example.teaches(),
                all.contains(example) ? "" : " (only by name, as it fetches Apache Spark)"))
        .collect(Collectors.joining());
  }

  private String verdict(String text, boolean agrees) {
    return styled(text, agrees ? Style.fg_green : Style.fg_red);
  }

  private String styled(String text, Style style) {
    return spec.commandLine().getColorScheme().ansi().enabled()
        ? Style.on(style) + text + Style.off(style)
        : text;
  }
}
