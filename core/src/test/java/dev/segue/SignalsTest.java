package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignalsTest {
  /** Runs until it is told to end, twice if it has to be. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      boolean stubborn = Boolean.getBoolean("stubborn");
      try {
        EventLoop.builder()
            .handleSignals(true)
            .build()
            .run(() -> {
              System.out.println("ready");
              try {
                Async.sleep(Duration.ofMinutes(5));
              } finally {
                System.out.println("cleaning up");
                if (stubborn) {
                  Async.shield(() -> Async.sleep(Duration.ofMinutes(5)));
                }
              }
            });
      } catch (Cancelled e) {
        System.out.println("cancelled: " + e.reason());
      }
      System.out.println("after the run");
    }
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void theFirstInterruptCancelsTheMainTask() throws Exception {
    try (var jvm = ChildJvm.start(Program.class)) {
      jvm.await("ready");
      jvm.signal("INT");
      assertThat(jvm.output())
          .contains("cleaning up", "cancelled: received SIGINT", "after the run");
      assertThat(jvm.exitCode()).isZero();
    }
  }

  @Test
  void terminateIsHandledAsInterrupt() throws Exception {
    try (var jvm = ChildJvm.start(Program.class)) {
      jvm.await("ready");
      jvm.signal("TERM");
      assertThat(jvm.output()).contains("cancelled: received SIGTERM");
    }
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void theSecondSignalHaltsTheJvmWith130() throws Exception {
    try (var jvm = ChildJvm.start(Program.class, "-Dstubborn=true")) {
      jvm.await("ready");
      jvm.signal("INT");
      jvm.await("cleaning up");
      jvm.signal("INT");
      assertThat(jvm.exitCode()).isEqualTo(130);
      assertThat(jvm.output()).doesNotContain("after the run");
    }
  }

  /** Runs a loop that does not handle signals. */
  static final class Unhandled {
    public static void main(String[] args) {
      Async.run(() -> {
        System.out.println("ready");
        Async.sleep(Duration.ofMinutes(5));
      });
    }
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void aLoopLeavesSignalsAloneUnlessAsked() throws Exception {
    try (var jvm = ChildJvm.start(Unhandled.class)) {
      jvm.await("ready");
      jvm.signal("INT");
      assertThat(jvm.exitCode()).isEqualTo(130); // the JVM's own way to end on SIGINT
    }
  }
}
