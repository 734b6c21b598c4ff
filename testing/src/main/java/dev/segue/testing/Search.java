package dev.segue.testing;

import dev.segue.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** One search of an {@link Explorer}. Used once, by one thread. */
final class Search {
  private final Explorer.Settings settings;
  private final Runner runner;
  private final Breadth breadth;
  private int schedules;
  private int mostChoices;
  private long ordinaryCourse;

  Search(Explorer.Settings settings, Action<?> body) {
    this.settings = settings;
    this.runner = new Runner(body, settings.limits());
    this.breadth = new Breadth(settings.schedules(), settings.holds());
  }

  /** Searches on a platform thread that serves all the loops, and waits for the result. */
  Exploration onItsOwnThread() {
    var result = new FutureTask<>(this::run);
    Thread.ofPlatform().name("explorer").daemon().start(result);
    try {
      return result.get();
    } catch (InterruptedException e) {
      runner.stop();
      Thread.currentThread().interrupt();
      throw new CancellationException("the exploration was interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        case null, default -> throw new AssertionError(e);
      }
    }
  }

  private Exploration run() {
    var replay = settings.replay();
    if (replay != null) {
      return replay(replay);
    }
    var found = searchBreadth();
    if (found == null && !breadth.isExhausted()) {
      found = sample();
    }
    if (found == null) {
      found = refuseOtherCourse();
    }
    return new Exploration(
        coverage(), schedules, Optional.ofNullable(found), List.copyOf(runner.remarks()));
  }

  private Coverage coverage() {
    if (breadth.isExhausted()) {
      return new Coverage.Exhausted();
    }
    return breadth.costDone() > 0
        ? new Coverage.AllWithin(breadth.costDone())
        : new Coverage.Sampled(settings.seed());
  }

  private @Nullable Interleaving searchBreadth() {
    for (var next = breadth.next(); next != null; next = breadth.next()) {
      var run = tryOut(next);
      boolean controlled = false;
      if (next.diverged() && runner.othersSeen()) {
        // Another thread may have kept a lock for unusually long, in this run or in its parent.
        var first = run;
        next = next.again();
        run = runner.run(next, null);
        controlled = run.simulation().course() == first.simulation().course();
      }
      if (next.diverged() && !controlled) {
        return diagnosis().uncontrolled(run.simulation().made(), run.thrownByBody());
      }
      if (run.kind() != null) {
        return diagnosis().of(run);
      }
      breadth.done(next);
      if (schedules == 1) {
        ordinaryCourse = run.simulation().course();
        var differs = refuseOtherCourse();
        if (differs != null) {
          return differs;
        }
      }
    }
    return null;
  }

  /** Runs the ordinary schedule once more, which has to do the same again. */
  private @Nullable Interleaving refuseOtherCourse() {
    for (int tries = runner.othersSeen() ? 2 : 1; tries > 0; tries--) {
      long again = runner.run(new Replay(List.of()), null).simulation().course();
      if (again == ordinaryCourse) {
        return null;
      }
      ordinaryCourse = again; // which may have been the odd one
    }
    return diagnosis().uncontrolled(List.of(), null);
  }

  private @Nullable Interleaving sample() {
    var seeds = new SplittableRandom(settings.seed());
    for (int i = 0; schedules < settings.schedules(); i++) {
      var random = seeds.split();
      var run =
          tryOut(
              i % 4 == 3
                  ? new RandomWalk(random)
                  : new PriorityWalk(2 + i % 4, mostChoices, random));
      if (run.kind() != null) {
        return diagnosis().of(run);
      }
    }
    return null;
  }

  private Run tryOut(Chooser chooser) {
    var run = runner.run(chooser, null);
    if (runner.isStopped()) {
      throw new CancellationException("nobody waits for the result"); // nor sees this
    }
    schedules++;
    mostChoices = Math.max(mostChoices, run.simulation().choices());
    return run;
  }

  private Diagnosis diagnosis() {
    return new Diagnosis(
        runner, String.format(Locale.ROOT, "schedule %,d of %,d", schedules, settings.schedules()));
  }

  private Exploration replay(ReplayString replay) {
    var chooser = new Replay(replay.decisions());
    var recording = new Recording();
    var run = runner.run(chooser, recording);
    schedules = 1;
    var stale = new ArrayList<>(runner.remarks());
    for (var decision : chooser.left()) {
      stale.add(decision + " of the replayed schedule did not come up");
    }
    if (!replay.isOf(run.simulation().course())) {
      stale.add("the program, or its settings, have changed since the schedule was reported");
    }
    return new Exploration(
        new Coverage.Sampled(settings.seed()),
        schedules,
        Optional.ofNullable(
            run.kind() == null ? null : new Diagnosis(runner, "replayed").interleaving(run)),
        stale);
  }
}
