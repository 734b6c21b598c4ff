package dev.segue.cluster;

import java.io.Serial;
import org.apache.spark.Partition;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a {@link Slot} sends to an executor: those of its tasks that are still
 * wanted.
 */
final class Shipment implements Partition {
  @Serial private static final long serialVersionUID = 1;

  private static final Item[] NONE = {};

  private final int index;

  /** Null where a task is not wanted any more; without elements if none is. */
  private final @Nullable Item[] items;

  /**
   * A task.
   *
   * @param encoded the task
   * @param wantsValue whether it is a callable
   * @param name its name
   * @param attempt how often it has been sent before
   */
  record Item(byte[] encoded, boolean wantsValue, String name, int attempt)
      implements java.io.Serializable {}

  private Shipment(int index, @Nullable Item[] items) {
    this.index = index;
    this.items = items;
  }

  static Shipment of(int index, @Nullable Item[] items) {
    return new Shipment(index, items);
  }

  static Shipment ofNothing(int index) {
    return new Shipment(index, NONE);
  }

  @Override
  public int index() {
    return index;
  }

  @Nullable Item[] items() {
    return items;
  }
}
