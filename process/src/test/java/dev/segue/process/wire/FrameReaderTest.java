package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/**
 * The memory of a reader of large frames. What it reads is tested in {@link FrameReaderFuzzTest}.
 */
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

  /** Lets the reader read the first bytes of a frame whose body consists of ones. */
  private void fill(int bodyLength, int arrived) throws IOException {
    fill(reader, bodyLength, arrived);
  }

  private static void fill(FrameReader reader, int bodyLength, int arrived) throws IOException {
    var bytes = new byte[arrived + FrameReader.LENGTH_BYTES + 1];
    Arrays.fill(bytes, (byte) 1);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bodyLength + 1)
        .put(FrameType.RESULT.code());
    var channel = Channels.newChannel(new ByteArrayInputStream(bytes));
    for (int left = bytes.length; left > 0; ) {
      left -= reader.fill(channel);
    }
  }
}
