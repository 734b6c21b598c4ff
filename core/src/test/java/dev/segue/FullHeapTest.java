package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A task fills the heap to the last byte, and it stays full for a while after the task has ended:
 * the task ends all the same, whoever waits for it is told, and the loop and its watchdog go on.
 */
@Tag("fault-injection")
@Timeout(120)
class FullHeapTest {
  /** Its argument says where the task fills the heap. */
  static final class Program {
    private static volatile Object @Nullable [] chain;
    private static volatile boolean full;
    private static volatile boolean rehearsal = true;

    /** Large arrays first, then ever smaller ones; throws when not even the smallest fits. */
    @SuppressWarnings("InfiniteLoopStatement")
    private static void fillHeap() {
      if (rehearsal) {
        throw new OutOfMemoryError("not yet");
      }
      Object[] newest = null;
      for (int size = 1 << 20; size > 1; size /= 4) {
        try {
          while (true) {
            newest = add(newest, size);
          }
        } catch (OutOfMemoryError _) {
          // Smaller ones may still fit.
        }
      }
      full = true;
      while (true) {
        newest = add(newest, 1);
      }
    }

    private static Object[] add(Object @Nullable [] next, int size) {
      var array = new Object[size];
      array[0] = next;
      chain = array;
      return array;
    }

    /** Started while there is memory: frees the heap a while after it has been full. */
    private static void freeLater() {
      try {
        while (!full) {
          Thread.sleep(10);
        }
        Thread.sleep(1_000);
      } catch (InterruptedException _) {
        // Then now.
      } finally {
        chain = null;
      }
    }

    public static void main(String[] arguments) throws Exception {
      Action<Exception> body =
          switch (arguments[0]) {
            case "body" -> Program::fillHeap;
            case "group" ->
                () ->
                    TaskGroup.run(group -> {
                      group.spawn(Program::fillHeap);
                      group.spawn(() -> Async.sleep(Duration.ofDays(1)));
                    });
            case "thread" -> () -> Async.toThread(Program::fillHeap);
            case "time-out" -> () -> Async.timeout(Duration.ofDays(1), Program::fillHeap);
            default -> throw new IllegalArgumentException();
          };
      // The JDK's classes do not recover from an initialization without memory.
      System.out.println("rehearsal: " + program(body));
      rehearsal = false;
      Thread.ofPlatform().daemon().start(Program::freeLater);
      System.out.println("with a full heap: " + program(body));
    }

    private static String program(Action<Exception> body) throws Exception {
      var said = new StringBuilder();
      try (var loop = EventLoop.builder().stallThreshold(Duration.ZERO).start()) {
        var filler = loop.submit(body);
        while (!rehearsal && (chain != null || !full)) {
          Thread.onSpinWait(); // allocates nothing
        }
        try {
          filler.get();
        } catch (ExecutionException e) {
          said.append("the task failed, ");
        }
        said.append("new work: ").append(loop.submit(() -> 5).get());
        var computing =
            loop.submit(() -> {
              while (!Thread.interrupted()) {
                Thread.onSpinWait();
              }
              throw new InterruptedException();
            });
        while (!computing.hasStarted()) {
          Thread.onSpinWait();
        }
        computing.cancel();
        computing.ended().toCompletableFuture().get();
        said.append(", interrupted by the watchdog");
      }
      return said + ", closed";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "group", "thread", "time-out"})
  void theTaskEndsAndTheLoopGoesOn(String where) throws Exception {
    try (var jvm = ChildJvm.of(Program.class).options("-Xmx48m").arguments(where).start()) {
      assertThat(jvm.output())
          .contains(
              "with a full heap: the task failed, new work: 5, interrupted by the watchdog, closed");
    }
  }
}
