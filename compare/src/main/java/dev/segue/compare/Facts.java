package dev.segue.compare;

import dev.segue.compare.Report.Point;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the figures of one point come to, in the words of the {@link Rule}s. */
final class Facts {
  /** Less than this times as much is no difference that anybody should act on. */
  static final double NOTICEABLE = 1.05;

  private static final double MORE_MEMORY = 2;
  private static final double MORE_PROCESSOR = 1.5;

  /** From what a Java programmer knows best to what takes the most to set up. */
  private static final List<Model> SIMPLE_FIRST =
      List.of(
          Model.SYNC,
          Model.VIRTUAL_THREADS,
          Model.THREADS,
          Model.THREAD_POOL,
          Model.EVENT_LOOP,
          Model.PROCESS_POOL,
          Model.CLUSTER);

  /** A model whose results are right, and its figures. */
  record Ranked(
      Model model, ModelResult result, Estimate wall, Estimate processor, Estimate memory) {
    private static Ranked of(ModelResult result) {
      return new Ranked(
          result.model(),
          result,
          result.median(Repetition::wall),
          result.median(Repetition::processor),
          result.median(Repetition::memory));
    }

    /** What each repetition took, in nanoseconds. */
    double[] walls() {
      return result.repetitions().stream().mapToDouble(Repetition::wall).toArray();
    }

    /**
     * Whether it takes noticeably less time than another, and that is no chance. They have taken
     * turns, so what disturbed the machine in one repetition did in the same one of the other: the
     * ratio of the two tells more than either.
     */
    boolean isFasterThan(Ranked other) {
      if (other.slowerThan(this) < NOTICEABLE) {
        return false;
      }
      var mine = walls();
      var its = other.walls();
      var ratios = new double[Math.min(mine.length, its.length)];
      Arrays.setAll(ratios, i -> its[i] / Math.max(1, mine[i]));
      return Bootstrap.of(ratios).low() > 1;
    }

    /** How many times as long it takes as another. */
    double slowerThan(Ranked other) {
      return wall.median() / Math.max(1, other.wall.median());
    }
  }

  /**
   * What no model can beat.
   *
   * @param nanos how long the jobs take at least
   * @param what what limits them
   */
  record Limit(double nanos, String what) {}

  private final Report report;
  private final Point point;
  private final List<Ranked> ranking;
  private final List<Ranked> tied;

  Facts(Report report, Point point) {
    this.report = report;
    this.point = point;
    this.ranking =
        point.results().stream()
            .filter(result -> !result.repetitions().isEmpty())
            .filter(result -> !isOut(point, result.model()))
            .map(Ranked::of)
            .sorted(Comparator.comparingDouble(each -> each.wall().median()))
            .toList();
    this.tied = ranking.stream().filter(each -> !ranking.getFirst().isFasterThan(each)).toList();
  }

  /** Whether what a model did is wrong, so that its times mean nothing. */
  static boolean isOut(Point point, Model model) {
    return point.findings().stream()
        .anyMatch(finding -> finding.model() == model && finding.kind().isWrong());
  }

  Report report() {
    return report;
  }

  Point point() {
    return point;
  }

  /** Those with right results, the fastest first. */
  List<Ranked> ranking() {
    return ranking;
  }

  /** Those that are as fast as the fastest, as far as anybody can tell: itself and others. */
  List<Ranked> tied() {
    return tied;
  }

  int out() {
    return point.results().size() - ranking.size();
  }

  Optional<Ranked> of(Model model) {
    return ranking.stream().filter(each -> each.model() == model).findFirst();
  }

  // --- what to take

  /**
   * The one to take: the simplest of the fastest, unless it costs far more than another of them.
   */
  Optional<Ranked> best() {
    var thrifty = tied.stream().filter(each -> dearer(each).isEmpty());
    return Stream.concat(thrifty.sorted(simpleFirst()), tied.stream().sorted(simpleFirst()))
        .findFirst();
  }

  /** The simplest of the fastest, whatever it costs. */
  Optional<Ranked> simplest() {
    return tied.stream().min(simpleFirst());
  }

