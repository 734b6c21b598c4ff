package dev.segue.compare;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.segue.compare.Finding.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One model at one point: its JVM, and what has been measured of it. */
final class Contestant {
  /** What a JVM, its workload and its workers may take to start. */
  static final long START_NANOS = SECONDS.toNanos(60);

  /** The same for a cluster, whose processes are several and start one after the other. */
  private static final long START_CLUSTER_NANOS = SECONDS.toNanos(180);

  /** What a pool has beyond the time-out to stop jobs, and any model to look at its results. */
  private static final long EXTRA_NANOS = SECONDS.toNanos(30);

  /** A recording takes its time, too. */
  private static final int SLOWER_RECORDED = 3;

  private static final int KILLED = 128 + 9;

  /** In a process pool, jobs share no fields. */
  private static final Set<Model> SHARING =
      EnumSet.of(Model.THREADS, Model.THREAD_POOL, Model.VIRTUAL_THREADS, Model.EVENT_LOOP);

  private static final long EXPLAIN_NANOS = SECONDS.toNanos(2);

  /** The least growth of the heap in one repetition that counts, in bytes. */
  private static final double LEAST_GROWTH = 64 << 10;

  /** By how much times must change in all to be called unsteady. */
  private static final double LEAST_CHANGE = 0.05;

  final Model model;
  private final ChildProcess child;
  private final Plan plan;
  private final PointRun.Children children;
  private final Progress progress;
  private final Sampler sampler;
  private final WarmUp warmUp;
  private final List<Repetition> repetitions = new ArrayList<>();
  private final List<JobProfile> profiles = new ArrayList<>();
  private final List<Double> heaps = new ArrayList<>();
  private final Map<Kind, Finding> findings = new EnumMap<>(Kind.class);
  private final Map<String, Message.Held> held = new LinkedHashMap<>();
  private byte[] recording = new byte[0];
  private long startUp;
  private Message.@Nullable Stuck exiting;
  private boolean out;

  Contestant(
      Model model, ChildProcess child, Plan plan, PointRun.Children children, Progress progress) {
    this.model = model;
    this.child = child;
    this.plan = plan;
    this.children = children;
    this.progress = progress;
    this.sampler = new Sampler(child.handle());
    this.warmUp = new WarmUp(plan.warmUp());
  }

  boolean isOut() {
    return out;
  }

  WarmUp warmUp() {
    return warmUp;
  }

  void started(long nanos) {
    startUp = nanos;
  }

  /** It takes no further part, and its JVM ends. */
  void out(Finding.Kind kind, String text, @Nullable String at) {
    find(kind, text, at);
    out = true;
    child.kill();
  }

  /** One of each kind is enough. */
  void find(Kind kind, String text, @Nullable String at) {
    var finding = new Finding(model, kind, text, at);
    if (findings.putIfAbsent(kind, finding) == null) {
      progress.found(finding);
    }
  }

  /** Adds a sentence to a finding, if there is one of that kind. */
  void amend(Kind kind, String sentence) {
    findings.computeIfPresent(
        kind, (_, found) -> new Finding(model, kind, found.text() + " " + sentence, found.at()));
  }

  /**
   * Runs all jobs once.
   *
   * @return the results; null if there are none, and it is out
   */
  Message.@Nullable Values repeat(boolean counts, boolean record)
      throws InterruptedException, Stopped {
    long from = System.nanoTime();
    sampler.reset();
    sampler.look();
    int threads = sampler.threads();
    child.send(new Message.Repeat(counts, record));
    long limit = record ? SLOWER_RECORDED * limit() : limit();
    if (!(await(limit, false, "make the jobs") instanceof Message.Began)
        || !(await(limit, true, null) instanceof Message.Done)) {
      return null;
    }
    sampler.look();
    if (!(await(limit + EXTRA_NANOS, false, "compare what the jobs returned")
        instanceof Message.Outcome outcome)) {
      return null;
    }
    for (var problem : outcome.problems()) {
      out(problem.kind(), Figures.begin(problem.text()), problem.at());
    }
    if (out) {
      return null;
    }
    if (record) {
      recording = outcome.recording();
    } else if (counts) {
      count(outcome, threads);
    } else {
      warmUp.add(outcome.wall(), System.nanoTime() - from);
    }
    return outcome.values();
  }

