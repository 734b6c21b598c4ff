package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.ReturnWhen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two runs of one body with one schedule: an instrument hears the same, word by word. */
@Timeout(60)
class DeterminismTest {
  /** Writes down all that it can find out. */
  private static final class Log implements Instrument {
    private final List<String> heard = new ArrayList<>();

    private static String text(@Nullable Task<?> task) {
      return task == null ? "-" : task.id() + " " + task.name();
    }

    @Override
    public void created(Task<?> task) {
      heard.add("created " + text(task));
    }

    @Override
    public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
      heard.add("ready " + text(task) + " by " + by + " " + text(waker) + " late " + late);
    }

    @Override
    public void resumed(Task<?> task) {
      heard.add("resumed " + text(task));
    }

    @Override
    public void waiting(Task<?> task, Waiting on) {
      var targets = new ArrayList<String>();
      on.targets(target -> targets.add(text(target)));
      heard.add("waiting " + text(task) + on.kind() + on.number() + " " + on.describe() + targets);
    }

    @Override
    public void returned(Task<?> task) {
      heard.add("returned " + text(task));
    }

    @Override
    public void cancelRequested(Task<?> task, String reason, @Nullable Task<?> by) {
      heard.add("cancelled " + text(task) + " " + reason + " " + text(by));
    }

    @Override
    public void idle() {
      heard.add("idle");
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      heard.add("done " + text(task) + " " + outcome);
    }

    @Override
    public void unobserved(Task<?> task, Throwable failure) {
      heard.add("unobserved " + text(task) + " " + failure);
    }

    @Override
    public void deadlocked(DeadlockException deadlock) {
      heard.add(deadlock.getMessage());
    }

    @Override
    public void abandoned(Task<?> task, long lock) {
      heard.add("abandoned " + text(task) + " lock " + lock);
    }
  }

  private static List<String> run(long seed) {
    var log = new Log();
    var loop =
        EventLoop.builder()
            .name("twice")
            .clock(new ManualClock())
            .schedule(new RandomSchedule(seed))
            .instrument(log)
            .exceptionHandler((_, _) -> {})
            .build();
    // Until the loop has ended, or a garbage collection would tell when a failure is told.
    var kept = new ArrayList<Task<?>>();
    loop.run(() -> body(kept));
    assertThat(kept).hasSize(7);
    return log.heard;
  }

  private static void body(List<Task<?>> kept) {
    kept.add(Async.createTask(DeterminismTest::locksInTwoOrders));
    kept.add(Async.createTask(DeterminismTest::queueAndTimeOuts));
    kept.add(Async.createTask(DeterminismTest::groupsAndCancels));
    kept.add(Async.createTask(DeterminismTest::stages));
    kept.add(Async.createTask(DeterminismTest::executor));
    kept.forEach(Task::outcome);
    kept.add(Async.createTask("left", new AsyncEvent()::await));
    kept.add(
        Async.createTask(
            "unseen",
            () -> {
              throw new IllegalStateException("nobody looks at this");
            }));
    Async.checkpoint();
  }

  private static void locksInTwoOrders() {
    var first = new AsyncLock();
    var second = new AsyncLock();
    Async.gatherOutcomes(
        List.of(
            () -> lockBoth(first, second),
            () -> lockBoth(second, first),
            () -> {
              first.acquire(); // and never releases it
              return 0;
            }));
  }

  private static int lockBoth(AsyncLock first, AsyncLock second) {
    try (var _ = first.acquire()) {
      Async.checkpoint();
      try (var _ = second.acquire()) {
        return 1;
      }
    }
  }

  private static void queueAndTimeOuts() {
    var queue = AsyncQueue.<Integer>fifo(1);
    var permits = new AsyncSemaphore(1);
    Async.gatherOutcomes(
        List.of(
            () -> {
              for (int i = 0; i < 3; i++) {
                queue.put(i);
              }
              return 0;
            },
            () -> within(() -> queue.take() + queue.take() + queue.take() + queue.take()),
            () -> within(() -> holdFor(permits, 2)),
            () -> within(() -> holdFor(permits, 1))));
  }

  private static int within(Body<Integer, Exception> body) throws Exception {
    try {
      return Async.timeout(Duration.ofSeconds(1), body);
    } catch (TimeoutException _) {
      return -1;
    }
  }

  private static int holdFor(AsyncSemaphore permits, int seconds) {
    try (var _ = permits.acquire()) {
      Async.sleep(Duration.ofSeconds(seconds));
      return seconds;
    }
  }

  private static void groupsAndCancels() {
    TaskGroup.run(group -> {
      var stopped = group.spawn(() -> Async.sleep(Duration.ofDays(1)));
      group.spawn(Async::checkpoint);
      Async.checkpoint();
      stopped.cancel();
    });
    var tasks = new ArrayList<Task<Integer>>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      tasks.add(
          Async.createTask(() -> {
            Async.checkpoint();
            return number;
          }));
    }
    Async.waitFor(tasks, ReturnWhen.FIRST_COMPLETED);
    Async.asCompleted(tasks).forEach(Task::await);
  }

  private static void stages() {
    var stage = new CompletableFuture<String>();
    Async.gather(
        () -> Async.await(stage),
        () -> Async.await(stage.thenApply(String::length)),
        () -> {
          Async.checkpoint();
          return stage.complete("value");
        });
  }

  private static void executor() {
    var executor = Async.currentLoop().asExecutorService();
    for (int i = 0; i < 5; i++) {
      executor.scheduleAtFixedRate(() -> {}, i, 1, TimeUnit.SECONDS);
      executor.execute(new AsyncEvent()::await);
    }
    Async.sleep(Duration.ofSeconds(2));
    executor.shutdownNow();
    Async.checkpoint();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anInstrumentHearsTheSame(long seed) {
    var heard = run(seed);
    assertThat(heard).hasSizeGreaterThan(200);
    for (int i = 0; i < 20; i++) {
      assertThat(run(seed)).isEqualTo(heard);
    }
  }
}
