package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.SEGUE;

import dev.segue.bench.Trial.Sampler;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Segue's process pool beside CPython's, and beside JVMs with no pool around them, in the same run.
 */
public final class ProcessPoolBenchmark implements AutoCloseable {
  /** So many bytes are under way at a time, unless that were too few or too many tasks. */
  private static final int BYTES_IN_FLIGHT = 8_000_000;

  private static final int MOST_IN_FLIGHT = 1_000;

  /** So many rounds do not count where processes live on: compilers are at work in them. */
  private static final int WARM_UPS = 2;

  private static final Bar FIRST_RESULT_BAR = Bar.atMost("≤ 200 ms", 200, SEGUE, null);

  private final int workers;
  private final double scale;
  private final SegueContender segue;
  private final BareContender bare;
  private final @Nullable CPythonContender python;

  /**
   * Starts the contenders.
   *
   * @param workers how many workers each has, at least 1
   * @param scale how much work a sample is: 1 for half a second, or the article's 1,000 lists
   * @throws IOException if a contender cannot be started
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public ProcessPoolBenchmark(int workers, double scale) throws IOException, InterruptedException {
    this.workers = workers;
    this.scale = scale;
    this.segue = new SegueContender(workers);
    this.bare = new BareContender(workers);
    this.python = CPythonContender.open(workers).orElse(null);
  }

  /**
   * Returns which CPython takes part.
   *
   * @return its version; empty if there is no {@code python3}
   */
  public Optional<String> pythonVersion() {
    return Optional.ofNullable(python).map(CPythonContender::version);
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
    bare.close();
    if (python != null) {
      python.close();
    }
  }

  // --- the works

  private List<Trial> trials(PoolWork work) {
    return switch (work) {
      case ROUND_TRIP -> List.of(roundTrip());
      case AT_ONCE -> List.of(atOnce());
      case LISTS -> List.of(lists());
      case FIRST_RESULT -> List.of(firstResult(), veryFirstResult());
      case SORT -> List.of(sort());
      case MEMORY -> List.of(memory());
      case PAYLOAD ->
          IntStream.rangeClosed(0, 8)
              .mapToObj(power -> payload((int) Math.pow(10, power)))
              .toList();
    };
  }

  private Trial roundTrip() {
    var time = halfASecond();
    return new Trial(
        subject(
            PoolWork.ROUND_TRIP,
            "round trip of a tiny task",
            "µs",
            true,
            Bar.atMost("≤ 3 × bare", 3, SEGUE, BARE),
            Bar.atLeast("≥ 8 × faster than CPython", 8, CPYTHON, SEGUE)),
        WARM_UPS,
        samplers(
            1e6,
            () -> segue.roundTrip(time),
            python -> python.roundTrip(time),
            () -> bare.roundTrip(time)));
  }

  private Trial atOnce() {
    return new Trial(
        subject(
            PoolWork.AT_ONCE,
            "tiny tasks submitted at once",
            "/s",
            false,
            Bar.atLeast("≥ 100,000 /s", 100_000, SEGUE, null),
            Bar.atLeast("≥ 10 × CPython", 10, SEGUE, CPYTHON)),
        WARM_UPS,
        samplers(
            1, () -> segue.atOnce(scaled(100_000)), python -> python.atOnce(scaled(10_000)), null));
  }

  private Trial lists() {
    var list = MergeSort.randomLists(1)[0];
    int size = list.length * Integer.BYTES;
    var time = halfASecond();
    return new Trial(
        subject(
            PoolWork.LISTS,
            "30,000-int lists echoed",
            "/s",
            false,
            Bar.atLeast("≥ 10,000 /s", 10_000, SEGUE, null),
            Bar.atLeast("≥ 20 × CPython", 20, SEGUE, CPYTHON)),
        WARM_UPS,
        samplers(
            1,
            () -> segue.lists(list, inFlight(size), time),
            python -> python.lists(list.length, inFlight(size), time),
            () -> bare.payload(size, time)));
  }

  private Trial firstResult() {
    return new Trial(
        subject(PoolWork.FIRST_RESULT, "first result of a new pool", "ms", true, FIRST_RESULT_BAR),
        1,
        samplers(1e3, segue::firstResult, CPythonContender::firstResult, null));
  }

  private Trial veryFirstResult() {
    return new Trial(
        subject(
            PoolWork.FIRST_RESULT, "first result in a fresh program", "ms", true, FIRST_RESULT_BAR),
        0,
        samplers(
            1e3,
            segue::firstResultInAFreshJvm,
            CPythonContender::firstResultInAFreshInterpreter,
            null));
  }

  private Trial sort() {
    return new Trial(
        subject(
            PoolWork.SORT,
            "lists sorted as in the article",
            "/s",
            false,
            Bar.atLeast("≥ 0.9 × bare", 0.9, SEGUE, BARE)),
        0,
        samplers(
            1,
            () -> segue.sort(scaled(1_000)),
            python -> python.sort(scaled(100)),
            () -> bare.sort(scaled(1_000))));
  }

  private Trial memory() {
    return new Trial(
        subject(PoolWork.MEMORY, "resident memory of an idle worker", "MB", true),
        0,
        samplers(1e-6, segue::memory, CPythonContender::memory, bare::memory));
  }

  private Trial payload(int size) {
    var payload = new byte[size];
    var time = halfASecond().dividedBy(2);
    return new Trial(
        new Subject(PoolWork.PAYLOAD.id(), bytes(size) + " echoed", "MB/s", false, size, List.of()),
        WARM_UPS,
        samplers(
            size / 1e6,
            () -> segue.payload(payload, inFlight(size), time),
            python -> python.payload(size, inFlight(size), time),
            () -> bare.payload(size, time)));
  }

  // --- their parts

  private static Subject subject(
      PoolWork work, String title, String unit, boolean lowerIsBetter, Bar... bars) {
    return new Subject(work.id(), title, unit, lowerIsBetter, bars);
  }

  /** Samplers whose figures are multiplied by a factor, which makes them those of the unit. */
  private Map<Contender, Sampler> samplers(
      double factor, Figure segue, PythonFigure python, @Nullable Figure bare) {
    var samplers = new LinkedHashMap<Contender, Sampler>();
    samplers.put(SEGUE, () -> new Sample(factor * segue.measure()));
    var interpreter = this.python;
    if (interpreter != null) {
      samplers.put(CPYTHON, () -> new Sample(factor * python.measure(interpreter)));
    }
    if (bare != null) {
      samplers.put(BARE, () -> new Sample(factor * bare.measure()));
    }
    return samplers;
  }

  private interface Figure {
    double measure() throws Exception;
  }

  private interface PythonFigure {
    double measure(CPythonContender python) throws Exception;
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
