package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.WorkFuture;
import dev.segue.futures.WorkerLostException;
import dev.segue.process.ProcessPoolExecutor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A random worker is killed again and again while thousands of tasks run. */
@Tag("stress")
class RandomKillsTest extends WithPools {
  private static final int RETRIES = 3;
  private static final Duration INTERVAL = Duration.ofMillis(250);

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void forSomeSecondsNothingIsLostButWhatRanTooOften() throws Exception {
    killAtRandom(500, Duration.ofSeconds(4), 12);
  }

  @Test
  @Tag("long")
  @Timeout(300)
  void forAMinuteNothingIsLostButWhatRanTooOften() throws Exception {
    killAtRandom(10_000, Duration.ofSeconds(60), 8);
  }

  /**
   * Submits tasks for a time while it kills workers, and then lets the rest of the tasks run.
   *
   * @param millis how long a task takes
   */
  private void killAtRandom(int tasks, Duration time, int millis) throws Exception {
    var traces = Traces.ofThisJvm(folder);
    var log = folder.resolve("executions");
    var name = log.toString();
    var pool = pool(quiet(3));
    var completions = new AtomicInteger[tasks];
    var futures = new ArrayList<Future<Integer>>();
    long pace = time.toNanos() / tasks;
    var killer = new Killer(pool, 42);
    var killing = Thread.ofPlatform().start(killer);
    long start = System.nanoTime();
    try {
      for (int i = 0; i < tasks; i++) {
        int n = i;
        var completed = new AtomicInteger();
        completions[i] = completed;
        var future =
            pool.submit(
                named("task " + n).withRetries(RETRIES), () -> logAndSleep(name, n, millis));
        var _ = ((WorkFuture<?>) future).ended().thenRun(completed::incrementAndGet);
        futures.add(future);
        long early = start + pace * i - System.nanoTime();
        if (early > 0) {
          TimeUnit.NANOSECONDS.sleep(early);
        }
      }
    } finally {
      killing.interrupt();
      killing.join();
    }
    pool.close();

    int[] executions = executions(log, tasks);
    int lost = 0;
    for (int i = 0; i < tasks; i++) {
      assertThat(completions[i]).as("completions of task %s", i).hasValue(1);
      assertThat(executions[i]).as("executions of task %s", i).isBetween(1, 1 + RETRIES);
      lost += isLost(futures.get(i), i) ? 1 : 0;
    }
    System.out.printf(
        "%d tasks, %d kills, %d tasks run again, %d lost, %d ms%n",
        tasks,
        killer.kills,
        Arrays.stream(executions).filter(n -> n > 1).count(),
        lost,
        (System.nanoTime() - start) / 1_000_000);
    assertThat(killer.kills).isGreaterThan((int) (time.dividedBy(INTERVAL) / 2));
    traces.assertNoMoreThan();
  }

  private static boolean isLost(Future<Integer> future, int n) throws InterruptedException {
    try {
      assertThat(future.get()).isEqualTo(n);
      return false;
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(WorkerLostException.class);
      return true;
    }
  }

  private static int logAndSleep(String log, int n, int millis) throws Exception {
    try (var out = new FileOutputStream(log, true)) {
      out.write(ByteBuffer.allocate(Integer.BYTES).putInt(n).array());
    }
    Thread.sleep(millis);
    return n;
  }

  private static int[] executions(Path log, int tasks) throws IOException {
    var executions = new int[tasks];
    var numbers = ByteBuffer.wrap(Files.readAllBytes(log)).asIntBuffer();
    while (numbers.hasRemaining()) {
      executions[numbers.get()]++;
    }
    return executions;
  }

  /** Kills a worker every quarter of a second until it is interrupted. */
  private static final class Killer implements Runnable {
    private final ProcessPoolExecutor pool;
    private final Random random;
    private int kills;

    Killer(ProcessPoolExecutor pool, long seed) {
      this.pool = pool;
      this.random = new Random(seed);
    }

    @Override
    public void run() {
      try {
        while (true) {
          Thread.sleep(INTERVAL);
          var workers = pool.workers().stream().filter(worker -> worker.pid() > 0).toList();
          if (!workers.isEmpty()) {
            Processes.kill(workers.get(random.nextInt(workers.size())).pid());
            kills++;
          }
        }
      } catch (InterruptedException _) {
        // The test is over.
      }
    }
  }
}