  private static Comparator<Ranked> simpleFirst() {
    return Comparator.comparingInt(each -> SIMPLE_FIRST.indexOf(each.model()));
  }

  /** The next to take. */
  Optional<Ranked> runnerUp() {
    var best = best().orElse(null);
    return ranking.stream().filter(each -> !each.equals(best)).findFirst();
  }

  /** What one of the fastest needs far more of than another of them. */
  Optional<String> dearer(Ranked one) {
    if (tied.stream().anyMatch(other -> isMore(one, other, Ranked::memory, MORE_MEMORY))) {
      return Optional.of("memory");
    } else if (tied.stream()
        .anyMatch(other -> isMore(one, other, Ranked::processor, MORE_PROCESSOR))) {
      return Optional.of("processor time");
    }
    return Optional.empty();
  }

  private static boolean isMore(
      Ranked one, Ranked other, Function<Ranked, Estimate> figure, double factor) {
    var mine = figure.apply(one);
    var its = figure.apply(other);
    return its.median() > 0 // else it was not measured
        && !mine.overlaps(its)
        && mine.median() > factor * its.median();
  }

  // --- what the jobs are like

  @Nullable JobProfile profile() {
    return point.profile();
  }

  /** What part of their time the jobs wait; NaN if that is not known. */
  double waiting() {
    var profile = profile();
    return profile == null ? Double.NaN : profile.waiting();
  }

  boolean jobsWait() {
    return waiting() >= 0.8;
  }

  boolean jobsCompute() {
    return waiting() <= 0.2;
  }

  /** The processor time that all jobs need, in nanoseconds. */
  static double computing(JobProfile profile) {
    return profile.total() * (1 - profile.waiting());
  }

  /**
   * The processors, the longest job, or the rate. That job may have been long by chance, one after
   * the other: if a model has taken less time, it is a job as most of them are.
   */
  Optional<Limit> limit() {
    var profile = profile();
    if (profile == null || ranking.isEmpty()) {
      return Optional.empty();
    }
    double fastest = ranking.getFirst().wall().median();
    var limit =
        fastest < profile.longest()
            ? new Limit((double) profile.median(), "the time that a job takes")
            : new Limit((double) profile.longest(), "the time that the longest job takes");
    double processors = computing(profile) / report.machine().processors();
    if (processors > limit.nanos()) {
      limit = new Limit(processors, "the work divided by the processors");
    }
    double lastIsDue = report.rate() == 0 ? 0 : (profile.jobs() - 1) * 1e9 / report.rate();
    if (lastIsDue > limit.nanos()) {
      limit = new Limit(lastIsDue, "the time until the last job is due");
    }
    return Optional.of(limit).filter(each -> each.nanos() > 0 && each.nanos() <= fastest);
  }

  /** What a model adds to each job: more processor time than one after the other takes. */
  Optional<Double> overhead(Model model) {
    return moreForEachJob(model, Ranked::processor);
  }

  /** What a model needs of memory for each job, beside what it needs one after the other. */
  Optional<Double> memoryOfJob(Model model) {
    return moreForEachJob(model, Ranked::memory);
  }

  private Optional<Double> moreForEachJob(Model model, Function<Ranked, Estimate> figure) {
    var sync = of(Model.SYNC);
    var other = of(model);
    var profile = profile();
    if (sync.isEmpty() || other.isEmpty() || profile == null) {
      return Optional.empty();
    }
    double more = figure.apply(other.get()).median() - figure.apply(sync.get()).median();
    return more > 0 ? Optional.of(more / profile.jobs()) : Optional.empty();
  }

  int threads(Model model) {
    return of(model).stream()
        .flatMap(each -> each.result().repetitions().stream())
        .mapToInt(Repetition::threads)
        .max()
        .orElse(0);
  }

  Optional<Finding> found(Model model, Finding.Kind kind) {
    return point.findings().stream()
        .filter(finding -> finding.model() == model && finding.kind() == kind)
        .findFirst();
  }
}
