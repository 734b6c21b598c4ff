package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.util.ArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks that have all waited before one of them has gone on: what comes after a wait is compiled
 * then without ever having run. What the compiler does not know (a class that is not loaded, a
 * branch that went one way only) it leaves to the interpreter, and each of the tasks then changes
 * over to that by itself, which takes the JVM 20 µs a task.
 */
@Timeout(120)
class CompiledTasksTest {
  private static final int TASKS = 50_000;

  /** Twice: lets all tasks wait, then ends the waits. */
  static final class Program {
    public static void main(String[] args) {
      Async.run(() -> {
        for (int round = 0; round < 2; round++) {
          switch (System.getProperty("wait")) {
            case "event" -> event();
            case "queue" -> queue();
            default -> throw new IllegalArgumentException();
          }
        }
      });
    }

    private static void event() {
      var event = new AsyncEvent();
      waitAndGoOn(event::await, event::set);
    }

    private static void queue() {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      waitAndGoOn(
          queue::take,
          () -> {
            for (int i = 0; i < TASKS; i++) {
              queue.put(i);
            }
          });
    }

    private static void waitAndGoOn(Action<RuntimeException> wait, Runnable endWaits) {
      var tasks = new ArrayList<Task<?>>();
      for (int i = 0; i < TASKS; i++) {
        tasks.add(Async.createTask(wait));
      }
      Async.checkpoint();
      endWaits.run();
      tasks.forEach(Task::await);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"event", "queue"})
  void tasksThatWaitedFromTheFirstGoOnCompiled(String wait) throws Exception {
    try (var jvm = ChildJvm.start(Program.class, "-Xlog:deoptimization=debug", "-Dwait=" + wait)) {
      // Of Segue's own methods: the JVM may compile the JDK's threads with such a trap, too, now
      // and
      // then (VirtualThread.getAndSetParkPermit, before the first unpark), and Segue has no say
      // there.
      var changesOver =
          jvm.output()
              .lines()
              .filter(line -> line.contains("[deoptimization]") && line.contains(" dev.segue."));
      assertThat(changesOver.count()).isPositive().isLessThan(TASKS / 10);
    }
  }
}
