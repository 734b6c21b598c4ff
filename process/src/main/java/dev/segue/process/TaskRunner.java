package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.futures.internal.Failures;
import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Encoded;
import dev.segue.process.codec.Encoder;
import dev.segue.process.codec.Thrown;
import dev.segue.process.codec.UnencodableException;
import dev.segue.process.wire.Claims;
import dev.segue.process.wire.Frame;
import dev.segue.process.wire.FrameType;
import dev.segue.process.wire.ProtocolException;
import dev.segue.process.wire.Sender;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * In a worker: runs one task at a time and replies. Confined to the worker's main thread, except
 * for {@link #interrupt}.
 */
final class TaskRunner {
  private static final long NONE = -1;

  private final Thread thread = Thread.currentThread();
  private final String threadName = thread.getName();
  private final ClassLoader loader = ClassLoader.getSystemClassLoader();
  private final Claims claims;
  private final Encoder encoder;
  private final Decoder decoder;
  private final Sender out;
  private final WritableByteChannel parent;

  /** The task that an interrupt may reach. */
  @GuardedBy("this")
  private long current = NONE;

  @GuardedBy("this")
  private long latest = NONE;

  /** The last task for which an interrupt came before it started. */
  @GuardedBy("this")
  private long early = NONE;

  /**
   * Makes one that runs tasks on the calling thread.
   *
   * @param claims which tasks are on offer
   * @param encoder for results
   * @param decoder for tasks
   * @param out collects replies
   * @param parent where they go
   */
  TaskRunner(
      Claims claims, Encoder encoder, Decoder decoder, Sender out, WritableByteChannel parent) {
    this.claims = claims;
    this.encoder = encoder;
    this.decoder = decoder;
    this.out = out;
    this.parent = parent;
  }

  /** Whether the current task was interrupted. */
  @GuardedBy("this")
  private boolean stopped;

  /** Interrupts a task if it is running. Called by another thread. */
  synchronized void interrupt(long number) {
    if (current == number) {
      stop();
    } else if (number > latest) {
      early = number; // claimed, and about to start
    }
  }

  /** Runs the initializer; returns what it threw. */
  @Nullable Throwable initialize(Frame frame) {
    try {
      ((Runnable) decoded(frame)).run();
      return null;
    } catch (Throwable t) {
      return t;
    }
  }

  void run(Frame frame) throws IOException {
    var body = frame.body();
    long number = body.getLong();
    boolean wantsValue = body.get() != 0;
    if (claims.claim(number)) {
      runClaimed(number, frame, wantsValue);
    } else {
      out.skipped(number);
    }
    out.flush(parent);
  }

  private void runClaimed(long number, Frame frame, boolean wantsValue) {
    begin(number);
    FrameType type;
    Encoded value;
    try {
      value = bounded(encoder.encode(call(decoded(frame), wantsValue)));
      type = FrameType.RESULT;
    } catch (Throwable t) {
      value = Thrown.encode(t, encoder);
      type = FrameType.FAILURE;
    }
    if (end()) {
      endProcesses(number);
    }
    out.reply(type, number, value);
  }

  private Object decoded(Frame frame) throws IOException, ClassNotFoundException {
    var task = decoder.decode(frame.body(), frame.arrays());
    if (task == null) {
      throw new ProtocolException("the task is null");
    }
    return task;
  }

  private static @Nullable Object call(Object task, boolean wantsValue) throws Exception {
    if (wantsValue) {
      return ((Callable<?>) task).call();
    }
    ((Runnable) task).run();
    return null;
  }

  private static Encoded bounded(Encoded result) throws UnencodableException {
    if (result.length() > Sender.LONGEST_VALUE) {
      var why =
          "the result has "
              + result.length()
              + " bytes, more than the maximum of "
              + Sender.LONGEST_VALUE;
      throw new UnencodableException(why, "", new IOException(why));
    }
    return result;
  }

  private synchronized void begin(long number) {
    current = number;
    latest = number;
    stopped = false;
    if (early == number) {
      stop();
    }
  }

  @GuardedBy("this")
  private void stop() {
    stopped = true;
    thread.interrupt();
  }

  /** Resets the thread for the next task. Returns whether the task was interrupted. */
  private synchronized boolean end() {
    current = NONE;
    var _ = Thread.interrupted();
    if (!thread.getName().equals(threadName)) {
      thread.setName(threadName); // a system call
    }
    thread.setContextClassLoader(loader);
    return stopped;
  }

  /** Ends the processes that an interrupted task has left behind. */
  private void endProcesses(long number) {
    try {
      TaskProcesses.endSince(claims.claimedAt(number));
    } catch (Throwable t) {
      Log.warn("cannot end what an interrupted task has started: " + Failures.describe(t));
    }
  }
}
