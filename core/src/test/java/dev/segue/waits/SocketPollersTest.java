package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sockets of other virtual threads do not need the loop, even where a task makes the JVM's first
 * blocking socket call, which starts the JDK's socket pollers. That is seen only in a JVM of its
 * own.
 */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketPollersTest {
  @Test
  void theFirstSocketCallOfAJvmInATaskDoesNotBindOthersToTheLoop() throws Exception {
    try (var jvm = ChildJvm.start(FirstSocketCall.class)) {
      assertThat(jvm.output().lines())
          .containsExactly(
              "a read in a task", "a read in a thread while the loop is held", "a loop later");
    }
  }

  /** The child's program. */
  static final class FirstSocketCall {
    public static void main(String[] args) throws Exception {
      Async.run(() -> {
        try (var pair = SocketPair.connect()) {
          var reading = Async.createTask(pair::read);
          Async.checkpoint();
          pair.write(7);
          reading.await();
          System.out.println("a read in a task");
        }
        try (var pair = SocketPair.connect()) {
          var reading = Thread.ofVirtual().start(() -> read(pair));
          while (reading.getState() != Thread.State.WAITING) {
            Async.checkpoint();
          }
          pair.write(7);
          while (reading.isAlive()) {
            Thread.onSpinWait(); // who reads must not need the loop
          }
          System.out.println("a read in a thread while the loop is held");
        }
      });
      try (var pair = SocketPair.connect()) {
        var reading = Thread.ofVirtual().start(() -> read(pair));
        pair.write(7);
        reading.join();
        System.out.println("a loop later");
      }
    }

    private static void read(SocketPair pair) {
      try {
        pair.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