  /** Whether jobs may have lost updates of each other. */
  boolean mayLoseUpdates() {
    return !out && findings.containsKey(Kind.WRONG_RESULT) && SHARING.contains(model);
  }

  /**
   * Has a model whose results are wrong say which updates of which field are lost, if it can: the
   * jobs run once more, watched. Nothing else comes of that.
   */
  void explain() throws InterruptedException, Stopped {
    var wrong = findings.get(Kind.WRONG_RESULT);
    if (wrong == null) {
      return;
    }
    child.send(new Message.Watch());
    long end = System.nanoTime() + EXTRA_NANOS;
    for (long left = EXTRA_NANOS; left > 0; left = end - System.nanoTime()) {
      switch (child.receive(left)) {
        case Message.Watched(Message.Lost lost) -> {
          if (lost != null) {
            findings.put(
                Kind.WRONG_RESULT,
                new Finding(
                    model, Kind.WRONG_RESULT, wrong.text() + " " + text(lost), lost.write()));
          }
          return;
        }
        case Message.Refused _ -> {
          return;
        }
        case Message.Ended _ -> {
          children.refuseIfStopped();
          return;
        }
        case null, default -> {}
      }
    }
    out = true; // it is still at it, and can do nothing else
    child.kill();
  }

  private static String text(Message.Lost lost) {
    boolean same = lost.read().equals(lost.write()) && lost.read().equals(lost.overwritten());
    return "Run once more and watched, %s lost at least %s: "
            .formatted(lost.field(), Figures.counted(lost.count(), "update"))
        + (same
            ? "it is read and written at " + lost.write() + ", by several jobs at a time."
            : "one job read it at %s, another wrote it at %s, and then the first wrote it at %s."
                .formatted(lost.read(), lost.overwritten(), lost.write()));
  }

  private long limit() {
    boolean stopsJobs = model == Model.PROCESS_POOL || model == Model.CLUSTER;
    return plan.timeout().toNanos() + (stopsJobs ? EXTRA_NANOS : 0);
  }

  /** Whether most of the processes are out of sight. */
  private boolean isElsewhere() {
    return model == Model.CLUSTER && !ClusterProvider.NEW.equals(plan.master());
  }

  private void count(Message.Outcome outcome, int threads) {
    var repetition =
        new Repetition(
            outcome.wall(),
            outcome.processor(),
            outcome.p50(),
            outcome.p99(),
            outcome.max(),
            Math.max(sampler.threads(), threads + outcome.moreThreads()),
            isElsewhere() ? 0 : sampler.memory());
    repetitions.add(repetition);
    progress.measured(model, repetition);
    heaps.add((double) outcome.heap());
    if (outcome.profile() != null) {
      profiles.add(outcome.profile());
    }
    for (var each : outcome.held()) {
      held.merge(each.at(), each, (one, other) -> one.millis() > other.millis() ? one : other);
    }
  }

  /** Waits until it can take jobs; if it cannot, it is out. */
  void awaitStart() throws InterruptedException, Stopped {
    long limit = model == Model.CLUSTER ? START_CLUSTER_NANOS : START_NANOS;
    var _ = await(limit, false, "start");
  }

  /**
   * Returns the next answer; null if none came that is of use, and it is out.
   *
   * @param to what it does meanwhile; null for running the jobs
   */
  private @Nullable Message await(long nanos, boolean sample, @Nullable String to)
      throws InterruptedException, Stopped {
    long limit = System.nanoTime() + nanos;
    while (true) {
      long left = limit - System.nanoTime();
      var answer = child.receive(sample ? Math.min(left, sampler.look()) : left);
      switch (answer) {
        case null -> {
          if (System.nanoTime() >= limit) {
            if (to == null) {
              stuck();
            } else {
              out(Kind.UNSTOPPABLE, "It took longer than " + text(nanos) + " to " + to + ".", null);
            }
            return null;
          }
        }
        case Message.Refused refused -> {
          out(Kind.JOB_FAILED, "The workload: " + refused.text(), null);
          return null;
        }
        case Message.Stuck job -> exiting = job;
        case Message.Ended ended -> {
          ended(ended);
          return null;
        }
        default -> {
          return answer;
        }
      }
    }
  }

