package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlMessageTest {
  private static ControlMessage read(byte[] bytes) throws IOException {
    return ControlMessage.read(Channels.newChannel(new ByteArrayInputStream(bytes)));
  }

  @ParameterizedTest
  @EnumSource
  void arrivesAsItWasWritten(ControlMessage.Kind kind) throws Exception {
    var message = new ControlMessage(kind, 1L << 40);
    var bytes = new byte[9];
    message.encoded().get(bytes);
    assertThat(read(bytes)).isEqualTo(message);
  }

  @Test
  void anUnknownKindIsAViolation() {
    assertThatThrownBy(() -> read(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 0}))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void theEndOfTheStreamIsNoViolation() {
    assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(EOFException.class);
  }

  @Test
  void theEndWithinAMessageIsNoMessage() {
    assertThatThrownBy(() -> read(new byte[8])).isInstanceOf(EOFException.class);
  }
}
