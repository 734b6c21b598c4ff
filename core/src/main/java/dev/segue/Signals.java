package dev.segue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * INT and TERM for the time of a run: the first asks the run to end, the second ends the JVM.
 *
 * <p>A shutdown hook would not do: it cannot see a second Ctrl-C, and cannot let the JVM live.
 */
final class Signals implements AutoCloseable {
  private static final int EXIT_CODE = 130;
  private static final String[] NAMES = {"INT", "TERM"};

  private final SignalHandler[] previous = new SignalHandler[NAMES.length];
  private final AtomicInteger received = new AtomicInteger();

  /**
   * Takes over the signals.
   *
   * @param first given the name of the first signal, on the JVM's signal thread
   */
  Signals(Consumer<String> first) {
    for (int i = 0; i < NAMES.length; i++) {
      previous[i] =
          Signal.handle(
              new Signal(NAMES[i]),
              signal -> {
                if (received.getAndIncrement() == 0) {
                  first.accept("SIG" + signal.getName());
                } else {
                  Runtime.getRuntime().halt(EXIT_CODE);
                }
              });
    }
  }

  /** Gives the signals back. */
  @Override
  public void close() {
    for (int i = 0; i < NAMES.length; i++) {
      Signal.handle(new Signal(NAMES[i]), previous[i]);
    }
  }
}
