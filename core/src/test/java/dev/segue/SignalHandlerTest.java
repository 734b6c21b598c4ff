package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fixtures.ChildJvm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that is told of a signal, in place of a cancel of the main task. */
@Timeout(60)
class SignalHandlerTest {
  /** Ends its work once it is told to, unless it is stubborn. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      boolean stubborn = Boolean.getBoolean("stubborn");
      var told = new AsyncEvent();
      EventLoop.builder()
          .handleSignals(signal -> {
            System.out.println("told of " + signal + " in " + Async.currentLoop());
            if (!stubborn) {
              told.set();
            }
          })
          .build()
          .run(() -> {
            System.out.println("ready");
            told.await();
            Async.sleep(Duration.ofMillis(1));
            System.out.println("drained");
          });
      System.out.println("after the run");
    }
  }

  @Test
  void theFirstSignalIsToldAndCancelsNothing() throws Exception {
    try (var jvm = ChildJvm.start(Program.class)) {
      jvm.await("ready");
      jvm.signal("TERM");
      assertThat(jvm.output())
          .contains("told of SIGTERM in event loop 'loop-1'", "drained", "after the run");
      assertThat(jvm.exitCode()).isZero();
    }
  }

  @Test
  void theSecondHaltsTheJvmWith130() throws Exception {
    try (var jvm = ChildJvm.start(Program.class, "-Dstubborn=true")) {
      jvm.await("ready");
      jvm.signal("TERM");
      jvm.await("told of SIGTERM in event loop 'loop-1'");
      jvm.signal("TERM");
      assertThat(jvm.exitCode()).isEqualTo(130);
      assertThat(jvm.output()).doesNotContain("drained");
    }
  }

  @Test
  void nullIsRefusedByName() {
    assertThatThrownBy(() -> EventLoop.builder().handleSignals(null))
        .hasMessage("handler must not be null");
  }
}
