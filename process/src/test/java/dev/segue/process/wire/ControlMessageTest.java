package dev.segue.process.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlMessageTest {
  private static ControlMessage read(byte[] bytes) throws IOException {
    return ControlMessage.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @ParameterizedTest
  @EnumSource
  void arrivesAsItWasWritten(ControlMessage.Kind kind) throws Exception {
    var message = new ControlMessage(kind, 1L << 40);
    var bytes = new ByteArrayOutputStream();
    message.write(new DataOutputStream(bytes));
    assertThat(bytes.size()).isEqualTo(9);
    assertThat(read(bytes.toByteArray())).isEqualTo(message);
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
}
