package dev.segue.inspect;

import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.futures.PoolInstrument;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.RecordingState;

/**
 * Gives each loop and each process pool of the JVM an instrument while a recording of the JDK's
 * runs. Apart from those nothing here uses an event class: the first costs hundreds of
 * milliseconds.
 */
final class JfrListener implements FlightRecorderListener {
  private static final AtomicBoolean LISTENS = new AtomicBoolean();

  private boolean on; // guarded by this
  private final Supplier<Instrument> factory = this::newInstrument;
  private final Function<String, PoolInstrument> poolFactory = JfrPool::new;

  /** Weak, because a loop may be dropped without being closed. */
  private final Set<JfrLoop> loops =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final Runnable statistics = this::tellStatistics;

  private JfrListener() {}

  static boolean listen() {
    if (!FlightRecorder.isAvailable()) {
      return false;
    }
    if (LISTENS.compareAndSet(false, true)) {
      FlightRecorder.addListener(new JfrListener());
    }
    return true;
  }

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    look();
  }

  @Override
  public void recordingStateChanged(jdk.jfr.Recording recording) {
    look();
  }

  private synchronized void look() {
    boolean runs =
        FlightRecorder.getFlightRecorder().getRecordings().stream()
            .anyMatch(recording -> recording.getState() == RecordingState.RUNNING);
    if (runs && !on) {
      begin();
    } else if (on && !runs) {
      end();
    }
    on = runs;
  }

  private void begin() {
    FlightRecorder.addPeriodicEvent(JfrEvent.LoopStatistics.class, statistics);
    PoolInstrument.addToAll(poolFactory);
    EventLoop.addInstruments(factory);
  }

  private void end() {
    FlightRecorder.removePeriodicEvent(statistics);
    PoolInstrument.removeFromAll(poolFactory);
    EventLoop.removeInstruments(factory);
    copyOfLoops().forEach(JfrLoop::turnOff);
    loops.clear();
  }

  private JfrLoop newInstrument() {
    var loop = new JfrLoop(loops::remove);
    loops.add(loop);
    return loop;
  }

  private List<JfrLoop> copyOfLoops() {
    synchronized (loops) {
      return List.copyOf(loops);
    }
  }

  private void tellStatistics() {
    copyOfLoops().forEach(JfrLoop::tellStatistics);
  }
}
