package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.process.codec.LargeArray;
import dev.segue.process.codec.NativeMemory;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random and mutated frames, cut at random places: the reader finds what a plain parser finds in
 * the whole, and holds no more than a multiple of what has arrived.
 */
@Tag("stress")
@Timeout(120)
class FrameReaderFuzzTest {
  /** The first buffer, whatever arrives. */
  private static final int INITIAL = 512 << 10;

  private static final int GROWTH = 16;

  /** The tag of an array of bytes. */
  private static final byte BYTES = 17;

  private final Random random = new Random(20_260_101);

  /** A frame, as the plain parser and the reader give it; the last one may be what went wrong. */
  private record Found(int type, int bodyHash, int bodyLength) {}

  private static final Found VIOLATION = new Found(-1, 0, 0);

  @Test
  void aMillionFramesArriveAsTheyWereSent() throws Exception {
    long frames = 0;
    while (frames < 1_000_000) {
      var stream = stream(1 + random.nextInt(2_000), 100);
      var found = read(stream, FrameReader.LONGEST);
      assertThat(found).isEqualTo(parse(stream, FrameReader.LONGEST));
      frames += found.size();
    }
  }

  @Test
  void aMillionFramesOfMutatedStreamsAreReadUpToTheFirstThatIsWrong() throws Exception {
    long frames = 0;
    int violations = 0;
    int streams = 0;
    while (frames < 1_000_000) {
      var stream = mutated(stream(1 + random.nextInt(1_000), 50));
      int longest = random.nextBoolean() ? FrameReader.LONGEST : 60;
      var found = read(stream, longest);
      assertThat(found).isEqualTo(parse(stream, longest));
      frames += found.size();
      streams++;
      violations += found.contains(VIOLATION) ? 1 : 0;
    }
    assertThat(violations).isBetween(streams / 4, streams); // else it tests little
  }

