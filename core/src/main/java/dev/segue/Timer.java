package dev.segue;

/** Something due at a time of its loop's clock. Confined to the loop. */
abstract class Timer {
  /** When it is due; {@link Long#MAX_VALUE} for never. */
  final long deadline;

  // Kept by the heap.
  int index = -1;
  long sequence;

  Timer(long deadline) {
    this.deadline = deadline;
  }

  /** Called on the loop's thread when the timer is due; it has been taken off already. */
  abstract void fire();
}
