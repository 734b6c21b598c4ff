package dev.segue.micrometer;

import dev.segue.process.ProcessPoolExecutor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Metrics of one process pool. Each meter has a tag {@code pool} with the name that is given here.
 *
 * <ul>
 *   <li>{@code segue.pool.workers}, a gauge: worker processes. The tag {@code state} is {@code
 *       starting}, {@code idle}, {@code busy} or {@code stopping}.
 *   <li>{@code segue.pool.queued}, a gauge: tasks that wait for a worker.
 *   <li>{@code segue.pool.lost}, a counter: workers that ended while they had a task.
 * </ul>
 *
 * <p>Close it when the pool is closed: the meters are then removed.
 */
public final class ProcessPoolMetrics implements MeterBinder, AutoCloseable {
  private static final List<String> STATES = List.of("starting", "idle", "busy", "stopping");

  private record Bound(MeterRegistry registry, Meter meter) {}

  private final ProcessPoolExecutor pool;
  private final Tags tags;
  private final List<Bound> meters = new CopyOnWriteArrayList<>();

  /**
   * Makes metrics of a pool.
   *
   * @param pool the pool
   * @param name what to call it
   */
  public ProcessPoolMetrics(ProcessPoolExecutor pool, String name) {
    this.pool = Objects.requireNonNull(pool, "pool must not be null");
    this.tags = Tags.of("pool", Objects.requireNonNull(name, "name must not be null"));
  }

  /**
   * Has a registry measure the pool from now on.
   *
   * @param registry where the meters are to be
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry must not be null");
    for (var state : STATES) {
      keep(
          registry,
          Gauge.builder("segue.pool.workers", pool, it -> workers(it, state))
              .description("Worker processes")
              .tags(tags.and("state", state))
              .register(registry));
    }
    keep(
        registry,
        Gauge.builder("segue.pool.queued", pool, ProcessPoolExecutor::queuedTasks)
            .description("Tasks that wait for a worker")
            .tags(tags)
            .register(registry));
    keep(
        registry,
        FunctionCounter.builder("segue.pool.lost", pool, ProcessPoolExecutor::lostWorkers)
            .description("Workers that ended while they had a task")
            .tags(tags)
            .register(registry));
  }

  private void keep(MeterRegistry registry, Meter meter) {
    meters.add(new Bound(registry, meter));
  }

  private static long workers(ProcessPoolExecutor pool, String state) {
    return pool.workers().stream().filter(worker -> worker.state().equals(state)).count();
  }

  /** Removes the meters. */
  @Override
  public void close() {
    meters.forEach(bound -> bound.registry.remove(bound.meter));
    meters.clear();
  }
}
