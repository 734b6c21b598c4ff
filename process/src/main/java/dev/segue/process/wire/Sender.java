package dev.segue.process.wire;

import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoded;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * What one side of a connection sends: each frame that there is, and before a value the definitions
 * that it needs and that the other side has not been sent yet, and its large arrays. A {@link
 * Receiver} is on the other side.
 *
 * <p>Guarded by its owner's lock, or confined to one thread.
 */
public final class Sender {
  /** The send buffer to ask of a socket; the kernel gives what it allows. */
  public static final int SOCKET_BUFFER = 1 << 20;

  /** The longest encoded value that fits into a frame. */
  public static final int LONGEST_VALUE = FrameReader.LONGEST - 64;

  private final Dictionary dictionary;
  private final BitSet defined = new BitSet();
  private final FrameWriter out = new FrameWriter();

  /**
   * Makes one that has sent nothing.
   *
   * @param dictionary the one that values are encoded with
   */
  public Sender(Dictionary dictionary) {
    this.dictionary = dictionary;
  }

  /** Worker: adds the proof that this is the worker which the parent started. */
  public void hello(byte[] secret) {
    out.add(FrameType.HELLO, secret, secret.length);
  }

  /** Worker: adds the same proof, on the connection for control messages. */
  public void control(byte[] secret) {
    out.add(FrameType.CONTROL, secret, secret.length);
  }

  /** Worker: adds that it is ready for tasks. */
  public void ready() {
    out.addHead(FrameType.READY, 0);
  }

  /** Worker: adds why it cannot work. */
  public void startFailed(String why) {
    var body = why.getBytes(StandardCharsets.UTF_8);
    out.add(FrameType.START_FAILED, body, body.length);
  }

  /** Parent: adds what to run before the first task. */
  public void initializer(Encoded initializer) {
    precede(initializer);
    out.addHead(FrameType.INITIALIZER, initializer.restLength());
    out.addRest(initializer);
  }

  /** Parent: adds a task, which is on offer. */
  public void task(long number, boolean wantsValue, Encoded task) {
    precede(task);
    out.addHead(FrameType.TASK, Long.BYTES + 1 + task.restLength());
    out.addLong(number);
    out.addByte(wantsValue ? 1 : 0);
    out.addRest(task);
  }

  /**
   * Worker: adds what a task returned or threw.
   *
   * @param type {@link FrameType#RESULT} or {@link FrameType#FAILURE}
   */
  public void reply(FrameType type, long number, Encoded value) {
    precede(value);
    out.addHead(type, Long.BYTES + value.restLength());
    out.addLong(number);
    out.addRest(value);
  }

  /** Worker: adds that a task had been taken back when its turn came. */
  public void skipped(long number) {
    out.addHead(FrameType.SKIPPED, Long.BYTES);
    out.addLong(number);
  }

  /** Adds what a value needs before it. */
  private void precede(Encoded value) {
    for (int number : value.definitions()) {
      if (!defined.get(number)) {
        defined.set(number);
        var definition = dictionary.definition(number);
        out.addHead(FrameType.DEFINITION, Integer.BYTES + definition.length);
        out.addInt(number);
        out.addBytes(definition, definition.length);
      }
    }
    out.addArrays(value);
  }

  /** Returns how many bytes have been added and not been written. */
  public long waiting() {
    return out.waiting();
  }

  /** Forgets what has been added and not been written. */
  public void discard() {
    out.discard();
  }

  /**
   * Writes what the channel takes.
   *
   * @return whether all has been written; until then the bytes of values must not change
   */
  public boolean flush(WritableByteChannel channel) throws IOException {
    return out.flush(channel);
  }
}
