package dev.segue.explored;

import dev.segue.EventLoop;
import dev.segue.testing.VirtualClock;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/**
 * Tries the promises, in a JVM whose Segue may have a planted fault, until one is not kept, and
 * prints which. The first argument says how: {@code explore}, or {@code repeat} each in a thousand
 * ordinary runs.
 */
final class MutantTrial {
  private static final int RUNS = 1_000;

  private final AtomicInteger runs = new AtomicInteger(); // begun; what hangs begins no more
  private volatile String promise = "";

  private MutantTrial() {}

  public static void main(String[] arguments) throws InterruptedException {
    LogManager.getLogManager().reset(); // what a fault has logged is not asked
    boolean explores = arguments[0].equals("explore");
    var trial = new MutantTrial();
    Thread.ofPlatform()
        .daemon()
        .start(() -> trial.report(explores ? trial.explore() : trial.repeat()));
    int before = -1;
    for (int now = 0; now != before; now = trial.runs.get()) {
      before = now;
      Thread.sleep(explores ? 20_000 : 2_000); // an exploration notices itself that tasks hang
    }
    trial.report(trial.promise + " in run " + before + ": HANGS");
  }

  private synchronized void report(@Nullable String found) {
    System.out.println("found " + (found == null ? "nothing" : found));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private @Nullable String explore() {
    for (var each : Promise.all()) {
      promise = each.name();
      runs.set(0);
      var exploration =
          each.explore(() -> {
            runs.incrementAndGet();
            each.program().run();
          });
      if (exploration.failure().isPresent()) {
        return promise
            + " in schedule "
            + exploration.schedules()
            + ": "
            + exploration.failure().get().kind();
      }
    }
    return null;
  }

  private @Nullable String repeat() {
    for (var each : Promise.all()) {
      promise = each.name();
      for (runs.set(1); runs.get() <= RUNS; runs.incrementAndGet()) {
        if (fails(each)) {
          return promise + " in run " + runs.get();
        }
      }
    }
    return null;
  }

  private static boolean fails(Promise promise) {
    var unobserved = new ArrayList<Throwable>();
    try {
      EventLoop.builder()
          .clock(new VirtualClock())
          .exceptionHandler((_, failure) -> unobserved.add(failure))
          .build()
          .runHere(promise.program());
    } catch (Throwable _) {
      return true;
    }
    return !unobserved.isEmpty();
  }
}
