package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.FORK_JOIN;
import static dev.segue.bench.Contender.LOKY;
import static dev.segue.bench.Contender.MULTIPROCESSING;
import static dev.segue.bench.Contender.ONE_THREAD;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Contender.THREADS;

import dev.segue.bench.Trial.Sampler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Segue's process pool beside CPython's and the JDK's pool of threads, and beside JVMs with no pool
 * around them, in the same run.
 */
public final class ProcessPoolBenchmark implements AutoCloseable {
  /** So many bytes are under way at a time, unless that were too few or too many tasks. */
  private static final int BYTES_IN_FLIGHT = 8_000_000;

  private static final int MOST_IN_FLIGHT = 1_000;

  /** So many rounds do not count where processes live on: compilers are at work in them. */
  private static final int WARM_UPS = 2;

  private static final int LARGE = 100_000_000;

  private final int workers;
  private final double scale;
  private final SortPrograms programs;
  private final ExecutorContender segue;
  private final ExecutorContender forkJoin;
  private final BareContender bare;
  private final List<CPythonContender> pythons;

  /**
   * Programs of this JVM's class path that sort the article's lists, as many as their system
   * property {@code scale} says. Each prints one line before and one after.
   *
   * @param processes the main class of the one that uses Segue's pool
   * @param threads the main class of the one that uses a pool of threads
   * @param oneThread the main class of the one that sorts one list after the other
   */
  public record SortPrograms(String processes, String threads, String oneThread) {}

  /**
   * Starts the contenders.
   *
   * @param workers how many workers each has, at least 1
   * @param scale how much work a sample is: 1 for half a second, or the article's 1,000 lists
   * @param programs what {@link PoolWork#EXAMPLES} runs
   * @throws IOException if a contender cannot be started
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public ProcessPoolBenchmark(int workers, double scale, SortPrograms programs)
      throws IOException, InterruptedException {
    this.workers = workers;
    this.scale = scale;
    this.programs = programs;
    this.segue = new ExecutorContender(SEGUE, workers);
    this.forkJoin = new ExecutorContender(FORK_JOIN, workers);
    this.bare = new BareContender(workers);
    this.pythons = CPythonContender.openAll(workers);
  }

  /**
   * Returns which versions of the others take part.
   *
   * @return what they say of themselves
   */
  public Map<Contender, String> versions() {
    var versions = new LinkedHashMap<Contender, String>();
    pythons.forEach(python -> versions.put(python.contender(), python.version()));
    return versions;
  }

  /**
   * Returns who does not take part, and how to install it.
   *
   * @return hints
   */
  public Map<Contender, String> missing() {
    var missing = new LinkedHashMap<Contender, String>();
    if (pythons.isEmpty()) {
      var hint =
          "there is no python3; install Python 3: apt install python3, or brew install python";
      missing.put(CPYTHON, hint);
      missing.put(MULTIPROCESSING, hint);
    }
    if (!versions().containsKey(LOKY)) {
      missing.put(
          LOKY, "python3 does not have it: pip install loky, or apt install python3-joblib");
    }
    return missing;
  }

