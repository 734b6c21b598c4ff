package dev.segue;

/** Something due at a time of its loop's clock. */
@LoopConfined
abstract class Timer {
  /** When it is due; {@link Long#MAX_VALUE} for never. */
  final long deadline;

  // Kept by the heap.
  boolean armed;
  int sequence;

  Timer(long deadline) {
    this.deadline = deadline;
  }

  /** Whether this one comes first where both are due at the same time. */
  final boolean wasAddedBefore(Timer other) {
    return sequence - other.sequence < 0; // right although the numbers wrap
  }

  /** Called on the loop's thread when the timer is due; it has been taken off already. */
  abstract void fire();
}
