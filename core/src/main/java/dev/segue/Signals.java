package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * INT and TERM for the time of a run: the first asks the run to end, the second ends the JVM.
 *
 * <p>The signals are the process's, and runs may overlap. So one handler serves all runs: it is
 * installed by the first to begin, whatever order they end in, and what was there before is put
 * back by the last to end.
 *
 * <p>A shutdown hook would not do: it cannot see a second Ctrl-C, and cannot let the JVM live.
 */
final class Signals implements AutoCloseable {
  private static final int EXIT_CODE = 130;
  private static final int EXIT_CODE_BASE = 128; // a shell's, and the JVM's own
  private static final List<String> NAMES = List.of("INT", "TERM");
  private static final SignalHandler HANDLER = Signals::received;

  @GuardedBy("Signals.class")
  private static final Set<Signals> RUNS = new LinkedHashSet<>();

  @GuardedBy("Signals.class")
  private static final Map<String, SignalHandler> BEFORE = new HashMap<>();

  private final Consumer<String> first;

  @GuardedBy("Signals.class")
  private boolean told;

  /**
   * Takes over the signals; those that the JVM does not give (it was started with {@code -Xrs})
   * stay as they are.
   *
   * @param first given the name of the first signal, on the JVM's signal thread
   */
  Signals(Consumer<String> first) {
    this.first = first;
    synchronized (Signals.class) {
      RUNS.add(this);
      for (var name : NAMES) {
        try {
          var before = Signal.handle(new Signal(name), HANDLER);
          if (before != HANDLER) {
            BEFORE.put(name, before);
          }
        } catch (IllegalArgumentException e) {
          Log.debug("SIG" + name + " is not handled", e);
        }
      }
    }
  }

  private static void received(Signal signal) {
    List<Signals> runs;
    boolean again = false;
    synchronized (Signals.class) {
      runs = List.copyOf(RUNS);
      for (var run : runs) {
        again |= run.told;
        run.told = true;
      }
    }
    if (again) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    for (var run : runs) {
      run.first.accept("SIG" + signal.getName());
    }
    if (runs.isEmpty()) { // somebody else has put our handler back: do as the JVM does
      System.exit(EXIT_CODE_BASE + signal.getNumber());
    }
  }

  /** Gives the signals back, where this is the last run and they are still ours. */
  @Override
  public void close() {
    synchronized (Signals.class) {
      RUNS.remove(this);
      if (RUNS.isEmpty()) {
        BEFORE.forEach((name, before) -> {
          var now = Signal.handle(new Signal(name), before);
          if (now != HANDLER) {
            Signal.handle(new Signal(name), now);
          }
        });
        BEFORE.clear();
      }
    }
  }
}
