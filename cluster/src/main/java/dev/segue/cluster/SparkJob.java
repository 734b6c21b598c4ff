package dev.segue.cluster;

import java.util.List;
import java.util.Objects;
import org.apache.spark.SimpleFutureAction;
import org.jspecify.annotations.Nullable;

/** A job of Spark's: some slots. Guarded by the pool's lock. */
final class SparkJob {
  private final long number;
  private final boolean alone;
  private final int cores;
  private List<Slot> slots = List.of();
  private @Nullable SimpleFutureAction<?> action;
  private boolean cancelled;

  /** Why it failed; null if it has not. */
  @Nullable Throwable failure;

  /** The next one of those that have failed. */
  @Nullable SparkJob next;

  /**
   * Makes one.
   *
   * @param alone whether its only slot must have an executor of its own
   * @param cores how many cores of an executor each slot takes
   */
  SparkJob(long number, boolean alone, int cores) {
    this.number = number;
    this.alone = alone;
    this.cores = cores;
  }

  long number() {
    return number;
  }

  boolean isAlone() {
    return alone;
  }

  int cores() {
    return cores;
  }

  void setSlots(List<Slot> all) {
    slots = all;
  }

  List<Slot> slots() {
    return slots;
  }

  void submitted(SimpleFutureAction<?> as) {
    action = as;
  }

  /** Notes that the pool itself cancels it. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  SimpleFutureAction<?> action() {
    return Objects.requireNonNull(action);
  }

  boolean isSubmitted() {
    return action != null;
  }

  /** What Spark's pages call it. */
  String description() {
    var names = new StringBuilder();
    long count = 0;
    for (var slot : slots) {
      for (var task : slot.tasks()) {
        if (++count <= 3) {
          names.append(names.isEmpty() ? "" : ", ").append(task.name());
        }
      }
    }
    return count <= 3 ? names.toString() : names + " and " + (count - 3) + " more";
  }
}
