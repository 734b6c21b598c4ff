package dev.segue.cli.cluster;

import static dev.segue.bench.Contender.RAY;
import static dev.segue.bench.Contender.SEGUE;

import dev.segue.bench.Bar;
import dev.segue.bench.CPythonContender;
import dev.segue.bench.ClusterWork;
import dev.segue.bench.Contender;
import dev.segue.bench.MergeSort;
import dev.segue.bench.Processes;
import dev.segue.bench.Result;
import dev.segue.bench.Sample;
import dev.segue.bench.Subject;
import dev.segue.bench.Trial;
import dev.segue.bench.Trial.Sampler;
import dev.segue.cli.ClusterPart;
import dev.segue.cluster.LocalCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cluster behind {@link java.util.concurrent.ExecutorService}, beside Spark's own API for the
 * same work, on the same executors, and beside the process pool.
 */
final class ClusterBenchmark implements ClusterPart.Benchmark {
  /** Spark alone: a job for all of the work, in as many pieces as suit it. */
  static final Contender RDD = new Contender("spark-rdd", "Spark's RDD API", true);

  /** Spark alone, with a task of its own for each piece of work, as an executor has. */
  static final Contender RDD_TASKS = new Contender("spark-tasks", "a Spark task each", false);

  static final Contender BATCHED = new Contender("segue-batched", "Segue, in batches", false);

  static final Contender LONG_QUEUE =
      new Contender("segue-long-queue", "Segue, with room for all", false);

  static final Contender PROCESS_POOL = new Contender("process-pool", "process pool", false);

  private static final int WARM_UPS = 2;

  /** For what takes long, and does not vary much. */
  private static final int FEW_ROUNDS = 3;

  private static final List<Duration> LENGTHS =
      List.of(
          Duration.ofNanos(100_000),
          Duration.ofNanos(300_000),
          Duration.ofMillis(1),
          Duration.ofMillis(3),
          Duration.ofMillis(10),
          Duration.ofMillis(30),
          Duration.ofMillis(100),
          Duration.ofMillis(300),
          Duration.ofSeconds(1));

  private final @Nullable String given;
  private final double scale;
  private final Map<Contender, String> versions = new LinkedHashMap<>();
  private final Map<Duration, Result> lengths = new TreeMap<>();
  private @Nullable LocalCluster here;
  private @Nullable ClusterContender contender;
  private @Nullable CPythonContender ray;

  /**
   * @param master of a cluster that is there; null to start one
   * @param scale how much work a sample is: 1 for half a second, or the article's 1,000 lists
   */
  ClusterBenchmark(@Nullable String master, double scale) {
    this.given = master;
    this.scale = scale;
  }

  @Override
  public Map<Contender, String> missing() {
    return Map.of();
  }

  @Override
  public Map<Contender, String> versions() {
    return versions;
  }

  @Override
  public void run(
      Set<ClusterWork> works, int rounds, Consumer<String> progress, Consumer<Result> measured)
      throws Exception {
    for (var work : works.stream().sorted().toList()) {
      if (work == ClusterWork.LENGTH) {
        for (var length : LENGTHS) {
          progress.accept(""); // executors may have to start first
          var result = length(length).run(rounds, progress);
          lengths.put(length, result);
          measured.accept(result);
        }
      } else {
        measured.accept(trial(work).run(rounds(work, rounds), progress));
      }
    }
  }

  private static int rounds(ClusterWork work, int rounds) {
    boolean long_ = work == ClusterWork.COLD_SORT || work == ClusterWork.MEMORY;
    return long_ ? Math.min(rounds, FEW_ROUNDS) : rounds;
  }

  private Trial trial(ClusterWork work) throws Exception {
    return switch (work) {
      case ROUND_TRIP -> roundTrip();
      case AT_ONCE -> atOnce();
      case LISTS -> lists();
      case SORT -> sort();
      case COLD_SORT -> coldSort();
      case MEMORY -> memory();
      case LENGTH -> throw new IllegalArgumentException("several trials");
    };
  }

  @Override
  public String picture() {
    return LengthPlot.of(lengths);
  }

  @Override
  public void close() {
    endContender();
    if (here != null) {
      here.close();
    }
  }

  // --- the works

  private Trial roundTrip() throws Exception {
    var cluster = contender();
    var time = halfASecond();
    return trial(
        WARM_UPS,
        new Subject(
            ClusterWork.ROUND_TRIP.id(),
            "round trip of a tiny task",
            "ms",
            true,
            Bar.atMost("≤ 1.2 × a one-task RDD job", 1.2, SEGUE, RDD)),
        andOfRay(
            ray -> 1e3 * ray.roundTrip(time),
            Map.of(
                SEGUE, () -> 1e3 * Rates.roundTrip(cluster.executor(), time),
                RDD, () -> 1e3 * cluster.jobs(time),
                PROCESS_POOL, () -> 1e3 * Rates.roundTrip(cluster.pool(), time))));
  }

  private Trial atOnce() throws Exception {
    var cluster = contender();
    return trial(
        WARM_UPS,
        new Subject(
            ClusterWork.AT_ONCE.id(),
            "tiny tasks submitted at once",
            "/s",
            false,
            Bar.atLeast("≥ 30,000 /s", 30_000, SEGUE, null)),
        andOfRay(
            ray -> ray.atOnce(scaled(1_000)),
            Map.of(
                SEGUE, () -> Rates.atOnce(cluster.batched(), scaled(50_000)),
                RDD, () -> cluster.elements(scaled(50_000)),
                RDD_TASKS, () -> cluster.tasks(scaled(1_000)),
                PROCESS_POOL, () -> Rates.atOnce(cluster.pool(), scaled(50_000)))));
  }

