package dev.segue.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.BitSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * In a worker: runs one task after the other and replies. Confined to the worker's main thread, but
 * for {@link #interrupt}.
 */
final class TaskRunner {
  private static final long NONE = -1;

  private final Thread thread = Thread.currentThread();
  private final String threadName = thread.getName();
  private final ClassLoader loader = ClassLoader.getSystemClassLoader();
  private final Dictionary dictionary = new Dictionary();
  private final Encoder encoder = new Encoder(dictionary);
  private final Decoder decoder = new Decoder(loader, null);
  private final BitSet defined = new BitSet();
  private final FrameWriter out = new FrameWriter();
  private final WritableByteChannel parent;
  private final Claims claims;

  /** The task that an interrupt may reach. Guarded by this. */
  private long current = NONE;

  private long latest = NONE;
  private long early = NONE;

  TaskRunner(WritableByteChannel parent, Claims claims) {
    this.parent = parent;
    this.claims = claims;
  }

  /** Interrupts a task if it is the one that runs; called by another thread. */
  synchronized void interrupt(long number) {
    if (current == number) {
      thread.interrupt();
    } else if (number > latest) {
      early = number; // claimed, and about to begin
    }
  }

  void define(ByteBuffer body) {
    int number = body.getInt();
    var definition = new byte[body.remaining()];
    body.get(definition);
    decoder.define(number, definition);
  }

  /** Runs the initializer; returns what it threw. */
  @Nullable Throwable initialize(ByteBuffer body) {
    try {
      ((Runnable) decoded(body)).run();
      return null;
    } catch (Throwable t) {
      return t;
    }
  }

  void run(ByteBuffer body) throws IOException {
    long number = body.getLong();
    boolean wantsValue = body.get() != 0;
    if (!claims.claim(number)) {
      reply(FrameType.SKIPPED, number, null);
      return;
    }
    FrameType type;
    Encoded reply;
    begin(number);
    try {
      var value = call(decoded(body), wantsValue);
      reply = bounded(encoder.encode(value));
      type = FrameType.RESULT;
    } catch (Throwable t) {
      reply = Thrown.encode(t, encoder);
      type = FrameType.FAILURE;
    } finally {
      end();
    }
    reply(type, number, reply);
  }

  private Object decoded(ByteBuffer body) throws IOException, ClassNotFoundException {
    var task = decoder.decode(body);
    if (task == null) {
      throw new ProtocolException("a task that is null");
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
    int longest = FrameReader.LONGEST - 64;
    if (result.length() > longest) {
      var why = "the result has " + result.length() + " bytes, more than " + longest;
      throw new UnencodableException(why, "", new IOException(why));
    }
    return result;
  }

  private synchronized void begin(long number) {
    current = number;
    latest = number;
    if (early == number) {
      thread.interrupt();
    }
  }

  /** Gives the next task the thread as it was. */
  private synchronized void end() {
    current = NONE;
    var _ = Thread.interrupted();
    if (!thread.getName().equals(threadName)) {
      thread.setName(threadName); // a system call
    }
    thread.setContextClassLoader(loader);
  }

  private void reply(FrameType type, long number, @Nullable Encoded value) throws IOException {
    if (value == null) {
      out.addHead(type, Long.BYTES);
      out.addLong(number);
    } else {
      for (int entry : value.definitions()) {
        if (!defined.get(entry)) {
          defined.set(entry);
          var definition = dictionary.definition(entry);
          out.addHead(FrameType.DEFINITION, Integer.BYTES + definition.length);
          out.addInt(entry);
          out.addBytes(definition, definition.length);
        }
      }
      out.addHead(type, Long.BYTES + value.length());
      out.addLong(number);
      out.addBytes(value.bytes(), value.length());
    }
    out.flush(parent);
  }
}
