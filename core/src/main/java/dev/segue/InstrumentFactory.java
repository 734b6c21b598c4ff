package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What gives every loop of this JVM an instrument of its own: one that runs, at once; any other
 * one, when it next begins to run, before its first task.
 */
@AnyThread
final class InstrumentFactory {
  private static final List<InstrumentFactory> ALL = new CopyOnWriteArrayList<>();

  private final Supplier<? extends @Nullable Instrument> supplier;

  /** Weak, as a loop may be dropped without being closed; null for a loop that has none. */
  @GuardedBy("this")
  private final Map<Kernel, @Nullable WeakReference<Instrument>> given = new WeakHashMap<>();

  @GuardedBy("this")
  private boolean removed;

  private InstrumentFactory(Supplier<? extends @Nullable Instrument> supplier) {
    this.supplier = supplier;
  }

  static void add(Supplier<? extends @Nullable Instrument> supplier) {
    var factory = new InstrumentFactory(supplier);
    ALL.add(factory); // first: a loop that begins to run now finds it, or is found below
    for (var loop : Watchdog.loops()) {
      factory.give(loop.kernel(), loop.kernel()::addInstrument);
    }
  }

  static void remove(Supplier<? extends @Nullable Instrument> supplier) {
    ALL.stream()
        .filter(each -> each.supplier.equals(supplier))
        .findFirst()
        .filter(ALL::remove)
        .ifPresent(InstrumentFactory::takeBack);
  }

  /** Gives a loop its instruments, on its thread, before a run. */
  static void equip(Kernel kernel, Consumer<Instrument> taker) {
    for (var factory : ALL) {
      factory.give(kernel, taker);
    }
  }

  private void give(Kernel kernel, Consumer<Instrument> taker) {
    synchronized (this) {
      if (given.containsKey(kernel)) {
        return;
      }
      given.put(kernel, null);
    }
    Instrument instrument;
    try {
      instrument = supplier.get(); // without the lock: it is a tool's code
    } catch (Throwable thrown) { // the loop runs without it
      Log.error("what makes the instruments of loops threw", thrown);
      return;
    }
    if (instrument == null) {
      return;
    }
    synchronized (this) {
      if (!removed) {
        given.put(kernel, new WeakReference<>(instrument));
        taker.accept(instrument);
      }
    }
  }

  private void takeBack() {
    Map<Kernel, @Nullable WeakReference<Instrument>> all;
    synchronized (this) {
      removed = true;
      all = new HashMap<>(given);
    }
    all.forEach((kernel, reference) -> {
      var instrument = reference == null ? null : reference.get();
      if (instrument != null) {
        kernel.removeInstrument(instrument);
      }
    });
  }
}
