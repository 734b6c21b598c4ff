package dev.segue.inspect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The last entries of a log, two words each, in memory that does not grow. Written by one loop; any
 * thread may copy it meanwhile.
 *
 * <p>The first word is a time in nanoseconds, shifted by {@link #EVENT_BITS}, and the event; the
 * second is 32 bits of the task's id, and 32 bits of detail.
 */
final class Ring {
  private static final int EVENT_BITS = 8;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final VarHandle WRITTEN;

  static {
    try {
      WRITTEN = MethodHandles.lookup().findVarHandle(Ring.class, "written", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] words;
  private long written; // words; released after each entry

  /** Makes one for this many entries, a power of two. */
  Ring(int entries) {
    words = new long[2 * entries];
  }

  void put(Event event, long nanos, long task, long detail) {
    long from = written;
    int at = (int) from & (words.length - 1);
    words[at] = (nanos << EVENT_BITS) | event.ordinal();
    words[at + 1] = (task << 32) | (detail & LOW);
    WRITTEN.setRelease(this, from + 2);
  }

  /**
   * What was in a ring.
   *
   * @param words the entries, the oldest first
   * @param lost how many were overwritten before
   */
  record Copy(long[] words, long lost) {
    int size() {
      return words.length / 2;
    }

    Event event(int entry) {
      return Event.of((int) words[2 * entry] & ((1 << EVENT_BITS) - 1));
    }

    long nanos(int entry) {
      return words[2 * entry] >> EVENT_BITS;
    }

    long task(int entry) {
      return words[2 * entry + 1] >>> 32;
    }

    long detail(int entry) {
      return words[2 * entry + 1] & LOW;
    }
  }

  /** Copies what is there. Any thread. */
  Copy copy() {
    long end = (long) WRITTEN.getAcquire(this);
    var all = words.clone();
    VarHandle.acquireFence();
    // What has been overwritten since, with the entry that may be half written now, is gone.
    long overwritten = (long) WRITTEN.getOpaque(this) + 2 - all.length;
    long begin = Math.min(end, Math.max(0, overwritten));
    if (end <= all.length && begin == 0) {
      return new Copy(Arrays.copyOf(all, (int) end), 0);
    }
    var copy = new long[(int) (end - begin)];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = all[(int) (begin + i) & (all.length - 1)];
    }
    return new Copy(copy, begin / 2);
  }
}