  private Trial lists() throws Exception {
    var cluster = contender();
    var list = MergeSort.randomLists(1)[0];
    int lists = scaled(500);
    return trial(
        WARM_UPS,
        new Subject(ClusterWork.LISTS.id(), "30,000-int lists echoed", "/s", false),
        andOfRay(
            ray -> ray.lists(list.length, lists, halfASecond()),
            Map.of(
                SEGUE, () -> Rates.echoes(cluster.batched(), list, lists),
                RDD, () -> cluster.echoes(list, lists),
                PROCESS_POOL, () -> Rates.echoes(cluster.pool(), list, lists))));
  }

  private Trial sort() throws Exception {
    var cluster = contender();
    var lists = List.of(MergeSort.randomLists(scaled(1_000)));
    return trial(
        1,
        new Subject(
            ClusterWork.SORT.id(),
            "the article's sort, warm",
            "s",
            true,
            Bar.atMost("≤ 1.3 × the process pool", 1.3, SEGUE, PROCESS_POOL)),
        Map.of(
            SEGUE, () -> Rates.sort(cluster.batched(), lists),
            RDD, () -> cluster.sort(lists),
            PROCESS_POOL, () -> Rates.sort(cluster.pool(), lists)));
  }

  /** In programs of their own, which get the executors' processors. */
  private Trial coldSort() throws Exception {
    endContender();
    var master = master();
    return trial(
        0,
        new Subject(ClusterWork.COLD_SORT.id(), "the article's sort, cold", "s", true),
        Map.of(
            SEGUE, () -> coldSort(SEGUE, master),
            RDD, () -> coldSort(RDD, master),
            PROCESS_POOL, () -> coldSort(PROCESS_POOL, master)));
  }

  private double coldSort(Contender contender, String master) throws Exception {
    return Processes.runJvm(
        List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"),
        ColdSortMain.class,
        contender.id(),
        String.valueOf(scaled(1_000)),
        master);
  }

  private Trial memory() throws Exception {
    var cluster = contender();
    return trial(
        0,
        new Subject(
            ClusterWork.MEMORY.id(), "driver's heap with a million tasks submitted", "MB", true),
        Map.of(
            SEGUE, () -> Rates.heap(cluster.batched(), scaled(1_000_000)) / 1e6,
            LONG_QUEUE, () -> heapOfLongQueue(cluster) / 1e6,
            PROCESS_POOL, () -> Rates.heap(cluster.pool(), scaled(1_000_000)) / 1e6));
  }

  private double heapOfLongQueue(ClusterContender cluster) throws Exception {
    int tasks = scaled(1_000_000);
    try (var executor = cluster.batched(tasks)) {
      return Rates.heap(executor, tasks);
    }
  }

  /** As a part of the speed that two processors have if nothing else is to be done. */
  private Trial length(Duration length) throws Exception {
    var cluster = contender();
    int tasks = (int) Math.clamp(2e9 * Machines.WORKERS * scale / length.toNanos(), 4, 2_000);
    return trial(
        1,
        new Subject(
            ClusterWork.LENGTH.id(),
            "tasks of " + LengthPlot.text(length),
            "% of the ideal",
            false),
        Map.of(
            SEGUE, () -> 100 * Rates.part(cluster.executor(), length, tasks),
            BATCHED, () -> 100 * Rates.part(cluster.batched(), length, tasks),
            PROCESS_POOL, () -> 100 * Rates.part(cluster.pool(), length, tasks)));
  }

  // --- their parts

  private interface Figure {
    double measure() throws Exception;
  }

  private interface FigureOfRay {
    double measure(CPythonContender ray) throws Exception;
  }

  /** With that of Ray, if it takes part. */
  private Map<Contender, Figure> andOfRay(FigureOfRay figure, Map<Contender, Figure> others) {
    var figures = new LinkedHashMap<>(others);
    var cluster = ray;
    if (cluster != null) {
      figures.put(RAY, () -> figure.measure(cluster));
    }
    return figures;
  }

  private static Trial trial(int warmUps, Subject subject, Map<Contender, Figure> figures) {
    var samplers = new LinkedHashMap<Contender, Sampler>();
    for (var contender : List.of(SEGUE, BATCHED, LONG_QUEUE, RDD, RDD_TASKS, RAY, PROCESS_POOL)) {
      var figure = figures.get(contender);
      if (figure != null) {
        samplers.put(contender, () -> new Sample(figure.measure()));
      }
    }
    return new Trial(subject, warmUps, samplers, List.of());
  }

  private String master() {
    if (given != null) {
      return given;
    }
    if (here == null) {
      here = LocalCluster.start(Machines.WORKERS, 1, Machines.MEMORY);
    }
    return here.master();
  }

  private ClusterContender contender() throws Exception {
    var it = contender;
    if (it == null) {
      it = new ClusterContender(master());
      contender = it;
      versions.put(RDD, it.version());
      ray = given == null ? CPythonContender.openRay(Machines.WORKERS) : null; // on this machine
      if (ray != null) {
        versions.put(RAY, ray.version());
      }
    }
    return it;
  }

  private void endContender() {
    if (ray != null) {
      ray.close();
      ray = null;
    }
    if (contender != null) {
      contender.close();
      contender = null;
    }
  }

  private Duration halfASecond() {
    return Duration.ofNanos(Math.round(5e8 * scale));
  }

  private int scaled(int count) {
    return (int) Math.max(1, Math.round(count * scale));
  }
}
