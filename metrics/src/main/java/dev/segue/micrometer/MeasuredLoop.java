package dev.segue.micrometer;

import dev.segue.Outcome;
import dev.segue.Stall;
import dev.segue.Task;
import dev.segue.inspect.LoopMeter;
import dev.segue.inspect.LoopStatistics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells the meters of a registry what one loop does. */
final class MeasuredLoop extends LoopMeter {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final LoopMetrics metrics;
  private final MeterRegistry registry;

  private volatile @Nullable MetersOfName meters; // null before the first task
  private LoopStatistics before = statistics(); // guarded by this, as is the next
  private double utilization;

  MeasuredLoop(LoopMetrics metrics, MeterRegistry registry) {
    this.metrics = metrics;
    this.registry = registry;
  }

  @Override
  protected void began(String loop) {
    meters = metrics.metersFor(this, registry, loop);
  }

  @Override
  protected void stepped(long nanos) {
    var all = meters;
    if (all != null) {
      all.step.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  protected void delayed(long nanos) {
    var all = meters;
    if (all != null) {
      all.delay.record(nanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  protected void stallBegan(Stall stall) {
    var all = meters;
    if (all != null) {
      all.stalled(stall.cause());
    }
  }

  @Override
  public void created(Task<?> task) {
    super.created(task);
    var all = meters;
    if (all != null) {
      all.created.increment();
    }
  }

  @Override
  protected void counted(Outcome<?> outcome) {
    var all = meters;
    if (all != null) {
      all.ended(outcome);
    }
  }

  @Override
  public void unobserved(Task<?> task, Throwable failure) {
    super.unobserved(task, failure);
    var all = meters;
    if (all != null) {
      all.unobserved.increment();
    }
  }

  @Override
  public void ended() {
    super.ended();
    var all = meters;
    if (all != null) {
      all.removeLoop(this);
    }
  }

  /**
   * How busy the loop was since the look before. Two looks in quick succession, by two readers, see
   * the same.
   */
  synchronized double utilization() {
    var now = statistics();
    var time = now.busy().plus(now.idle());
    if (time.minus(before.busy()).minus(before.idle()).compareTo(BETWEEN_LOOKS) >= 0) {
      utilization = now.utilizationSince(before);
      before = now;
    }
    return utilization;
  }
}
