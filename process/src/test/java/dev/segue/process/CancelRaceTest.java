package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.WorkFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * Cancel, raced with the end of the task and with the start of the next: each future ends in one
 * state and stays there, no other task is affected, and no worker is lost unnecessarily.
 */
@Tag("stress")
@Timeout(120)
class CancelRaceTest {
  /** How many submitted tasks have yet to be cancelled: some run, some wait, some have ended. */
  private static final int OPEN = 4;

  /** How far the workers may be behind, so that cancels hit running tasks. */
  private static final int LAG = 3;

  private final Random random = new Random(3);
  private final List<Raced> raced = new ArrayList<>();
  private final List<Future<Integer>> bystanders = new ArrayList<>();
  private int submitted;

  /**
   * A task, and what became of its cancel.
   *
   * @param won what cancel said
   * @param atWork whether it ran at that time, or its end had yet to be heard of
   * @param state its state right after that
   */
  private record Raced(
      int number, Future<Integer> future, boolean won, boolean atWork, Future.State state) {}

  private record Open(int number, Future<Integer> future) {}

  // What tasks do.

  private static SerializableCallable<Integer> started() {
    return () -> sleep(100_000_000, 0);
  }

  static int sleep(int nanos, int value) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(nanos));
    return value;
  }

  static int compute(int nanos, int value) throws InterruptedException {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < nanos) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return value;
  }

  /** Ignores interrupts. */
  static int insist(int value) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < 5_000_000_000L) {
      Thread.onSpinWait();
    }
    return value;
  }

  /** Fails if the interrupt of another task reaches it. */
  static int standBy(int value) throws InterruptedException {
    if (value % 8 == 0) {
      Thread.sleep(Duration.ofNanos(50_000));
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("interrupted in another's place");
    }
    return value;
  }

  // The race.

  private void race(ProcessPoolExecutor pool, int cancels, int insistEach) throws Exception {
    pool.invokeAll(
        List.of(started(), started())); // the start of a worker takes longer than the race may
    var open = new ArrayList<Open>();
    while (raced.size() < cancels) {
      int number = submitted++;
      int nanos = random.nextInt(300_000);
      boolean insists = insistEach > 0 && number % insistEach == 0;
      Future<Integer> future;
      if (insists) {
        future = pool.submit(() -> insist(number));
      } else if (random.nextBoolean()) {
        future = pool.submit(() -> sleep(nanos, number));
      } else {
        future = pool.submit(() -> compute(nanos, number));
      }
      bystanders.add(pool.submit(() -> standBy(number)));
      LockSupport.parkNanos(insists ? 20_000_000 : random.nextInt(300_000));
      if (insists) {
        cancel(new Open(number, future));
        continue;
      }
      open.add(new Open(number, future));
      if (open.size() >= OPEN) {
        cancel(open.remove(random.nextInt(open.size())));
      }
      if (number >= LAG) {
        bystanders.get(number - LAG).get(60, TimeUnit.SECONDS);
      }
    }
    for (var left : open) {
      cancel(left);
    }
  }

  private void cancel(Open task) {
    boolean won = task.future().cancel(true);
    var state = task.future().state();
    raced.add(
        new Raced(task.number(), task.future(), won, won && !ended(task.future()).isDone(), state));
  }

  private static CompletableFuture<?> ended(Future<?> future) {
    return ((WorkFuture<?>) future).ended().toCompletableFuture();
  }

  private void check() throws Exception {
    for (int i = 0; i < bystanders.size(); i++) {
      assertThat(bystanders.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i);
    }
    for (var task : raced) {
      ended(task.future()).get(60, TimeUnit.SECONDS);
      assertThat(task.future().isDone()).isTrue();
      assertThat(task.future().state()).as("it stays as it was").isEqualTo(task.state());
      assertThat(task.future().isCancelled()).isEqualTo(task.won());
      if (task.won()) {
        assertThatThrownBy(task.future()::get).isInstanceOf(CancellationException.class);
      } else {
        assertThat(task.future().get()).isEqualTo(task.number());
      }
    }
  }

  /** How many workers have been started, which their names tell. */
  private static int workersStarted(ProcessPoolExecutor pool) {
    return pool.workers().stream()
        .mapToInt(worker -> Integer.parseInt(worker.name().replaceAll(".*-worker-", "")))
        .max()
        .orElse(0);
  }

  private long count(Predicate<Raced> which) {
    return raced.stream().filter(which).count();
  }

  @Test
  void tenThousandCancelsHurtNobodyAndLoseNoWorker(TestReporter reporter) throws Exception {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(2).build()) {
      race(pool, 10_000, 0);
      check();
      assertThat(workersStarted(pool)).isEqualTo(2);
    }
    long won = count(Raced::won);
    long atWork = count(Raced::atWork);
    reporter.publishEntry(
        "cancels",
        "%d: %d too late, %d while at work, %d before"
            .formatted(raced.size(), raced.size() - won, atWork, won - atWork));
    assertThat(atWork).as("some were at work").isPositive();
    assertThat(won).as("some were in time, and some too late").isBetween(1L, raced.size() - 1L);
  }

  @Test
  void cancelsThatKillTheWorkerHurtNobody(TestReporter reporter) throws Exception {
    int insistEach = 125;
    var grace = Duration.ofSeconds(1);
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(2).cancelGrace(grace).build()) {
      race(pool, 1_000, insistEach);
      check();
      long insisting =
          count(task -> task.number() % insistEach == 0 && task.won() && task.atWork());
      int lost = workersStarted(pool) - 2;
      reporter.publishEntry("cancels", "%d: %d workers killed".formatted(raced.size(), lost));
      assertThat((long) lost).isBetween(1L, insisting);
    }
  }
}