  @Test
  void garbageIsRefusedOrWaitsForMore() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      var garbage = new byte[random.nextInt(300)];
      random.nextBytes(garbage);
      assertThat(read(garbage, FrameReader.LONGEST)).isEqualTo(parse(garbage, FrameReader.LONGEST));
    }
  }

  @Test
  void largeFramesArriveAsTheyWereSent() throws Exception {
    for (int i = 0; i < 5; i++) {
      var stream = stream(4, 5 << 20);
      assertThat(read(stream, FrameReader.LONGEST)).isEqualTo(parse(stream, FrameReader.LONGEST));
    }
  }

  @Test
  void aHugeLengthIsNotBelieved() throws Exception {
    var promised = ByteBuffer.allocate(3 << 20).order(ByteOrder.LITTLE_ENDIAN);
    promised.putInt(FrameReader.LONGEST).put(FrameType.RESULT.code());
    assertThat(read(promised.array(), FrameReader.LONGEST)).isEmpty(); // and see read()
  }

  @Test
  void aLengthBeyondWhatIsAllowedIsRefusedAtOnce() {
    for (int length : new int[] {0, -1, Integer.MIN_VALUE, 34, Integer.MAX_VALUE}) {
      var head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
      assertThat(parse(head.array(), 33)).containsExactly(VIOLATION);
      assertThat(read(head.array(), 33)).containsExactly(VIOLATION);
    }
  }

  @Test
  void whatAWriterWritesAReaderReads() throws Exception {
    for (int i = 0; i < 300; i++) {
      var writer = new FrameWriter();
      var sent = new ArrayList<Found>();
      var received = new ArrayList<Found>();
      var reader = new FrameReader(FrameReader.LONGEST);
      var pipe = new SlowPipe(random, 200_000);
      int frames = random.nextInt(60);
      for (int f = 0; f < frames; f++) {
        var body = new byte[random.nextInt(10) == 0 ? random.nextInt(300_000) : random.nextInt(50)];
        random.nextBytes(body);
        var type = type(body.length);
        if (type == FrameType.ARRAY) {
          body[0] = BYTES;
        }
        writer.add(type, body, body.length);
        var content = Arrays.copyOfRange(body, type == FrameType.ARRAY ? 1 : 0, body.length);
        sent.add(new Found(type.code(), Arrays.hashCode(content), body.length));
        if (random.nextInt(4) == 0) {
          writer.flush(pipe);
          drain(reader, pipe, received);
        }
      }
      while (!writer.flush(pipe) || pipe.holds() > 0) {
        drain(reader, pipe, received);
      }
      drain(reader, pipe, received);
      assertThat(writer.waiting()).isZero();
      assertThat(received).isEqualTo(sent);
    }
  }

  private static void drain(FrameReader reader, SlowPipe pipe, List<Found> into)
      throws IOException {
    reader.fill(pipe);
    for (var frame = reader.next(); frame != null; frame = reader.next()) {
      into.add(found(frame));
    }
  }

  // What is read.

  /** Reads all, and checks what the reader holds after each step. */
  private List<Found> read(byte[] stream, int longest) {
    var found = new ArrayList<Found>();
    var reader = new FrameReader(longest, new NativeMemory(0));
    var pieces = new Pieces(stream, random);
    try {
      while (pieces.left() > 0) {
        reader.fill(pieces);
        int most = Math.max(INITIAL, GROWTH * (stream.length - pieces.left()));
        assertThat(capacity(reader)).isLessThanOrEqualTo(most);
        for (var frame = reader.next(); frame != null; frame = reader.next()) {
          found.add(found(frame));
        }
      }
    } catch (ProtocolException _) {
      found.add(VIOLATION);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      reader.close();
    }
    return found;
  }

  private static Found found(Frame frame) {
    if (frame.type() == FrameType.ARRAY) {
      var array = (byte[]) frame.arrays().getFirst().array();
      return new Found(frame.type().code(), Arrays.hashCode(array), 1 + array.length);
    }
    var body = new byte[frame.body().remaining()];
    frame.body().get(body);
    return new Found(frame.type().code(), Arrays.hashCode(body), body.length);
  }

  static int capacity(FrameReader reader) {
    try {
      Field buffer = FrameReader.class.getDeclaredField("buffer");
      buffer.setAccessible(true);
      return ((ByteBuffer) buffer.get(reader)).capacity();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  // What is expected.

  private static List<Found> parse(byte[] stream, int longest) {
    var found = new ArrayList<Found>();
    int at = 0;
    while (stream.length - at >= 4) {
      int length =
          (stream[at] & 0xff)
              | (stream[at + 1] & 0xff) << 8
              | (stream[at + 2] & 0xff) << 16
              | stream[at + 3] << 24;
      if (length < 1 || length > longest) {
        found.add(VIOLATION);
        break;
      }
      boolean isArray = stream.length - at > 4 && stream[at + 4] == FrameType.ARRAY.code();
      if (isArray && isViolation(stream, at, length)) {
        found.add(VIOLATION);
        break;
      }
      if (stream.length - at - 4 < length) {
        break;
      }
      int type = stream[at + 4];
      if (type < 1 || type > FrameType.values().length) {
        found.add(VIOLATION);
        break;
      }
      var body = Arrays.copyOfRange(stream, at + (isArray ? 6 : 5), at + 4 + length);
      found.add(new Found(type, Arrays.hashCode(body), length - 1));
      at += 4 + length;
    }
    return found;
  }

  /** Whether what has come of a large array is wrong; all that are sent here have single bytes. */
  private static boolean isViolation(byte[] stream, int at, int length) {
    int needed = Math.min(length, 2 + length / GROWTH);
    return stream.length - at - 4 >= needed
        && (length - 2 < LargeArray.SHORTEST || stream[at + 5] != BYTES);
  }

  // What is sent.

  private byte[] stream(int frames, int longestBody) {
    var bodies = new int[frames];
    int length = 0;
    for (int i = 0; i < frames; i++) {
      bodies[i] = random.nextInt(longestBody);
      length += 5 + bodies[i];
    }
    var stream = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    random.nextBytes(stream.array());
    for (int body : bodies) {
      var type = type(body);
      stream.putInt(1 + body).put(type.code());
      if (type == FrameType.ARRAY) {
        stream.put(stream.position(), BYTES);
      }
      stream.position(stream.position() + body);
    }
    return stream.array();
  }

  /** Returns a type that may have such a body. */
  private FrameType type(int body) {
    var types = FrameType.values();
    var type = types[random.nextInt(types.length)];
    return type == FrameType.ARRAY && body <= LargeArray.SHORTEST ? FrameType.TASK : type;
  }

  /**
   * Makes one to three changes: flips a bit, removes or doubles a byte, removes a piece, or changes
   * a length.
   */
  private byte[] mutated(byte[] stream) {
    for (int times = 1 + random.nextInt(3); times > 0 && stream.length > 8; times--) {
      int at = random.nextInt(stream.length - 4);
      stream =
          switch (random.nextInt(5)) {
            case 0 -> {
              stream[at] ^= (byte) (1 << random.nextInt(8));
              yield stream;
            }
            case 1 -> spliced(stream, at, at + 1);
            case 2 -> spliced(stream, at + 1, at);
            case 3 -> spliced(stream, at, at + random.nextInt(stream.length - at));
            default -> {
              int[] odd = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, (1 << 30) + 1};
              ByteBuffer.wrap(stream)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putInt(random.nextBoolean() ? 0 : at, odd[random.nextInt(odd.length)]);
              yield stream;
            }
          };
    }
    return stream;
  }

  /** What is before {@code end}, and what is from {@code begin} on. */
  private static byte[] spliced(byte[] stream, int end, int begin) {
    var result = Arrays.copyOf(stream, end + stream.length - begin);
    System.arraycopy(stream, begin, result, end, stream.length - begin);
    return result;
  }

  /** A connection over which a stream comes in pieces, and now and then nothing. */
  private static final class Pieces implements ReadableByteChannel {
    private final byte[] stream;
    private final Random random;
    private int at;

    Pieces(byte[] stream, Random random) {
      this.stream = stream;
      this.random = random;
    }

    int left() {
      return stream.length - at;
    }

    @Override
    public int read(ByteBuffer into) {
      int most = Math.min(left(), into.remaining());
      assertThat(into.remaining()).as("room to read into").isPositive();
      int piece =
          switch (random.nextInt(4)) {
            case 0 -> most;
            case 1 -> Math.min(most, random.nextInt(8));
            case 2 -> Math.min(most, random.nextInt(2000));
            default -> random.nextInt(most + 1);
          };
      into.put(stream, at, piece);
      at += piece;
      return piece;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
