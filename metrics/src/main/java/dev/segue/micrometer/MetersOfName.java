package dev.segue.micrometer;

import dev.segue.Outcome;
import dev.segue.Stall;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;

/** The meters that the loops of one name share, in one registry. */
final class MetersOfName {
  private static final Duration[] BUCKETS =
      Stream.of(0.1, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 5_000.0)
          .map(millis -> Duration.ofNanos((long) (millis * 1e6)))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  final Timer delay;
  final Timer step;
  final Counter created;
  final Counter unobserved;
  private final Counter succeeded;
  private final Counter failed;
  private final Counter cancelled;
  private final Map<Stall.Cause, Counter> stalls = new EnumMap<>(Stall.Cause.class);
  private final Gauge live;
  private final Gauge utilization;

  /** Weak, for the loops that are dropped without being closed. */
  private final Set<MeasuredLoop> loops =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  MetersOfName(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    delay =
        Timer.builder("segue.eventloop.delay")
            .description("How late tasks go on that could, sampled")
            .tags(tags)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    step =
        Timer.builder("segue.task.step")
            .description("For how long a task has the loop before it waits again")
            .tags(tags)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    created = counter("segue.tasks.created", "Tasks that were created", tags);
    succeeded = ended(tags, "success");
    failed = ended(tags, "failure");
    cancelled = ended(tags, "cancellation");
    unobserved =
        counter("segue.failures.unobserved", "Failures of tasks that nothing retrieved", tags);
    for (var cause : Stall.Cause.values()) {
      stalls.put(
          cause,
          counter(
              "segue.stalls",
              "How often a task held the loop for 50 ms or longer",
              tags.and("cause", cause.name().toLowerCase(Locale.ROOT))));
    }
    live =
        Gauge.builder("segue.tasks.live", this, MetersOfName::liveTasks)
            .description("Tasks that have not ended")
            .tags(tags)
            .register(registry);
    utilization =
        Gauge.builder("segue.eventloop.utilization", this, MetersOfName::utilization)
            .description("The part of the time in which the loop had something to do")
            .tags(tags)
            .register(registry);
  }

  private Counter ended(Tags tags, String outcome) {
    return counter("segue.tasks.ended", "Tasks that have ended", tags.and("outcome", outcome));
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  void add(MeasuredLoop loop) {
    loops.add(loop);
  }

  void removeLoop(MeasuredLoop loop) {
    loops.remove(loop);
  }

  boolean hasNoLoop() {
    return loops.isEmpty();
  }

  private List<MeasuredLoop> loops() {
    synchronized (loops) {
      return List.copyOf(loops);
    }
  }

  private double liveTasks() {
    return loops().stream().mapToLong(loop -> loop.statistics().liveTasks()).sum();
  }

  private double utilization() {
    return loops().stream().mapToDouble(MeasuredLoop::utilization).average().orElse(0);
  }

  void ended(Outcome<?> outcome) {
    var counter =
        switch (outcome) {
          case Outcome.Success<?> _ -> succeeded;
          case Outcome.Failure<?> _ -> failed;
          case Outcome.Cancellation<?> _ -> cancelled;
        };
    counter.increment();
  }

  void stalled(Stall.Cause cause) {
    var counter = stalls.get(cause);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Removes the meters from the registry. */
  void remove() {
    Stream.<Meter>concat(
            Stream.of(
                delay, step, created, unobserved, succeeded, failed, cancelled, live, utilization),
            stalls.values().stream())
        .forEach(registry::remove);
  }
}