  /**
   * Measures.
   *
   * @param works what to measure
   * @param rounds how many samples to take of each contender
   * @param progress told what is going on, before each sample
   * @param measured told each result as soon as there is one: one or several of each work, in the
   *     order of {@link PoolWork}
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public void run(
      Set<PoolWork> works, int rounds, Consumer<String> progress, Consumer<Result> measured)
      throws InterruptedException {
    for (var work : works.stream().sorted().toList()) {
      for (var trial : trials(work)) {
        measured.accept(trial.run(rounds, progress));
      }
    }
  }

  @Override
  public void close() throws IOException {
    segue.close();
    forkJoin.close();
    bare.close();
    for (var python : pythons) {
      python.close();
    }
  }

  // --- the works

  private List<Trial> trials(PoolWork work) {
    return switch (work) {
      case ROUND_TRIP -> List.of(roundTrip());
      case AT_ONCE -> List.of(atOnce());
      case LISTS -> List.of(lists());
      case FIRST_RESULT -> List.of(firstResult(), veryFirstResult(), firstResultWithAnAotCache());
      case SORT -> List.of(sort());
      case EXAMPLES -> List.of(examples());
      case MEMORY -> List.of(memory());
      case PAYLOAD ->
          IntStream.rangeClosed(0, 8)
              .mapToObj(power -> payload((int) Math.pow(10, power)))
              .toList();
    };
  }

  private Trial roundTrip() {
    var time = halfASecond();
    return new Samplers(1e6)
        .executors(pool -> pool.roundTrip(time))
        .pythons(python -> python.roundTrip(time))
        .add(BARE, () -> bare.roundTrip(time))
        .trial(
            WARM_UPS,
            subject(
                PoolWork.ROUND_TRIP,
                "round trip of a tiny task",
                "µs",
                true,
                Bar.atMost("≤ 1.5 × bare", 1.5, SEGUE, BARE),
                Bar.atLeast("≥ 8 × faster than CPython", 8, CPYTHON, SEGUE)));
  }

  private Trial atOnce() {
    return new Samplers(1)
        .executors(pool -> pool.atOnce(scaled(100_000)))
        .pythons(python -> python.atOnce(scaled(10_000)))
        .trial(
            WARM_UPS,
            subject(
                PoolWork.AT_ONCE,
                "tiny tasks submitted at once",
                "/s",
                false,
                Bar.atLeast("≥ 100,000 /s", 100_000, SEGUE, null),
                Bar.atLeast("≥ 10 × CPython", 10, SEGUE, CPYTHON)));
  }

  private Trial lists() {
    var list = MergeSort.randomLists(1)[0];
    int size = list.length * Integer.BYTES;
    var time = halfASecond();
    return new Samplers(1)
        .add(SEGUE, () -> segue.lists(list, inFlight(size), time))
        .pythons(python -> python.lists(list.length, inFlight(size), time))
        .add(BARE, () -> bare.payload(size, time))
        .trial(
            WARM_UPS,
            subject(
                PoolWork.LISTS,
                "30,000-int lists echoed",
                "/s",
                false,
                Bar.atLeast("≥ 0.5 × bare", 0.5, SEGUE, BARE),
                Bar.atLeast("≥ 20 × CPython", 20, SEGUE, CPYTHON)));
  }

  private Trial firstResult() {
    return new Samplers(1e3)
        .executors(ExecutorContender::firstResult)
        .pythons(CPythonContender::firstResult)
        .trial(
            1,
            subject(
                PoolWork.FIRST_RESULT,
                "first result of a new pool",
                "ms",
                true,
                Bar.atMost("≤ 200 ms", 200, SEGUE, null)));
  }

  private Trial veryFirstResult() {
    return new Samplers(1e3)
        .executors(ExecutorContender::firstResultInAFreshJvm)
        .pythons(CPythonContender::firstResultInAFreshInterpreter)
        .trial(
            0,
            subject(
                PoolWork.FIRST_RESULT,
                "first result of a new program",
                "ms",
                true,
                Bar.atMost("≤ 250 ms", 250, SEGUE, null)));
  }

  private Trial firstResultWithAnAotCache() {
    return new Samplers(1e3)
        .executors(ExecutorContender::firstResultWithAnAotCache)
        .trial(
            0,
            subject(
                PoolWork.FIRST_RESULT,
                "first result with an AOT cache",
                "ms",
                true,
                Bar.atMost("≤ 150 ms", 150, SEGUE, null)));
  }

  private Trial sort() {
    return new Samplers(1)
        .executors(pool -> pool.sort(scaled(1_000)))
        .pythons(python -> python.sort(scaled(100)))
        .add(BARE, () -> bare.sort(scaled(1_000)))
        .trial(
            0,
            subject(
                PoolWork.SORT,
                "lists sorted as in the article",
                "/s",
                false,
                Bar.atLeast("≥ 0.92 × bare", 0.92, SEGUE, BARE)));
  }

  private Trial examples() {
    var options = List.of("-Dscale=" + scale);
    return new Samplers(1)
        .add(SEGUE, () -> Processes.timeJvm(options, programs.processes()))
        .add(THREADS, () -> Processes.timeJvm(options, programs.threads()))
        .add(ONE_THREAD, () -> Processes.timeJvm(options, programs.oneThread()))
        .trial(
            0,
            subject(
                PoolWork.EXAMPLES,
                "the examples' sort",
                "s",
                true,
                Bar.atLeast("≥ 1.7 × faster than one thread", 1.7, ONE_THREAD, SEGUE)));
  }

  private Trial memory() {
    return new Samplers(1e-6)
        .add(SEGUE, segue::memory)
        .pythons(CPythonContender::memory)
        .add(BARE, bare::memory)
        .trial(0, subject(PoolWork.MEMORY, "resident memory of an idle worker", "MB", true));
  }

  private Trial payload(int size) {
    var payload = new byte[size];
    var time = halfASecond().dividedBy(2);
    var bars =
        size == LARGE ? List.of(Bar.atLeast("≥ 0.6 × bare", 0.6, SEGUE, BARE)) : List.<Bar>of();
    return new Samplers(size / 1e6)
        .add(SEGUE, () -> segue.payload(payload, inFlight(size), time))
        .pythons(python -> python.payload(size, inFlight(size), time))
        .add(BARE, () -> bare.payload(size, time))
        .trial(
            WARM_UPS,
            new Subject(PoolWork.PAYLOAD.id(), bytes(size) + " echoed", "MB/s", false, size, bars));
  }

  // --- their parts

  private static Subject subject(
      PoolWork work, String title, String unit, boolean lowerIsBetter, Bar... bars) {
    return new Subject(work.id(), title, unit, lowerIsBetter, bars);
  }

  private interface Figure {
    double measure() throws Exception;
  }

  private interface FigureOf<C> {
    double measure(C contender) throws Exception;
  }

  /** Who takes part in a trial, each with figures that are multiplied by a factor. */
  private final class Samplers {
    private final double factor;
    private final Map<Contender, Sampler> samplers = new LinkedHashMap<>();
    private final List<Contender> absent = new ArrayList<>();

