package dev.segue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A loop's timers, the earliest first, those of one deadline in the order in which they were added.
 *
 * <p>A binary heap that knows where each timer is: most time-outs never fire, and taking one out of
 * a {@link java.util.PriorityQueue} would search all of it. Confined to the loop.
 */
final class TimerHeap {
  private Timer[] heap = new Timer[16];
  private int size;
  private long added;

  boolean isEmpty() {
    return size == 0;
  }

  /** The earliest deadline; {@link Long#MAX_VALUE} where there is none. */
  long earliest() {
    return size == 0 ? Long.MAX_VALUE : heap[0].deadline;
  }

  /** Adds a timer, unless it is never due. */
  void add(Timer timer) {
    if (timer.deadline == Long.MAX_VALUE) {
      return;
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    timer.sequence = added++;
    siftUp(size, timer);
    size++;
  }

  /** Takes a timer out, if it is in. */
  void remove(Timer timer) {
    int at = timer.index;
    if (at < 0) {
      return;
    }
    timer.index = -1;
    var last = takeLast();
    if (last != timer) {
      siftDown(at, last);
      if (heap[at] == last) {
        siftUp(at, last);
      }
    }
  }

  /** Takes out and returns the earliest timer if it is due at {@code now}. */
  @Nullable Timer pollDue(long now) {
    if (size == 0 || heap[0].deadline > now) {
      return null;
    }
    var first = heap[0];
    first.index = -1;
    var last = takeLast();
    if (last != first) {
      siftDown(0, last);
    }
    return first;
  }

  @SuppressWarnings("NullAway") // slots from size on are empty, and never read
  private Timer takeLast() {
    var last = heap[--size];
    heap[size] = null;
    return last;
  }

  private void siftUp(int at, Timer timer) {
    while (at > 0) {
      int above = (at - 1) >>> 1;
      if (!isBefore(timer, heap[above])) {
        break;
      }
      put(at, heap[above]);
      at = above;
    }
    put(at, timer);
  }

  private void siftDown(int at, Timer timer) {
    while (true) {
      int below = 2 * at + 1;
      if (below >= size) {
        break;
      }
      if (below + 1 < size && isBefore(heap[below + 1], heap[below])) {
        below++;
      }
      if (!isBefore(heap[below], timer)) {
        break;
      }
      put(at, heap[below]);
      at = below;
    }
    put(at, timer);
  }

  private void put(int at, Timer timer) {
    heap[at] = timer;
    timer.index = at;
  }

  private static boolean isBefore(Timer a, Timer b) {
    return a.deadline < b.deadline || (a.deadline == b.deadline && a.sequence < b.sequence);
  }
}
