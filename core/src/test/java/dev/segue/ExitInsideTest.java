package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task that calls System.exit, in a program whose shutdown hook waits for the loop. */
@Timeout(90)
class ExitInsideTest {
  private static void cleanUpAtTheEnd() {
    try {
      Async.sleep(FOREVER);
    } finally {
      System.out.println("cleaned up");
    }
  }

  /** Exits in a task of a started loop, which a hook closes. */
  static final class Started {
    public static void main(String[] args) {
      var loop = EventLoop.builder().start();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                loop.close();
                System.out.println("closed");
              }));
      loop.submit(ExitInsideTest::cleanUpAtTheEnd);
      loop.submit(() -> TaskGroup.run(group -> group.spawn(() -> System.exit(3))));
    }
  }

  @Test
  void aHookCanCloseTheLoop() throws Exception {
    try (var jvm = ChildJvm.start(Started.class)) {
      assertThat(jvm.output()).contains("closed", "System.exit was called in it");
      assertThat(jvm.exitCode()).isEqualTo(3);
    }
  }

  @Test
  @CarrierOnly(Difference.JDK_WAITS)
  void theOtherTasksCleanUpBefore() throws Exception {
    try (var jvm = ChildJvm.start(Started.class)) {
      assertThat(jvm.output()).contains("cleaned up");
    }
  }

  /** Exits in work that a task waits for. */
  static final class InAThread {
    public static void main(String[] args) {
      var loop = EventLoop.builder().start();
      Runtime.getRuntime().addShutdownHook(new Thread(loop::close));
      loop.submit(ExitInsideTest::cleanUpAtTheEnd);
      loop.submit(() -> Async.toThread(() -> System.exit(3)));
    }
  }

  @Test
  void aHookCanCloseTheLoopIfWorkInAThreadCalledExit() throws Exception {
    try (var jvm = ChildJvm.start(InAThread.class)) {
      assertThat(jvm.output()).contains("cleaned up");
      assertThat(jvm.exitCode()).isEqualTo(3);
    }
  }

  /** Exits in a task of a run, whose caller a hook interrupts and waits for. */
  static final class Run {
    public static void main(String[] args) {
      var main = Thread.currentThread();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                main.interrupt();
                try {
                  main.join();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                System.out.println("main has ended");
              }));
      Async.run(() -> {
        Async.createTask(() -> System.exit(3));
        Async.sleep(FOREVER);
      });
    }
  }

  @Test
  void aHookCanWaitForTheCallerOfARunThatItInterrupts() throws Exception {
    try (var jvm = ChildJvm.start(Run.class)) {
      assertThat(jvm.output()).contains("main has ended");
      assertThat(jvm.exitCode()).isEqualTo(3);
    }
  }

  /** Exits in a task of a run, whose loop a hook closes. */
  static final class CloseRun {
    public static void main(String[] args) {
      var loop = EventLoop.builder().build();
      Runtime.getRuntime().addShutdownHook(new Thread(loop::close));
      loop.run(() -> System.exit(3));
    }
  }

  @Test
  void aHookCanCloseALoopThatIsRunning() throws Exception {
    try (var jvm = ChildJvm.start(CloseRun.class)) {
      assertThat(jvm.exitCode()).isEqualTo(3);
    }
  }

  /** Exits in the exception handler: of a callback, in its task, or of a task, on the loop. */
  static final class InTheHandler {
    public static void main(String[] args) {
      var loop = EventLoop.builder().exceptionHandler((_, _) -> System.exit(3)).start();
      Runtime.getRuntime().addShutdownHook(new Thread(loop::close));
      if (Boolean.getBoolean("callback")) {
        loop.execute(InTheHandler::fail);
      } else {
        loop.submit(() -> {
          Async.createTask(InTheHandler::fail);
          while (true) { // until the failed task is collected
            System.gc();
            Async.sleep(Duration.ofMillis(10));
          }
        });
      }
    }

    private static void fail() {
      throw new IllegalStateException("fatal");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHookCanCloseTheLoopIfItsExceptionHandlerCalledExit(boolean callback) throws Exception {
    try (var jvm = ChildJvm.start(InTheHandler.class, "-Dcallback=" + callback)) {
      assertThat(jvm.exitCode()).isEqualTo(3);
    }
  }
}
