package dev.segue.bench;

import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.LOKY;
import static dev.segue.bench.Contender.MULTIPROCESSING;
import static dev.segue.bench.Contender.RAY;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of CPython's pools, or a Ray cluster, driven over the standard streams of {@code
 * process_pool.py}. Figures as {@link ExecutorContender}'s: in seconds, and a second.
 */
public final class CPythonContender implements AutoCloseable {
  /** Debian's packages are for its own interpreter, which need not be the first on the path. */
  private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

  private static final String SCRIPT = "process_pool.py";

  private final Contender contender;
  private final List<String> command;
  private final Path script;
  private final AnsweringProgram program;

  private CPythonContender(String interpreter, Contender contender, int workers)
      throws IOException, InterruptedException {
    this.contender = contender;
    // A file, as CPython's workers may load the program anew.
    this.script = Files.createTempFile("segue-bench", ".py");
    script.toFile().deleteOnExit();
    try (var source = CPythonContender.class.getResourceAsStream(SCRIPT)) {
      Files.write(script, Objects.requireNonNull(source, SCRIPT).readAllBytes());
    }
    this.command = List.of(interpreter, script.toString(), contender.id(), String.valueOf(workers));
    this.program = AnsweringProgram.start(command, Map.of());
  }

  /**
   * Starts those that are installed, all on one interpreter, since interpreters are not built
   * alike: the first that has loky, or else the first.
   */
  static List<CPythonContender> openAll(int workers) throws IOException, InterruptedException {
    var opened = new ArrayList<CPythonContender>();
    var withLoky = interpreterWith("loky", "joblib.externals.loky");
    var interpreter = withLoky == null ? interpreterWith("multiprocessing") : withLoky;
    if (interpreter != null) {
      opened.add(new CPythonContender(interpreter, CPYTHON, workers));
      opened.add(new CPythonContender(interpreter, MULTIPROCESSING, workers));
    }
    if (withLoky != null) {
      opened.add(new CPythonContender(withLoky, LOKY, workers));
    }
    return opened;
  }

  /**
   * Starts a Ray cluster on this machine, if Ray is installed.
   *
   * @param workers how many tasks it runs at a time
   * @return it; null if it is not installed
   * @throws IOException if it does not start
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public static @Nullable CPythonContender openRay(int workers)
      throws IOException, InterruptedException {
    var interpreter = interpreterWith("ray");
    return interpreter == null ? null : new CPythonContender(interpreter, RAY, workers);
  }

  /** The first interpreter that has one of these modules; null if there is none. */
  private static @Nullable String interpreterWith(String... modules) throws InterruptedException {
    for (var interpreter : INTERPRETERS) {
      for (var module : modules) {
        if (succeeds(interpreter, "-c", "import " + module)) {
          return interpreter;
        }
      }
    }
    return null;
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false; // there is no such program
    }
  }

  private double ask(Object... request) throws IOException, InterruptedException {
    return Double.parseDouble(program.ask(request));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  Contender contender() {
    return contender;
  }

  /**
   * Returns what the program says of itself.
   *
   * @return the version of the pool
   */
  public String version() {
    return program.version();
  }

  /**
   * Has one tiny task after the other run.
   *
   * @param atLeast for how long
   * @return the seconds for each
   * @throws IOException if the program has ended
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public double roundTrip(Duration atLeast) throws IOException, InterruptedException {
    return ask("round-trip", seconds(atLeast));
  }

  /**
   * Has tiny tasks run, all submitted at once.
   *
   * @param tasks how many
   * @return how many in a second
   * @throws IOException if the program has ended
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public double atOnce(int tasks) throws IOException, InterruptedException {
    return ask("at-once", tasks);
  }

  /**
   * Has a list of random integers sent to a worker and back, again and again.
   *
   * @param length how many integers
   * @param inFlight how many lists are under way
   * @param atLeast for how long
   * @return how many lists in a second
   * @throws IOException if the program has ended
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public double lists(int length, int inFlight, Duration atLeast)
      throws IOException, InterruptedException {
    return ask("lists", length, inFlight, seconds(atLeast));
  }

  double payload(int size, int inFlight, Duration atLeast)
      throws IOException, InterruptedException {
    return ask("payload", size, inFlight, seconds(atLeast));
  }

  double firstResult() throws IOException, InterruptedException {
    return ask("first-result");
  }

  double firstResultInAFreshInterpreter() throws IOException, InterruptedException {
    try (var fresh = AnsweringProgram.start(command, Map.of())) {
      return Double.parseDouble(fresh.ask("first-result"));
    }
  }

  double sort(int lists) throws IOException, InterruptedException {
    return ask("sort", lists);
  }

  double memory() throws IOException, InterruptedException {
    return ask("memory");
  }

  @Override
  public void close() {
    program.close();
    var _ = script.toFile().delete(); // or at the end of this JVM
  }
}
