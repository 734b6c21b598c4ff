package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cluster.LocalCluster;
import dev.segue.cluster.TestCluster;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A random executor is killed again and again while lists are sorted. */
@Tag("fault-injection")
@Tag("long")
@Timeout(900)
class MurderTest {
  private static final int LISTS = 1000;
  private static final int LENGTH = 30_000;
  private static final int WORKERS = 4;
  private static final long INTERVAL_MILLIS = 3_000;

  /** How many lists are submitted in a second, so that executors die while they sort. */
  private static final int PACE = 20;

  /**
   * How many lists an executor sorts before it may be killed, or a busy machine would sort none.
   */
  private static final int LEAST = 10;

  /** How many lists were given to this executor. */
  private static final AtomicInteger DONE = new AtomicInteger();

  @TempDir Path folder;

  private final Endings endings = new Endings();

  private static int[] random(int seed) {
    return new Random(seed).ints(LENGTH).toArray();
  }

  private static int[] sorted(int[] numbers) {
    var copy = numbers.clone();
    Arrays.sort(copy);
    return copy;
  }

  /** Sorts on an executor, which leaves its process's number in a folder once it may die. */
  private static int[] sortedThere(int[] numbers, String folder) throws IOException {
    if (DONE.incrementAndGet() == LEAST) {
      Files.createFile(Path.of(folder, Long.toString(Bodies.pid())));
    }
    return sorted(numbers);
  }

  @Test
  void aThousandListsAreSortedWhileExecutorsDie() throws Exception {
    try (var cluster = TestCluster.start(LocalCluster.builder().workers(WORKERS));
        var pool =
            cluster
                .executor(1)
                .config("spark.cores.max", Integer.toString(WORKERS))
                .startTimeout(
                    Duration.ofMinutes(5)) // for executors that are killed as soon as they work
                .build()) {
      var pids = folder.toString();
      assertThat(Await.result(pool.submit(() -> 1))).isEqualTo(1);
      var killer = new Killer(folder);
      var killing = Thread.ofPlatform().start(killer);
      long start = System.nanoTime();
      List<Future<int[]>> futures = new ArrayList<>();
      try {
        for (int i = 0; i < LISTS; i++) {
          var numbers = random(i);
          futures.add(endings.watch(pool.submit(() -> sortedThere(numbers, pids))));
          long early = start + i * 1_000_000_000L / PACE - System.nanoTime();
          TimeUnit.NANOSECONDS.sleep(early);
        }
        for (int i = 0; i < LISTS; i++) {
          assertThat(Await.result(futures.get(i))).isEqualTo(sorted(random(i)));
        }
      } finally {
        killing.interrupt();
        killing.join();
      }
      endings.assertOnceEach();
      var stats = pool.stats();
      System.out.printf(
          "%d lists sorted, %d executors killed, %d tasks run again, in %d s%n",
          stats.succeeded() - 1,
          killer.kills,
          stats.repeated(),
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
      assertThat(stats.succeeded()).isEqualTo(LISTS + 1);
      assertThat(stats.failed()).isZero();
      assertThat(killer.kills).isGreaterThan(3);
    }
  }

  /** Kills an executor that has sorted some, every three seconds until it is interrupted. */
  private static final class Killer implements Runnable {
    private final Path folder;
    private final Random random = new Random(42);
    private int kills;

    Killer(Path folder) {
      this.folder = folder;
    }

    @Override
    public void run() {
      try {
        while (true) {
          Thread.sleep(INTERVAL_MILLIS);
          var pids = alive();
          if (!pids.isEmpty()) {
            Processes.kill(pids.get(random.nextInt(pids.size())));
            kills++;
          }
        }
      } catch (InterruptedException _) {
        // The test is over.
      }
    }

    private List<Long> alive() {
      var names = Objects.requireNonNull(folder.toFile().list());
      return Processes.alive(Stream.of(names).map(Long::valueOf).toList());
    }
  }
}
