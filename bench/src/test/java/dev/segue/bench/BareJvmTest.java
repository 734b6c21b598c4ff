package dev.segue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against real processes. */
@Timeout(60)
class BareJvmTest {
  @Test
  void echoesMessagesOfAnySize() throws Exception {
    try (var jvm = BareJvm.start(BareWorker.ECHO)) {
      for (int size : new int[] {0, 1, 1_000_000, 10}) {
        var message = Link.newMessage(size);
        if (size > 0) {
          message.put(message.limit() - 1, (byte) 7);
        }
        assertThat(jvm.exchange(message)).isEqualTo(message.rewind());
      }
    }
  }

  @Test
  void sortsLists() throws Exception {
    var list = MergeSort.randomLists(1)[0];
    var message = Link.newMessage(list.length * Integer.BYTES);
    message.position(Link.HEADER).asIntBuffer().put(list);
    var sorted = new int[list.length];
    try (var jvm = BareJvm.start(BareWorker.SORT)) {
      jvm.exchange(message).position(Link.HEADER).asIntBuffer().get(sorted);
    }
    Arrays.sort(list);
    assertThat(sorted).isEqualTo(list);
  }

  @Test
  void closingEndsTheProcess() throws Exception {
    long pid;
    try (var jvm = BareJvm.start(BareWorker.ECHO)) {
      pid = jvm.pid();
      assertThat(ProcessHandle.of(pid)).isPresent();
    }
    assertThat(ProcessHandle.of(pid)).isEmpty();
  }
}
