package dev.segue.inspect;

import dev.segue.Wake;
import org.jspecify.annotations.Nullable;

/** What an entry of a {@link Ring} says of a task. */
enum Event {
  /** It is new; the detail is the task that created it, or 0. */
  STARTED(Wake.START),
  /** It became ready; the detail is the task that woke it. */
  WOKEN_BY_TASK(Wake.TASK),
  WOKEN_BY_THREAD(Wake.THREAD),
  /** It became ready as long before as the entry's time says. */
  WOKEN_BY_TIMER(Wake.TIMER),
  /** It let the others run once. */
  YIELDED(Wake.YIELD),
  /** It runs. */
  RESUMED(null),
  /** It stopped running; the detail is what it waits for: 8 bits kind, 24 bits number. */
  WAITS(null),
  /** It ended. */
  DONE(null),
  /** The loop, and no task, has nothing to do. */
  IDLE(null);

  private static final Event[] ALL = values();

  /** What made it ready; null if it is not. */
  final @Nullable Wake wake;

  Event(@Nullable Wake wake) {
    this.wake = wake;
  }

  /** Whether the clock was read for it. Other events happened before the next one that has this. */
  boolean hasTime() {
    return this == RESUMED || this == DONE || this == IDLE;
  }

  static Event of(Wake wake) {
    return switch (wake) {
      case START -> STARTED;
      case TASK -> WOKEN_BY_TASK;
      case THREAD -> WOKEN_BY_THREAD;
      case TIMER -> WOKEN_BY_TIMER;
      case YIELD -> YIELDED;
    };
  }

  static Event of(int ordinal) {
    return ALL[ordinal];
  }
}
