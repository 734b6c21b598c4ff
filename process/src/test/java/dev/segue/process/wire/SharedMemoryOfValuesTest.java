package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoded;
import dev.segue.process.codec.Encoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The native memory of large values, which serves further ones: never while a connection still has
 * to write it, and never while the value may be sent again.
 */
@Tag("stress")
class SharedMemoryOfValuesTest {
  private static final int LENGTH = 300_000;

  private final Random random = new Random(7);
  private final Dictionary dictionary = new Dictionary();
  private final Decoder decoder = new Decoder(getClass().getClassLoader(), null);
  private final List<Value> live = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private byte last;
  private int received;

  /** A value that may be sent again, and what its bytes are. */
  private record Value(Encoded encoded, byte filling) {}

  @Test
  void arrivesWhateverIsSlowLostOrSentAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      connections.add(new Connection());
    }
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(20)) {
        case 0, 1 -> encode();
        case 2, 3, 4 -> send();
        case 5, 6 -> end();
        case 7 -> lose();
        default -> any(connections).move();
      }
    }
    for (var connection : connections) {
      while (!connection.sent.isEmpty()) {
        connection.move();
      }
    }
    assertThat(received).isGreaterThan(500); // else it tests little
  }

  private void encode() throws Exception {
    if (live.size() < 8) {
      byte filling = ++last;
      var array = filled(filling);
      live.add(new Value(new Encoder(dictionary).encode(new Object[] {"a", array, "b"}), filling));
    }
  }

  private static byte[] filled(byte filling) {
    var array = new byte[LENGTH];
    Arrays.fill(array, filling);
    return array;
  }

  private void send() {
    if (!live.isEmpty()) {
      any(connections).send(any(live));
    }
  }

  /** A task is over: it is not sent again, but may still wait to be written. */
  private void end() {
    if (!live.isEmpty()) {
      live.remove(random.nextInt(live.size())).encoded().release();
    }
  }

  /** A worker dies in the middle of what it was sent. */
  private void lose() {
    connections.remove(random.nextInt(connections.size())).sender.discard();
    connections.add(new Connection());
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private final class Connection {
    private final Sender sender = new Sender(dictionary);
    private final Receiver receiver = new Receiver(new FrameReader(), decoder);
    private final SlowPipe pipe = new SlowPipe(random, 100_000);
    private final ArrayDeque<Byte> sent = new ArrayDeque<>();

    void send(Value value) {
      if (sent.size() < 5) {
        sender.task(0, true, value.encoded());
        sent.add(value.filling());
      }
    }

    void move() throws Exception {
      sender.flush(pipe);
      receiver.fill(pipe);
      for (var frame = receiver.next(); frame != null; frame = receiver.next()) {
        var body = frame.body();
        body.position(body.position() + Long.BYTES + 1);
        var value = (Object[]) decoder.decode(body, frame.arrays());
        assertThat(value[0]).isEqualTo("a");
        assertThat(Arrays.equals((byte[]) value[1], filled(sent.remove()))).isTrue();
        assertThat(value[2]).isEqualTo("b");
        received++;
      }
    }
  }
}
