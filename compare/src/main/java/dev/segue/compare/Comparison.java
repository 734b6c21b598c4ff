package dev.segue.compare;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.compare.PointRun.Children;
import dev.segue.compare.PointRun.PointOfSweep;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One run of a {@link Plan}: starts a JVM for each model, has each run all jobs again and again,
 * the models taking turns so that whatever changes on the machine hits all alike, and reports.
 *
 * <p>A model first warms up until its times are even, after Georges, Buytaert and Eeckhout,
 * "Statistically rigorous Java performance evaluation" (OOPSLA 2007): until the coefficient of
 * variation of its last five repetitions is below 3 %, or the plan's time for that has passed.
 *
 * <p>The JVMs are of the same JDK as this one. What they are to have else, such as a larger heap,
 * the environment variable {@code JDK_JAVA_OPTIONS} says.
 *
 * <p>Whatever a job does, it spoils neither the run nor the other models: one that throws, ends its
 * JVM, fills the heap, hangs or gives a wrong result is a {@link Finding}. If this JVM ends, for
 * whatever reason, all that it has started ends with it, and so do their temporary files, which are
 * in a folder of the run.
 */
public final class Comparison {
  private static final String WORKERS = "workers";

  private final Plan plan;
  private final Progress progress;
  private final List<String> jvmOptions;
  private final List<PointOfSweep> points;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final List<ChildProcess> alive = new ArrayList<>();

  @GuardedBy("lock")
  private boolean stopped;

  /**
   * Prepares a run; nothing is started yet.
   *
   * @param plan what to compare
   * @param progress is told how it goes on
   * @throws IllegalArgumentException if there is nothing to compare: no model, no repetition, no
   *     worker, no value of the sweep; or if a time or a rate is negative
   */
  public Comparison(Plan plan, Progress progress) {
    this(plan, progress, List.of());
  }

  /** Has the children's JVMs started with further options. */
  Comparison(Plan plan, Progress progress, List<String> jvmOptions) {
    this.plan = Objects.requireNonNull(plan, "plan must not be null");
    this.progress = Objects.requireNonNull(progress, "progress must not be null");
    this.jvmOptions = jvmOptions;
    require(!plan.models().isEmpty(), "models must not be empty");
    require(plan.repetitions() > 0, "repetitions must be positive");
    require(plan.workers() > 0, "workers must be positive");
    require(plan.timeout().isPositive(), "timeout must be positive");
    require(!plan.warmUp().isNegative(), "warmUp must not be negative");
    require(plan.rate() >= 0, "rate must not be negative");
    require(
        plan.master() != null || !plan.models().contains(Model.CLUSTER),
        "the model cluster needs a master");
    require(plan.sweep() == null || !plan.sweep().values().isEmpty(), "sweep must have values");
    this.points = points();
  }

  private static void require(boolean held, String message) {
    if (!held) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Measures, which takes minutes; once only. Keeps the calling thread until then, or until {@link
   * #stop}.
   *
   * @return what was measured; incomplete if it was stopped
   * @throws WorkloadException if the workload is missing, cannot be made, gives no jobs, or does
   *     not have the parameters of the plan; before anything is measured
   * @throws IOException if no JVM can be started
   * @throws InterruptedException if the calling thread was interrupted; no process is left
   */
  public Report run() throws WorkloadException, IOException, InterruptedException {
    var at = Instant.now();
    var runs = new ArrayList<PointRun>();
    var used = plan.parameters();
    boolean complete = false;
    var scratch = new ScratchFolder();
    var hook = new Thread(this::stop, "segue-compare-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      for (var point : points) {
        var run = new PointRun(plan, new Living(scratch), progress, point);
        runs.add(run);
        var check =
            runs.size() == 1 ? points.stream().map(PointOfSweep::parameters).toList() : null;
        var asked = run.start(check == null ? List.of() : check);
        used = check == null ? used : asked;
        run.measure();
        killAll();
      }
      complete = true;
    } catch (Stopped _) {
      // with what there is
    } finally {
      killAll();
      forget(hook);
      close(scratch);
    }
    return new Report(
        plan.workload(),
        used,
        plan.workers(),
        plan.rate(),
        at,
        machine(),
        complete,
        runs.stream().filter(PointRun::hasBegun).map(PointRun::result).toList());
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // the JVM is ending, and the hook does nothing more
    }
  }

  /** What was measured is not lost if a file cannot be deleted. */
  private static void close(ScratchFolder scratch) {
    try {
      scratch.close();
    } catch (IOException e) {
      System.getLogger("dev.segue.compare").log(Level.WARNING, "Something is left: " + e);
    }
  }

  private List<PointOfSweep> points() {
    var sweep = plan.sweep();
    if (sweep == null) {
      return List.of(new PointOfSweep(null, null, plan.parameters(), plan.workers(), 0, 1));
    }
    var points = new ArrayList<PointOfSweep>();
    for (var value : sweep.values()) {
      var parameters = new HashMap<>(plan.parameters());
      int workers = plan.workers();
      if (sweep.parameter().equals(WORKERS)) {
        workers = new Parameters(Map.of(WORKERS, value)).count(WORKERS, workers);
      } else {
        parameters.put(sweep.parameter(), value);
      }
      points.add(
          new PointOfSweep(
              sweep.parameter(), value, parameters, workers, points.size(), sweep.values().size()));
    }
    return points;
  }

  private static Machine machine() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        jdk() + " " + System.getProperty("java.version"),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
  }

  /** As {@code Temurin}, of {@code Temurin-25.0.3+9}. */
  private static String jdk() {
    var name = System.getProperty("java.vendor.version", "").replaceFirst("[^A-Za-z].*", "");
    return name.isEmpty() ? System.getProperty("java.vendor") : name;
  }

  /**
   * Ends the run now: {@link #run} returns what has been measured so far. Returns when no process
   * is left. Any thread, any number of times, also before the run.
   */
  public void stop() {
    synchronized (lock) {
      stopped = true;
    }
    killAll();
  }

  private void killAll() {
    List<ChildProcess> all;
    synchronized (lock) {
      all = List.copyOf(alive);
    }
    all.forEach(ChildProcess::kill);
    all.forEach(ChildProcess::awaitEnd);
    synchronized (lock) {
      alive.removeAll(all);
    }
  }

  /** The children of this run. What they leave in temporary files goes with the folder. */
  private final class Living implements Children {
    private final ScratchFolder scratch;

    Living(ScratchFolder scratch) {
      this.scratch = scratch;
    }

    @Override
    public ChildProcess start() throws IOException, Stopped {
      synchronized (lock) { // so that none is started beside a stop
        refuseIfStopped();
        var child = new ChildProcess(plan.classPath(), scratch.path(), jvmOptions);
        alive.add(child);
        return child;
      }
    }

    @Override
    public void refuseIfStopped() throws Stopped {
      synchronized (lock) {
        if (stopped) {
          throw new Stopped();
        }
      }
    }
  }
}
