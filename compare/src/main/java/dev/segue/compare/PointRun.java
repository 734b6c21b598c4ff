package dev.segue.compare;

import dev.segue.compare.Finding.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The measurement at one point: every model, with the same parameters. */
final class PointRun {
  private static final double WARM_UPS = 5; // at a guess: no fewer tell that times are even

  private final Plan plan;
  private final Children children;
  private final Progress progress;
  private final PointOfSweep point;
  private final List<Contestant> contestants = new ArrayList<>();
  private final Map<Model, Finding> notStarted = new EnumMap<>(Model.class);
  private final Results results = new Results();
  private double done;

  /** Starts JVMs, and knows those that live. */
  interface Children {
    ChildProcess start() throws IOException, Stopped;

    /** Called where a child has ended: perhaps because all were to. */
    void refuseIfStopped() throws Stopped;
  }

  /**
   * One of several points.
   *
   * @param swept what is varied; null if nothing is
   * @param value its value here
   * @param index counted from 0
   * @param of how many there are
   */
  record PointOfSweep(
      @Nullable String swept,
      @Nullable String value,
      Map<String, String> parameters,
      int workers,
      int index,
      int of) {}

  PointRun(Plan plan, Children children, Progress progress, PointOfSweep point) {
    this.plan = plan;
    this.children = children;
    this.progress = progress;
    this.point = point;
  }

  // --- start

  /**
   * Starts a JVM for each model, one after the other, as each start is timed. The first makes the
   * jobs of all points, to see that they can be made.
   *
   * @param check parameters to be checked; empty if that has been done
   * @return what the workload asks the first of these for
   */
  Map<String, String> start(List<Map<String, String>> check)
      throws WorkloadException, IOException, InterruptedException, Stopped {
    Map<String, String> used = Map.of();
    for (var model : plan.models().stream().sorted().toList()) {
      step(model, "starting");
      long from = System.nanoTime();
      boolean first = contestants.isEmpty() && !check.isEmpty();
      ChildProcess child;
      try {
        child = children.start();
      } catch (IOException | OutOfMemoryError e) { // no process or no thread more
        notStarted(model, first, e);
        continue;
      }
      var contestant = new Contestant(model, child, plan, children, progress);
      contestants.add(contestant);
      try {
        child.connect(Contestant.START_NANOS);
      } catch (IOException | OutOfMemoryError e) {
        children.refuseIfStopped();
        contestant.out(Kind.JVM_ENDED, notStarted(first, e), null);
        continue;
      }
      child.send(
          new Message.Setup(
              plan.workload(),
              point.parameters(),
              model,
              point.workers(),
              plan.timeout(),
              plan.rate(),
              plan.master()));
      if (first) {
        expect(child, Message.Ready.class);
        contestant.started(System.nanoTime() - from);
        child.send(new Message.Check(check));
        used = expect(child, Message.Checked.class).used();
      } else {
        contestant.awaitStart();
        contestant.started(System.nanoTime() - from);
      }
    }
    return used;
  }

  /** Others may still be started, and what has been measured is kept. */
  private void notStarted(Model model, boolean first, Throwable why) throws IOException {
    var finding = new Finding(model, Kind.JVM_ENDED, notStarted(first, why), null);
    notStarted.put(model, finding);
    progress.found(finding);
  }

  /** Says so of a model; of the first of all, with which nothing is measured, it is the end. */
  private static String notStarted(boolean first, Throwable why) throws IOException {
    if (first) {
      throw new IOException("cannot start a JVM: " + why.getMessage(), why);
    }
    return "Its JVM could not be started: " + why.getMessage();
  }

  /** Before anything is measured, what is wrong with the workload ends all. */
  private <T extends Message> T expect(ChildProcess child, Class<T> kind)
      throws WorkloadException, InterruptedException, Stopped {
    var answer = child.receive(Contestant.START_NANOS);
    if (kind.isInstance(answer)) {
      return kind.cast(answer);
    }
    children.refuseIfStopped();
    throw new WorkloadException(
        plan.workload()
            + ": "
            + switch (answer) {
              case Message.Refused refused -> refused.text();
              case Message.Ended ended ->
                  "its constructor or jobs ended the JVM (exit code "
                      + ended.exitCode()
                      + ")"
                      + ended.lastLines();
              case null, default -> "its constructor or jobs took longer than a minute";
            });
  }

  // --- repetitions

  void measure() throws InterruptedException, Stopped {
    double warming = WARM_UPS / (WARM_UPS + plan.repetitions());
    long began = System.nanoTime();
    while (contestants.stream().anyMatch(this::isWarming)) {
      for (var each : contestants) {
        if (isWarming(each)) {
          step(each.model, "warming up");
          results.add(each, each.repeat(false, false));
          progressTo(
              warming
                  * contestants.stream()
                      .mapToDouble(one -> one.isOut() ? 1 : one.warmUp().done())
                      .average()
                      .orElse(1));
        }
      }
      results.judge(false);
    }
    double warmedUp = System.nanoTime() - began;
    var order = new ArrayList<>(contestants);
    for (int i = 1; i <= plan.repetitions(); i++) {
      for (var each : order) {
        if (!each.isOut()) {
          step(each.model, "repetition " + i + " of " + plan.repetitions());
          results.add(each, each.repeat(true, false));
        }
      }
      results.judge(false);
      Collections.rotate(order, 1); // so that none always follows the same one
      double repeated = System.nanoTime() - began - warmedUp;
      progressTo((warmedUp + repeated) / (warmedUp + repeated / i * plan.repetitions()));
    }
    for (var each : contestants) {
      if (plan.record() && !each.isOut()) {
        step(each.model, "recording");
        var _ = each.repeat(false, true);
      }
    }
    for (var each : contestants) {
      if (each.mayLoseUpdates()) {
        step(each.model, "looking for lost updates");
        each.explain();
      }
    }
  }

  private boolean isWarming(Contestant contestant) {
    return !contestant.isOut() && !contestant.warmUp().isOver();
  }

  private void step(Model model, String step) {
    progress.step(model, step, point.value(), (point.index() + done) / point.of());
  }

  private void progressTo(double now) {
    done = Math.max(done, now);
  }

  // --- what came of it

  boolean hasBegun() {
    return !contestants.isEmpty() || !notStarted.isEmpty();
  }

  /** Looks at all that has been measured. */
  Report.Point result() {
    results.judge(true);
    contestants.forEach(Contestant::conclude);
    var recordings = new EnumMap<Model, byte[]>(Model.class);
    for (var each : contestants) {
      if (each.recording().length > 0) {
        recordings.put(each.model, each.recording());
      }
    }
    return new Report.Point(
        point.swept(),
        point.value(),
        contestants.stream()
            .filter(each -> each.model == Model.SYNC)
            .findFirst()
            .map(Contestant::profile)
            .orElse(null),
        Stream.concat(
                contestants.stream().map(Contestant::result),
                notStarted.keySet().stream()
                    .map(model -> new ModelResult(model, 0, 0, true, List.of())))
            .sorted(Comparator.comparing(ModelResult::model))
            .toList(),
        Stream.concat(
                contestants.stream().flatMap(each -> each.findings().stream()),
                notStarted.values().stream())
            .sorted(Comparator.comparing(Finding::kind))
            .toList(),
        recordings);
  }
}
