package dev.segue.process;

import dev.segue.futures.PoolInstrument;
import dev.segue.futures.internal.PoolInstrumentFactories;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The instruments of one pool: the program's, and one of each tool that is told of every pool. What
 * they throw is logged: a faulty tool does not stop the pool. Any thread.
 */
final class PoolInstruments implements PoolInstrument {
  /** The program's instrument if it has none. */
  static final PoolInstrument NONE = new PoolInstrument() {};

  private final String pool;
  private final PoolInstrument own;

  private record Tools(
      List<Function<String, ? extends PoolInstrument>> factories,
      Map<Function<String, ? extends PoolInstrument>, PoolInstrument> instruments) {}

  private volatile Tools tools = new Tools(List.of(), Map.of()); // replaced, never changed

  PoolInstruments(String pool, PoolInstrument own) {
    this.pool = pool;
    this.own = own;
  }

  @Override
  public void submitted(long task, String name, long bytes) {
    if (isHeard()) {
      tell(tool -> tool.submitted(task, name, bytes));
    }
  }

  @Override
  public void given(long task, String worker, long pid) {
    if (isHeard()) {
      tell(tool -> tool.given(task, worker, pid));
    }
  }

  @Override
  public void ended(long task, Future.State how) {
    if (isHeard()) {
      tell(tool -> tool.ended(task, how));
    }
  }

  @Override
  public void workerStarted(String worker) {
    if (isHeard()) {
      tell(tool -> tool.workerStarted(worker));
    }
  }

  @Override
  public void workerEnded(String worker) {
    if (isHeard()) {
      tell(tool -> tool.workerEnded(worker));
    }
  }

  /**
   * Asked before a lambda is made: the first ones of a program take longer than all that most pools
   * have to tell, which is nothing.
   */
  private boolean isHeard() {
    return own != NONE || !current().instruments().isEmpty();
  }

  private void tell(Consumer<PoolInstrument> event) {
    tell(own, event);
    for (var tool : current().instruments().values()) {
      tell(tool, event);
    }
  }

  private static void tell(PoolInstrument tool, Consumer<PoolInstrument> event) {
    try {
      event.accept(tool);
    } catch (Throwable thrown) {
      Log.error("an instrument of a process pool threw", thrown);
    }
  }

  private Tools current() {
    var known = tools;
    return known.factories() == PoolInstrumentFactories.all() ? known : renewed();
  }

  /** Makes the instruments of new factories, and drops those of factories that are gone. */
  private synchronized Tools renewed() {
    var factories = PoolInstrumentFactories.all();
    var before = tools;
    if (before.factories() == factories) {
      return before;
    }
    var instruments =
        new LinkedHashMap<Function<String, ? extends PoolInstrument>, PoolInstrument>();
    for (var factory : factories) {
      var instrument = before.instruments().get(factory);
      instruments.put(factory, instrument == null ? newInstrument(factory) : instrument);
    }
    tools = new Tools(factories, instruments);
    return tools;
  }

  private PoolInstrument newInstrument(Function<String, ? extends PoolInstrument> factory) {
    try {
      return factory.apply(pool);
    } catch (Throwable thrown) {
      Log.error("a factory of instruments threw", thrown);
      return NONE;
    }
  }
}
