package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableCallable;
import dev.segue.process.codec.Decoder;
import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A sender, and the receiver at the other end. */
class SenderTest {
  private final Dictionary dictionary = new Dictionary();
  private final Encoder encoder = new Encoder(dictionary);
  private final Sender sender = new Sender(dictionary);
  private final Decoder decoder = new Decoder(getClass().getClassLoader(), null);

  private static SerializableCallable<String> task(String result) {
    return () -> result;
  }

  private byte[] sent() throws IOException {
    var bytes = new ByteArrayOutputStream();
    assertThat(sender.flush(Channels.newChannel(bytes))).isTrue();
    assertThat(sender.waiting()).isZero();
    return bytes.toByteArray();
  }

  private static FrameReader arrived(byte[] bytes) throws IOException {
    var reader = new FrameReader();
    reader.fill(Channels.newChannel(new ByteArrayInputStream(bytes)));
    return reader;
  }

  private List<FrameType> typesSent() throws IOException {
    var reader = arrived(sent());
    var types = new ArrayList<FrameType>();
    for (var frame = reader.next(); frame != null; frame = reader.next()) {
      types.add(frame.type());
    }
    return types;
  }

  @Test
  void aDefinitionIsSentOnceBeforeTheFirstValueThatNeedsIt() throws Exception {
    sender.task(0, true, encoder.encode(task("a")));
    sender.task(1, true, encoder.encode(task("b")));
    assertThat(typesSent()).containsExactly(FrameType.DEFINITION, FrameType.TASK, FrameType.TASK);
    sender.initializer(encoder.encode(task("c")));
    assertThat(typesSent()).containsExactly(FrameType.INITIALIZER);
  }

  @Test
  void aDefinitionIsSentToEachConnection() throws Exception {
    sender.task(0, true, encoder.encode(task("a")));
    assertThat(typesSent()).containsExactly(FrameType.DEFINITION, FrameType.TASK);
    var other = new Sender(dictionary);
    other.reply(FrameType.RESULT, 0, encoder.encode(task("b")));
    var bytes = new ByteArrayOutputStream();
    other.flush(Channels.newChannel(bytes));
    assertThat(arrived(bytes.toByteArray()).next())
        .extracting(Frame::type)
        .isEqualTo(FrameType.DEFINITION);
  }

  @Test
  void aReceiverPassesDefinitionsToItsDecoder() throws Exception {
    sender.task(7, true, encoder.encode(task("a")));
    var receiver = new Receiver(arrived(sent()), decoder);
    var frame = receiver.next();
    assertThat(frame.type()).isEqualTo(FrameType.TASK);
    assertThat(frame.body().getLong()).isEqualTo(7);
    assertThat(frame.body().get()).isEqualTo((byte) 1);
    assertThat(((Callable<?>) decoder.decode(frame.body())).call()).isEqualTo("a");
    assertThat(receiver.next()).isNull();
  }

  @Test
  void aDefinitionWithoutANumberIsAViolation() throws Exception {
    var writer = new FrameWriter();
    writer.add(FrameType.DEFINITION, new byte[3], 3);
    var bytes = new ByteArrayOutputStream();
    writer.flush(Channels.newChannel(bytes));
    var receiver = new Receiver(arrived(bytes.toByteArray()), decoder);
    assertThatThrownBy(receiver::next).isInstanceOf(ProtocolException.class);
  }
}
