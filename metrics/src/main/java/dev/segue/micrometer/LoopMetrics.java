package dev.segue.micrometer;

import dev.segue.EventLoop;
import dev.segue.Instrument;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Metrics of all event loops of the JVM, also those that libraries build.
 *
 * {@snippet class="dev.segue.micrometer.LoopMetricsTest" region="bind"}
 *
 * <p>Bind it before the loops are built: of a loop that runs already, the tasks that are older are
 * not counted. Each meter has a tag {@code loop} with the loop's name; loops that were given none
 * share the name {@code loop}. The meters, with the names that they are known by elsewhere:
 *
 * <ul>
 *   <li>{@code segue.eventloop.delay}, a histogram: how late tasks go on that could. Node's {@code
 *       monitorEventLoopDelay}, and like it a sample at most each 10 ms; tokio-metrics' scheduled
 *       duration.
 *   <li>{@code segue.eventloop.utilization}, a gauge from 0 to 1: the part of the time since the
 *       last look in which the loop had something to do. Node's {@code eventLoopUtilization}.
 *   <li>{@code segue.task.step}, a histogram: for how long a task has the loop before it waits
 *       again. tokio-metrics' poll duration.
 *   <li>{@code segue.tasks.live}, a gauge, and {@code segue.tasks.created} and {@code
 *       segue.tasks.ended}, counters: tasks. Prometheus, which keeps the ending {@code _created}
 *       for itself, has the former as {@code segue_tasks_total}. The tag {@code outcome} is {@code
 *       success}, {@code failure} or {@code cancellation}. tokio's alive, spawned and dropped
 *       tasks.
 *   <li>{@code segue.stalls}, a counter: how often a task held the loop for 50 ms. The tag {@code
 *       cause} is a {@link dev.segue.Stall.Cause} in lower case.
 *   <li>{@code segue.failures.unobserved}, a counter: failures that nothing retrieved.
 * </ul>
 *
 * <p>Loops of the same name share their meters. These stay when the last of the loops has ended, so
 * that its last numbers are seen; once 16 names are left behind in this way, the oldest are
 * removed.
 */
public final class LoopMetrics implements MeterBinder, AutoCloseable {
  static final int KEPT = 16;

  private record Binding(MeterRegistry registry, Supplier<Instrument> factory) {}

  private final Tags tags;
  private final List<Binding> bindings = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** By registry and name, the oldest first. Guarded by the lock. */
  private final Map<Key, MetersOfName> meters = new LinkedHashMap<>();

  private record Key(MeterRegistry registry, String loop) {}

  private boolean closed; // guarded by the lock

  /** Makes metrics without further tags. */
  public LoopMetrics() {
    this(List.of());
  }

  /**
   * Makes metrics.
   *
   * @param tags what each meter is tagged with in addition
   */
  public LoopMetrics(Iterable<Tag> tags) {
    this.tags = Tags.of(Objects.requireNonNull(tags, "tags must not be null"));
  }

  /**
   * Has a registry measure the loops from now on.
   *
   * @param registry where the meters are to be
   * @throws IllegalStateException if this is closed
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry must not be null");
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("these metrics are closed");
      }
      Supplier<Instrument> factory = () -> new MeasuredLoop(this, registry);
      bindings.add(new Binding(registry, factory));
      EventLoop.addInstruments(factory);
    } finally {
      lock.unlock();
    }
  }

  /** Removes all meters. No loop is measured any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      bindings.forEach(binding -> EventLoop.removeInstruments(binding.factory));
      meters.values().forEach(MetersOfName::remove);
      meters.clear();
    } finally {
      lock.unlock();
    }
  }

  /** The meters of a loop that has its first task. On the loop. */
  MetersOfName metersFor(MeasuredLoop loop, MeterRegistry registry, String name) {
    // As EventLoop names those that were given no name.
    var shown = name.matches("loop-\\d+") ? "loop" : name;
    lock.lock();
    try {
      var key = new Key(registry, shown);
      var of = meters.get(key);
      if (of == null) {
        removeOldest(registry);
        of = new MetersOfName(registry, tags.and("loop", shown));
        if (closed) {
          of.remove();
        } else {
          meters.put(key, of);
        }
      }
      of.add(loop);
      return of;
    } finally {
      lock.unlock();
    }
  }

  private void removeOldest(MeterRegistry registry) {
    var left = new ArrayList<Key>();
    meters.forEach((key, of) -> {
      if (key.registry.equals(registry) && of.hasNoLoop()) {
        left.add(key);
      }
    });
    for (var key : left.subList(0, Math.max(0, left.size() - KEPT + 1))) {
      var of = meters.remove(key);
      if (of != null) {
        of.remove();
      }
    }
  }
}
