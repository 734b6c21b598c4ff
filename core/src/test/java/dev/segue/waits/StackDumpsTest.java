package dev.segue.waits;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.Task;
import dev.segue.fixtures.ChildJvm;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A stack dump of a virtual thread suspends it, and has the JDK hand it to its scheduler again,
 * queued or waiting as it may be. Whoever looks at a program again and again must not change what
 * it does: no wake-up is lost (or the test would not end), and nothing wakes early.
 */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StackDumpsTest {
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final int FEWEST_DUMPS = 100;

  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private volatile boolean stop;
  private volatile int dumps;

  /** Dumps the stacks of the tasks made by {@link #task}, without a pause, until told to stop. */
  private void dumpStacks() {
    while (!stop) {
      for (var thread : threads) {
        if (!thread.isAlive()) {
          threads.remove(thread);
        }
        thread.getStackTrace();
      }
      Thread.getAllStackTraces();
      dumps++;
    }
  }

  private void whileDumping(Action<? extends Exception> body) throws Exception {
    var dumper = Thread.ofPlatform().daemon().start(this::dumpStacks);
    try {
      Async.run(() -> {
        body.run();
        while (dumps < FEWEST_DUMPS) {
          Async.sleep(MILLISECOND);
        }
      });
    } finally {
      stop = true;
      dumper.join();
    }
  }

  private Task<Void> task(Action<? extends Exception> body) {
    return Async.createTask(() -> {
      threads.add(Thread.currentThread());
      body.run();
      return null;
    });
  }

  private void repeat(int tasks, int times, Action<? extends Exception> body) {
    var all =
        IntStream.range(0, tasks)
            .mapToObj(_ ->
                task(() -> {
                  for (int i = 0; i < times; i++) {
                    body.run();
                  }
                }))
            .toList();
    all.forEach(Task::await);
  }

  @Test
  void sleepersSleepTheirTime() throws Exception {
    whileDumping(() ->
        repeat(
            10,
            50,
            () -> {
              long before = System.nanoTime();
              Async.sleep(MILLISECOND);
              assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(1_000_000);
            }));
  }

  @Test
  void switchesGoOn() throws Exception {
    whileDumping(() -> repeat(10, 5_000, Async::checkpoint));
  }

  @Test
  void awaitsEndWithTheirTasks() throws Exception {
    whileDumping(() ->
        repeat(
            10,
            200,
            () -> {
              var ended = new boolean[1];
              var other =
                  task(() -> {
                    Async.checkpoint();
                    Async.checkpoint();
                    ended[0] = true;
                  });
              other.await();
              assertThat(ended[0]).isTrue();
            }));
  }

  @Test
  void workOutsideIsWaitedFor() throws Exception {
    whileDumping(
        () -> repeat(5, 100, () -> assertThat(Async.toThread(() -> "worked")).isEqualTo("worked")));
  }

  @Test
  void jdkWaitsGoOn() throws Exception {
    whileDumping(() -> {
      var there = new LinkedBlockingQueue<Integer>();
      var back = new LinkedBlockingQueue<Integer>();
      var echo =
          task(() -> {
            for (int i = 0; i < 2_000; i++) {
              back.put(there.take());
            }
          });
      var sleeper = task(() -> repeat(1, 50, () -> Thread.sleep(1)));
      var caller =
          task(() -> {
            for (int i = 0; i < 2_000; i++) {
              there.put(i);
              assertThat(back.take()).isEqualTo(i);
            }
          });
      List.of(echo, sleeper, caller).forEach(Task::await);
    });
  }

  @Test
  void whatNothingEndsDoesNotEnd() throws Exception {
    whileDumping(() -> {
      var never = new CompletableFuture<String>();
      var waiting =
          List.of(
              task(() -> Async.await(never)),
              task(() -> Async.sleep(FOREVER)),
              task(() -> task(() -> Async.sleep(FOREVER)).await()));
      while (dumps < FEWEST_DUMPS) {
        Async.sleep(MILLISECOND);
      }
      assertThat(waiting).noneMatch(Task::isDone);
    });
  }

  /**
   * What {@code jcmd PID Thread.dump_to_file} does. Only while the loop rests: in JDK 25.0.3 such a
   * dump can crash the JVM while any virtual thread is being switched (JDK-8364343).
   */
  @Test
  void aDumpToAFileOfALoopAtRest() throws Exception {
    try (var jvm = ChildJvm.start(DumpToFile.class)) {
      assertThat(jvm.output().lines()).containsExactly("found", "undisturbed");
    }
  }

  /** The child's program. */
  static final class DumpToFile {
    public static void main(String[] args) {
      Async.run(() -> {
        var waiting =
            List.of(
                Async.createTask("to be found", () -> Async.sleep(FOREVER)),
                Async.createTask(() -> Async.await(new CompletableFuture<>())),
                Async.createTask(() -> new LinkedBlockingQueue<>().take()));
        Async.checkpoint();
        var loop = Async.currentLoop().thread();
        var text = Async.toThread(() -> dumpOnceParked(loop));
        System.out.println(text.contains("to be found") ? "found" : text);
        if (waiting.stream().noneMatch(Task::isDone)) {
          System.out.println("undisturbed");
        }
      });
    }

    private static String dumpOnceParked(Thread loop) throws Exception {
      var diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      while (loop.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
      var file = Files.createTempDirectory("dump").resolve("threads");
      String text = "";
      for (int i = 0; i < 10; i++) {
        diagnostics.dumpThreads(
            file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        text = Files.readString(file);
        Files.delete(file);
      }
      Files.delete(file.getParent());
      return text;
    }
  }
}