    private Samplers(double factor) {
      this.factor = factor;
    }

    private Samplers add(Contender contender, Figure figure) {
      samplers.put(contender, () -> new Sample(factor * figure.measure()));
      return this;
    }

    private Samplers executors(FigureOf<ExecutorContender> figure) {
      return add(SEGUE, () -> figure.measure(segue)).add(FORK_JOIN, () -> figure.measure(forkJoin));
    }

    private Samplers pythons(FigureOf<CPythonContender> figure) {
      pythons.forEach(python -> add(python.contender(), () -> figure.measure(python)));
      absent.addAll(missing().keySet());
      return this;
    }

    private Trial trial(int warmUps, Subject subject) {
      return new Trial(subject, warmUps, samplers, absent);
    }
  }

  private Duration halfASecond() {
    return Duration.ofNanos(Math.round(5e8 * scale));
  }

  private int scaled(int count) {
    return (int) Math.max(1, Math.round(count * scale));
  }

  private int inFlight(int size) {
    return Math.clamp(BYTES_IN_FLIGHT / size, 2 * workers, MOST_IN_FLIGHT);
  }

  /** Of 1,000: "1 kB". */
  static String bytes(long size) {
    long rest = size;
    for (var unit : List.of("B", "kB", "MB")) {
      if (rest < 1_000) {
        return rest + " " + unit;
      }
      rest /= 1_000;
    }
    return rest + " GB";
  }
}
