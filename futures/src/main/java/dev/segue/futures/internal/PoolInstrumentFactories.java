package dev.segue.futures.internal;

import dev.segue.futures.PoolInstrument;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What makes an instrument for each pool of the JVM, given the pool's name. */
public final class PoolInstrumentFactories {
  private static volatile List<Function<String, ? extends PoolInstrument>> factories = List.of();

  private PoolInstrumentFactories() {}

  /** Returns the factories of now: the same list until one is added or removed. */
  public static List<Function<String, ? extends PoolInstrument>> all() {
    return factories;
  }

  /** Adds one, of which there may be several. */
  public static synchronized void add(Function<String, ? extends PoolInstrument> factory) {
    var more = new ArrayList<>(factories);
    more.add(factory);
    factories = List.copyOf(more);
  }

  /** Removes one that was added; does nothing if it was not. */
  public static synchronized void remove(Function<String, ? extends PoolInstrument> factory) {
    var fewer = new ArrayList<>(factories);
    if (fewer.remove(factory)) {
      factories = List.copyOf(fewer);
    }
  }
}
