package dev.segue.bench.micro;

import dev.segue.Async;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.EventLoop;
import dev.segue.Outcome;
import dev.segue.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steps that programs on a loop are made of. All but {@link #submit} are a task's, so each
 * invocation is one task that does them very often.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow" // JMH itself
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TaskBenchmark {
  static final int OFTEN = 10_000;

  EventLoop loop;

  @Setup
  public void startLoop() {
    loop = EventLoop.builder().start();
  }

  @TearDown
  public void closeLoop() {
    loop.close();
  }

  private <T> T onLoop(Callable<T> body) throws Exception {
    return loop.submit(body).get();
  }

  /** Two tasks take turns. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int taskSwitch() throws Exception {
    return onLoop(TaskBenchmark::switchOften);
  }

  static int switchOften() {
    var other = Async.createTask(TaskBenchmark::takeTurns);
    takeTurns();
    return other.await();
  }

  private static int takeTurns() {
    for (int i = 0; i < OFTEN / 2; i++) {
      Async.checkpoint();
    }
    return OFTEN;
  }

  /** One task after the other. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int spawnAndAwait() throws Exception {
    return onLoop(TaskBenchmark::spawnAndAwaitOften);
  }

  static int spawnAndAwaitOften() {
    int sum = 0;
    for (int i = 0; i < OFTEN; i++) {
      sum += Async.createTask(() -> 1).await();
    }
    return sum;
  }

  /** An item through a queue with room for one. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int queueHop() throws Exception {
    return onLoop(TaskBenchmark::hopOften);
  }

  static int hopOften() {
    var queue = AsyncQueue.<Integer>fifo(1);
    Async.createTask(() -> {
      for (int i = 0; i < OFTEN; i++) {
        queue.put(1);
      }
    });
    int sum = 0;
    for (int i = 0; i < OFTEN; i++) {
      sum += queue.take();
    }
    return sum;
  }

  /** A lock goes to and fro between two tasks, each of which yields while it holds it. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int lockHandOff() throws Exception {
    return onLoop(() -> {
      var lock = new AsyncLock();
      var other = Async.createTask(() -> holdInTurn(lock));
      holdInTurn(lock);
      return other.await();
    });
  }

  private static int holdInTurn(AsyncLock lock) {
    for (int i = 0; i < OFTEN / 2; i++) {
      try (var _ = lock.acquire()) {
        Async.checkpoint();
      }
    }
    return OFTEN;
  }

  /** A thread outside submits a task and waits for its result. */
  @Benchmark
  public int submit() throws Exception {
    return loop.submit(() -> 1).get();
  }

  /** Tasks that sleep, made anew for each invocation, which is not measured. */
  @State(Scope.Benchmark)
  public static class Sleepers {
    List<Task<Integer>> tasks = new ArrayList<>();

    @Setup(Level.Invocation)
    public void start(TaskBenchmark benchmark) throws Exception {
      tasks =
          benchmark.onLoop(() -> {
            var started = new ArrayList<Task<Integer>>();
            var asleep = new int[1];
            for (int i = 0; i < OFTEN; i++) {
              started.add(
                  Async.createTask(() -> {
                    asleep[0]++;
                    Async.sleep(Duration.ofHours(1));
                    return 1;
                  }));
            }
            while (asleep[0] < OFTEN) {
              Async.checkpoint();
            }
            return started;
          });
    }
  }

  /** Cancels a task that sleeps, until it has ended. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int cancel(Sleepers sleepers) throws Exception {
    return onLoop(() -> {
      sleepers.tasks.forEach(Task::cancel);
      int cancelled = 0;
      for (var task : sleepers.tasks) {
        cancelled += task.outcome() instanceof Outcome.Cancellation ? 1 : 0;
      }
      return cancelled;
    });
  }
}
