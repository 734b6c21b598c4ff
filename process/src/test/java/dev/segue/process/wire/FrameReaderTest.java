package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.NativeMemory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The memory of a reader of large frames. What it reads is tested in {@link FrameReaderFuzzTest}.
 */
@Timeout(60)
class FrameReaderTest {
  private static final int MEGABYTE = 1 << 20;

  private final FrameReader reader =
      new FrameReader(FrameReader.LONGEST, new NativeMemory(20L * MEGABYTE));
  private final int initial = FrameReaderFuzzTest.capacity(reader);

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void theMemoryOfAVeryLargeFrameIsFreedWithoutWaitingForMore() throws Exception {
    fill(30 * MEGABYTE, 30 * MEGABYTE);
    var body = Objects.requireNonNull(reader.next()).body();
    assertThat(body.get(20 * MEGABYTE)).isEqualTo((byte) 1);

    assertThat(reader.next()).isNull();

    assertThat(FrameReaderFuzzTest.capacity(reader)).isEqualTo(initial);
    assertThatThrownBy(() -> body.get(20 * MEGABYTE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theMemoryOfALargeFrameServesTheNextFrames() throws Exception {
    fill(10 * MEGABYTE, 10 * MEGABYTE);
    assertThat(reader.next()).isNotNull();
    int held = FrameReaderFuzzTest.capacity(reader);
    assertThat(reader.next()).isNull();

    fill(10 * MEGABYTE, 10 * MEGABYTE);

    assertThat(reader.next()).isNotNull();
    assertThat(FrameReaderFuzzTest.capacity(reader)).isEqualTo(held).isGreaterThan(10 * MEGABYTE);
  }

  @Test
  void theMemoryOfALargeFrameServesAnotherReader() throws Exception {
    var memory = new NativeMemory(20L * MEGABYTE);
    var one = new FrameReader(FrameReader.LONGEST, memory);
    var other = new FrameReader(FrameReader.LONGEST, memory);
    fill(one, 10 * MEGABYTE, 10 * MEGABYTE);
    assertThat(one.next()).isNotNull();
    int size = FrameReaderFuzzTest.capacity(one);
    long before = memory.keptBytes();
    assertThat(one.next()).isNull();
    assertThat(memory.keptBytes()).isEqualTo(before + size);

    fill(other, 9 * MEGABYTE, 9 * MEGABYTE);

    assertThat(memory.keptBytes()).isEqualTo(before);
    assertThat(FrameReaderFuzzTest.capacity(other)).isEqualTo(size);
    assertThat(Objects.requireNonNull(other.next()).body().get(8 * MEGABYTE)).isEqualTo((byte) 1);
    other.close();
  }

  @Test
  void aGreetingTakesLittleMemory() throws Exception {
    var greeted = new FrameReader(33);
    fill(greeted, 32, 32);
    assertThat(FrameReaderFuzzTest.capacity(greeted)).isEqualTo(37);
    assertThat(greeted.next()).isNotNull();

    greeted.allow(FrameReader.LONGEST);

    fill(greeted, 3 * MEGABYTE, 3 * MEGABYTE);
    assertThat(greeted.next()).isNotNull();
    greeted.close();
  }

  @Test
  void whatCameWithAGreetingIsNotLost() throws Exception {
    var greeted = new FrameReader(33);
    fill(greeted, 10, 10);
    assertThat(greeted.next()).isNotNull();
    fill(greeted, 20, 7);

    greeted.allow(FrameReader.LONGEST);

    greeted.fill(Channels.newChannel(new ByteArrayInputStream(new byte[13])));
    assertThat(Objects.requireNonNull(greeted.next()).body().remaining()).isEqualTo(20);
    greeted.close();
  }

  @Test
  void closedInTheMiddleOfALargeFrameItHoldsNothing() throws Exception {
    fill(30 * MEGABYTE, 20 * MEGABYTE);
    assertThat(reader.next()).isNull();
    assertThat(FrameReaderFuzzTest.capacity(reader)).isGreaterThan(30 * MEGABYTE);

    reader.close();

    assertThat(FrameReaderFuzzTest.capacity(reader)).isEqualTo(initial);
  }

  @Test
  void aLargeArrayIsReadIntoItsPlace() throws Exception {
    assertThat(read(array(8 * MEGABYTE, 3 * MEGABYTE))).isNull();
    assertThat(FrameReaderFuzzTest.capacity(reader)).isEqualTo(initial);

    var array = read(new byte[5 * MEGABYTE]).arrays().getFirst().array();

    assertThat((byte[]) array).hasSize(8 * MEGABYTE).startsWith(1, 1).endsWith(0, 0);
    assertThat(FrameReaderFuzzTest.capacity(reader)).isEqualTo(initial);
    assertThat(reader.next()).isNull();
  }

  @Test
  void aVeryLargeArrayHasItsPlaceOnceASixteenthHasArrived() throws Exception {
    assertThat(read(array(160 * MEGABYTE, 9 * MEGABYTE))).isNull();
    assertThat(isArrayArriving()).isFalse();

    assertThat(read(new byte[MEGABYTE + 10])).isNull();

    assertThat(isArrayArriving()).isTrue();
    assertThat(FrameReaderFuzzTest.capacity(reader)).isEqualTo(initial);
  }

  @Test
  void whatComesAfterAnArrayIsReadToo() throws Exception {
    fill(reader, array(20_000, 20_000));
    fill(reader, frame(FrameType.READY, 0, 0));

    assertThat(Objects.requireNonNull(reader.next()).type()).isEqualTo(FrameType.ARRAY);
    assertThat(Objects.requireNonNull(reader.next()).type()).isEqualTo(FrameType.READY);
  }

  @Test
  void anArrayThatIsNoneIsRefused() throws Exception {
    for (int length : new int[] {0, 1, 2, 16_000}) {
      var other = new FrameReader();
      fill(other, frame(FrameType.ARRAY, length, length));
      assertThatThrownBy(other::next).isInstanceOf(ProtocolException.class);
    }
    var other = new FrameReader();
    fill(other, frame(FrameType.ARRAY, 20_000, 20_000)); // an array of what?
    assertThatThrownBy(other::next).isInstanceOf(ProtocolException.class);
  }

  @Test
  void arraysForOneValueAreNotMoreThanAValueMayHave() throws Exception {
    var decoder = new Decoder(getClass().getClassLoader(), null);
    var receiver = new Receiver(reader, decoder, 50_000);
    for (int i = 0; i < 2; i++) {
      assertThat(receive(receiver, array(20_000, 20_000))).isNull();
      assertThat(receive(receiver, array(20_000, 20_000))).isNull();
      assertThat(receive(receiver, frame(FrameType.TASK, 5, 5)).arrays()).hasSize(2);
    }
    assertThat(receive(receiver, array(20_000, 20_000))).isNull();
    assertThat(receive(receiver, array(20_000, 20_000))).isNull();

    assertThatThrownBy(() -> receive(receiver, array(20_000, 20_000)))
        .isInstanceOf(ProtocolException.class);
  }

  private static Frame receive(Receiver receiver, byte[] bytes) throws IOException {
    var channel = Channels.newChannel(new ByteArrayInputStream(bytes));
    Frame frame = null;
    for (int left = bytes.length; left > 0; frame = receiver.next()) {
      left -= receiver.fill(channel);
    }
    return frame;
  }

  private boolean isArrayArriving() throws Exception {
    var field = FrameReader.class.getDeclaredField("array");
    field.setAccessible(true);
    return field.get(reader) != null;
  }

  /** Returns the first bytes of the frame of an array of single bytes, which are ones. */
  private static byte[] array(int length, int arrived) {
    var frame = frame(FrameType.ARRAY, 1 + length, 1 + arrived);
    frame[FrameReader.LENGTH_BYTES + 1] = 17;
    return frame;
  }

  /** Lets the reader read bytes up to the end of a frame, which it returns. */
  private Frame read(byte[] bytes) throws IOException {
    var channel = Channels.newChannel(new ByteArrayInputStream(bytes));
    Frame frame = null;
    for (int left = bytes.length; left > 0 && frame == null; ) {
      left -= reader.fill(channel);
      frame = reader.next();
    }
    return frame;
  }

  /** Lets the reader read the first bytes of a frame whose body consists of ones. */
  private void fill(int bodyLength, int arrived) throws IOException {
    fill(reader, bodyLength, arrived);
  }

  private static void fill(FrameReader reader, int bodyLength, int arrived) throws IOException {
    fill(reader, frame(FrameType.RESULT, bodyLength, arrived));
  }

  private static byte[] frame(FrameType type, int bodyLength, int arrived) {
    var bytes = new byte[arrived + FrameReader.LENGTH_BYTES + 1];
    Arrays.fill(bytes, (byte) 1);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bodyLength + 1).put(type.code());
    return bytes;
  }

  private static void fill(FrameReader reader, byte[] bytes) throws IOException {
    var channel = Channels.newChannel(new ByteArrayInputStream(bytes));
    for (int left = bytes.length; left > 0; ) {
      left -= reader.fill(channel);
    }
  }
}