  private void ended(Message.Ended ended) throws Stopped {
    children.refuseIfStopped();
    if (ended.exitCode() == Stopped.EXIT_CODE) {
      throw new Stopped(); // a Ctrl-C before the child could ignore it
    }
    boolean full = ended.lastLines().contains("java.lang.OutOfMemoryError");
    if (full) {
      out(
          Kind.OUT_OF_MEMORY,
          "A job filled the heap, which ended its JVM with all other jobs in it. Give it more"
              + " (JDK_JAVA_OPTIONS=-Xmx4g), or run fewer jobs at a time.",
          null);
    } else {
      var job = exiting;
      out(
          Kind.JVM_ENDED,
          (job == null ? "A job" : Figures.begin(job.job()))
              + " ended its JVM with all other jobs in it (exit code "
              + ended.exitCode()
              + (ended.exitCode() == KILLED ? ": killed, perhaps for lack of memory" : "")
              + ")"
              + ended.lastLines()
              + ". In a process pool, only its worker ends.",
          job == null ? null : job.at());
    }
  }

  private static String text(long nanos) {
    return Times.text(Duration.ofNanos(nanos));
  }

  private void stuck() throws InterruptedException {
    child.send(new Message.Explain());
    var stuck = new Message.Stuck("a job", 0, null);
    long limit = System.nanoTime() + EXPLAIN_NANOS;
    for (long left = EXPLAIN_NANOS; left > 0; left = limit - System.nanoTime()) {
      if (child.receive(left) instanceof Message.Stuck answer) {
        stuck = answer;
        break;
      }
    }
    out(
        Kind.UNSTOPPABLE,
        Figures.begin(stuck.job())
            + " did not end within "
            + Times.text(plan.timeout())
            + (stuck.ended() == 0
                ? ""
                : ", and " + Figures.counted(stuck.ended(), "other") + " did")
            + ". Java cannot stop a thread, so its JVM was killed, with all jobs in it. A process"
            + " pool can stop the one job.",
        stuck.at());
  }

  /** Looks at all repetitions together, when there will be no more. */
  void conclude() {
    var stalls = held.values().stream().sorted((a, b) -> Long.compare(b.millis(), a.millis()));
    stalls.findFirst().ifPresent(this::stalled);
    if (out || repetitions.isEmpty()) {
      return;
    }
    var heap = Trend.of(heaps.stream().mapToDouble(each -> each).toArray());
    if (heap.rises() && heap.slope() > LEAST_GROWTH) {
      find(
          Kind.MEMORY_GROWS,
          String.format(
              Locale.ROOT,
              "The heap%s in use after a garbage collection grows by %.1f MB in a repetition, and was"
                  + " %.1f MB after the last one: something keeps what the jobs made.",
              model == Model.PROCESS_POOL ? " of a worker" : "",
              heap.slope() / (1 << 20),
              heaps.getLast() / (1 << 20)),
          null);
    }
    if (!isSteady()) {
      find(
          Kind.NOT_STEADY,
          "Its times still "
              + (wallTrend().falls() ? "fell" : "rose")
              + " from one repetition to the next when the warm-up had to end: give it longer.",
          null);
    }
  }

  private void stalled(Message.Held longest) {
    find(
        Kind.STALL,
        "A job held the loop for "
            + longest.millis()
            + " ms or more, and no other job could run: "
            + longest.remedy()
            + (held.size() > 1
                ? ". So did " + Figures.counted(held.size() - 1, "other line") + "."
                : "."),
        longest.at());
  }

  private Trend wallTrend() {
    return Trend.of(repetitions.stream().mapToDouble(Repetition::wall).toArray());
  }

  private boolean isSteady() {
    if (warmUp.isEven() || repetitions.isEmpty()) {
      return true;
    }
    var trend = wallTrend();
    double first = repetitions.getFirst().wall();
    double change = Math.abs(trend.slope()) * (repetitions.size() - 1) / first;
    return change < LEAST_CHANGE || !(trend.rises() || trend.falls());
  }

  // --- what came of it

  ModelResult result() {
    return new ModelResult(model, startUp, warmUp.count(), isSteady(), repetitions);
  }

  List<Finding> findings() {
    return List.copyOf(findings.values());
  }

  byte[] recording() {
    return recording;
  }

  /** What the jobs are like, in the median of the repetitions; null if that is not known. */
  @Nullable JobProfile profile() {
    return profiles.isEmpty() ? null : JobProfile.of(profiles);
  }
}
