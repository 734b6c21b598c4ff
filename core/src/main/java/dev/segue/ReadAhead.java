package dev.segue;

import dev.segue.futures.internal.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a thread of its own reads ahead, so that a task can wait for it without holding its
 * loop.
 *
 * <p>The bytes pass through a ring that one thread fills and one task at a time empties: each
 * writes only its own counter.
 */
@AnyThread
final class ReadAhead extends InputStream {
  private static final int CAPACITY = 1 << 16; // as a pipe of Linux

  private final InputStream in;
  private final byte[] ring = new byte[CAPACITY];
  private final AtomicReference<@Nullable Task<?>> reader = new AtomicReference<>();
  private final AtomicReference<@Nullable Arrival> waiting = new AtomicReference<>();

  private volatile long filled; // bytes so far; written by the thread
  private volatile long emptied; // bytes so far; written by the task that reads
  private volatile boolean full; // the thread parks, or is about to
  private volatile boolean ended;
  private volatile @Nullable Throwable failure; // why it has ended; null at the end of the stream
  private volatile boolean closed;
  private volatile boolean started;
  private volatile @Nullable Thread thread; // set by itself

  ReadAhead(InputStream in) {
    this.in = in;
  }

  // --- the task

  @LoopConfined
  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @LoopConfined
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    var task = Task.current("reading from Async.readAhead");
    if (!reader.compareAndSet(null, task)) {
      throw new IllegalStateException(
          "task '"
              + task.name()
              + "' cannot read what "
              + reader.get()
              + " reads; let one of them do it");
    }
    try {
      task.checkCancelled();
      if (length == 0) {
        return 0;
      }
      start();
      while (true) {
        boolean last = ended; // before the look at the ring
        refuseIfClosed();
        int count = take(into, offset, length);
        if (count > 0) {
          return count;
        }
        if (last) {
          return end();
        }
        await(task);
      }
    } finally {
      reader.set(null);
    }
  }

  private void start() {
    if (!started) {
      Thread.ofPlatform()
          .daemon()
          .inheritInheritableThreadLocals(false)
          .name("segue-read-ahead")
          .start(this::fill);
      started = true;
    }
  }

  private int take(byte[] into, int offset, int length) {
    long from = emptied;
    int count = (int) Math.min(length, filled - from);
    int start = (int) (from % CAPACITY);
    int first = Math.min(count, CAPACITY - start);
    System.arraycopy(ring, start, into, offset, first);
    System.arraycopy(ring, 0, into, offset + first, count - first);
    emptied = from + count;
    if (count > 0 && full) {
      LockSupport.unpark(thread);
    }
    return count;
  }

  private int end() throws IOException {
    var thrown = failure;
    if (thrown != null) {
      throw new IOException("reading ahead failed: " + Failures.describe(thrown), thrown);
    }
    return -1;
  }

  @LoopConfined
  private void await(Task<?> task) {
    var arrival = new Arrival(task);
    waiting.set(arrival);
    if (filled == emptied && !ended && !closed) { // else it may have been too late to be told
      arrival.awaitWork();
    }
    waiting.set(null);
  }

  /** The reading task's wait for bytes, or the end. A cancel leaves the bytes where they are. */
  private static final class Arrival extends OutsideWait {
    Arrival(Task<?> waiter) {
      super(waiter, Kind.INPUT, "input");
    }

    @Override
    boolean giveUp() {
      return true;
    }
  }

  @Override
  public int available() throws IOException {
    refuseIfClosed();
    return (int) (filled - emptied);
  }

  private void refuseIfClosed() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(thread);
    tell();
    in.close();
  }

  // --- the thread

  private void fill() {
    thread = Thread.currentThread();
    try {
      for (int count = readSome(); count >= 0 && !closed; count = readSome()) {
        long now = filled + count;
        filled = now;
        tell();
        awaitRoom(now);
      }
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      ended = true;
      tell();
    }
  }

  private void awaitRoom(long now) {
    while (now - emptied == CAPACITY && !closed) {
      full = true;
      if (now - emptied == CAPACITY && !closed) {
        LockSupport.park(this);
      }
      full = false;
    }
  }

  private int readSome() throws IOException {
    int start = (int) (filled % CAPACITY);
    int room = (int) Math.min(CAPACITY - start, CAPACITY - (filled - emptied));
    return in.read(ring, start, room);
  }

  private void tell() {
    var arrival = waiting.getAndSet(null);
    if (arrival != null) {
      arrival.end();
    }
  }
}
