package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;

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

  /** Two runs that overlap, the first to begin ending first. */
  static final class Overlapping {
    public static void main(String[] args) throws Exception {
      var firstMayEnd = new CountDownLatch(1);
      var first = inThread("first", firstMayEnd::await);
      var secondRuns = new CountDownLatch(1);
      var second =
          inThread(
              "second",
              () -> {
                secondRuns.countDown();
                Thread.sleep(Boolean.getBoolean("both") ? 1 : 300_000);
              });
      secondRuns.await();
      firstMayEnd.countDown();
      first.join();
      if (Boolean.getBoolean("both")) {
        second.join();
      }
      System.out.println("ready");
      second.join();
      Thread.sleep(Boolean.getBoolean("both") ? 300_000 : 0);
    }

    private static Thread inThread(String name, Action<InterruptedException> wait)
        throws InterruptedException {
      var runs = new CountDownLatch(1);
      var thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  var loop = EventLoop.builder().name(name).handleSignals(true).build();
                  loop.run(() -> {
                    runs.countDown();
                    wait.run();
                  });
                } catch (Cancelled e) {
                  System.out.println(name + " cancelled: " + e.reason());
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      runs.await();
      return thread;
    }
  }

  @Test
  void aRunHandlesSignalsAlsoAfterOneThatBeganBeforeItHasEnded() throws Exception {
    try (var jvm = ChildJvm.start(Overlapping.class)) {
      jvm.await("ready");
      jvm.signal("TERM");
      assertThat(jvm.output()).contains("second cancelled: received SIGTERM");
      assertThat(jvm.exitCode()).isZero();
    }
  }

  @Test
  void afterTheLastRunTheSignalsAreTheJvmsAgain() throws Exception {
    try (var jvm = ChildJvm.start(Overlapping.class, "-Dboth=true")) {
      jvm.await("ready");
      jvm.signal("TERM");
      assertThat(jvm.exitCode()).isEqualTo(128 + 15); // the JVM's own way to end on SIGTERM
    }
  }

  /** A program that takes a signal for itself while a loop has it. */
  static final class TakesOver {
    public static void main(String[] args) throws Exception {
      EventLoop.builder()
          .handleSignals(true)
          .build()
          .run(() -> Signal.handle(new Signal("TERM"), _ -> System.out.println("the program's")));
      System.out.println("ready");
      System.in.read();
    }
  }

  @Test
  void aHandlerThatTheProgramInstalledDuringTheRunStays() throws Exception {
    try (var jvm = ChildJvm.start(TakesOver.class)) {
      jvm.await("ready");
      jvm.signal("TERM");
      jvm.await("the program's");
    }
  }

  @Test
  void whereTheJvmDoesNotGiveTheSignalsARunDoesWithout() throws Exception {
    try (var jvm = ChildJvm.start(Program.class, "-Xrs")) {
      jvm.await("ready");
      jvm.signal("TERM");
      assertThat(jvm.output()).doesNotContain("cleaning up");
    }
  }
}
