package dev.segue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A loop's timers, the earliest first, those of one deadline in the order in which they were added.
 *
 * <p>A heap of four children a node, whose deadlines lie beside each other in an array of their
 * own, so that keeping the order touches no timer. A timer that is removed stays until it is due or
 * more than half of the heap is such, as in CPython's loop: most time-outs never fire, and to find
 * each in its place would cost more.
 */
@LoopConfined
final class TimerHeap {
  private static final int CHILDREN = 4;

  private long[] deadlines = new long[16];
  private Timer[] timers = new Timer[16];
  private int size; // with those that were removed
  private int removed;
  private int added; // may wrap

  /** The earliest deadline; {@link Long#MAX_VALUE} where there is none. */
  long earliest() {
    if (removed > size / 2) {
      sweep();
    }
    while (size > 0 && !timers[0].armed) {
      var _ = takeFirst();
      removed--;
    }
    return size == 0 ? Long.MAX_VALUE : deadlines[0];
  }

  /** Adds a timer, unless it is never due. */
  void add(Timer timer) {
    if (timer.deadline == Long.MAX_VALUE) {
      return;
    }
    if (size == timers.length && removed > size / 2) {
      sweep(); // a task that never waits adds and removes many, and the loop looks at none of them
    } else if (size == timers.length) {
      deadlines = Arrays.copyOf(deadlines, size * 2);
      timers = Arrays.copyOf(timers, size * 2);
    }
    timer.sequence = added++;
    siftUp(size, timer); // first: where the stack overflows in it, nothing has happened
    size++;
    timer.armed = true;
  }

  /** Takes a timer out, if it is in. */
  void remove(Timer timer) {
    if (timer.armed) {
      timer.armed = false;
      removed++;
    }
  }

  /** Takes out and returns the earliest timer if it is due at {@code now}. */
  @Nullable Timer pollDue(long now) {
    if (earliest() > now) {
      return null;
    }
    var first = takeFirst();
    first.armed = false;
    return first;
  }

  private Timer takeFirst() {
    var first = timers[0];
    size--;
    var last = timers[size];
    clear(size, size + 1);
    if (size > 0) {
      siftDown(0, last);
    }
    return first;
  }

  /** Drops what was removed, and puts the others in order again. */
  private void sweep() {
    int kept = 0;
    for (int at = 0; at < size; at++) {
      if (timers[at].armed) {
        put(kept++, timers[at]);
      }
    }
    clear(kept, size);
    size = kept;
    removed = 0;
    for (int at = (size - 2) / CHILDREN; at >= 0 && size > 1; at--) {
      siftDown(at, timers[at]);
    }
  }

  @SuppressWarnings("NullAway") // slots from size on are empty, and never read
  private void clear(int from, int to) {
    Arrays.fill(timers, from, to, null);
  }

  private void siftUp(int at, Timer timer) {
    while (at > 0) {
      int above = (at - 1) / CHILDREN;
      if (!isBefore(timer, above)) {
        break;
      }
      move(above, at);
      at = above;
    }
    put(at, timer);
  }

  private void siftDown(int at, Timer timer) {
    while (true) {
      int below = CHILDREN * at + 1;
      if (below >= size) {
        break;
      }
      int end = Math.min(below + CHILDREN, size);
      int first = below;
      for (int other = below + 1; other < end; other++) {
        if (isBefore(other, first)) {
          first = other;
        }
      }
      if (isBefore(timer, first)) {
        break;
      }
      move(first, at);
      at = first;
    }
    put(at, timer);
  }

  private void move(int from, int to) {
    deadlines[to] = deadlines[from];
    timers[to] = timers[from];
  }

  private void put(int at, Timer timer) {
    deadlines[at] = timer.deadline;
    timers[at] = timer;
  }

  private boolean isBefore(int a, int b) {
    return deadlines[a] < deadlines[b]
        || (deadlines[a] == deadlines[b] && timers[a].wasAddedBefore(timers[b]));
  }

  private boolean isBefore(Timer a, int b) {
    return a.deadline < deadlines[b] || (a.deadline == deadlines[b] && a.wasAddedBefore(timers[b]));
  }
}
