package dev.segue.bench.micro;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.LoopClock;
import dev.segue.Outcome;
import dev.segue.Schedule;
import dev.segue.Task;
import dev.segue.Waiting;
import dev.segue.Wake;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whole runs of loops of their own, one after the other, as a tool that tries schedules does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow" // JMH itself
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RunBenchmark {
  /** Which thread serves the loops. */
  public enum On {
    /** The one that calls. */
    HERE,
    /** Each has its own. */
    ITS_OWN
  }

  @Param On on = On.HERE;

  private long seed;

  /** Any ready task next, a step a turn, on a clock of its own; and told what the tasks do. */
  private static final class Tool implements Schedule, LoopClock, Instrument {
    private final List<Task<?>> ready = new ArrayList<>();
    private final Random random;
    private long now;
    private int told;

    Tool(long seed) {
      random = new Random(seed);
    }

    @Override
    public void add(Task<?> task) {
      ready.add(task);
    }

    @Override
    public Task<?> next() {
      return ready.remove(random.nextInt(ready.size()));
    }

    @Override
    public int size() {
      return Math.min(1, ready.size());
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public long realNanosUntil(long deadline) {
      return Long.MAX_VALUE;
    }

    @Override
    public boolean skipTo(long deadline) {
      now = deadline;
      return true;
    }

    @Override
    public void created(Task<?> task) {
      told++;
    }

    @Override
    public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
      told++;
    }

    @Override
    public void resumed(Task<?> task) {
      told++;
    }

    @Override
    public void waiting(Task<?> task, Waiting waiting) {
      told++;
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      told++;
    }
  }

  private int run(Runnable body) {
    var tool = new Tool(seed++);
    var loop =
        EventLoop.builder()
            .name("explored")
            .schedule(tool)
            .clock(tool)
            .instrument(tool)
            .stallThreshold(Duration.ZERO)
            .build();
    if (on == On.HERE) {
      loop.runHere(body::run);
    } else {
      loop.run(body::run);
    }
    return tool.told;
  }

  /** Of a body that does nothing. */
  @Benchmark
  public int empty() {
    return run(() -> {});
  }

  /** Of two tasks that update one field, with a wait between reading and writing it. */
  @Benchmark
  public int lostUpdate() {
    int[] field = {0};
    return run(() ->
            Async.gather(
                () -> {
                  Async.checkpoint();
                  int read = field[0];
                  Async.checkpoint();
                  field[0] = read + 1;
                },
                () -> {
                  for (int i = 0; i < 4; i++) {
                    Async.checkpoint();
                  }
                  field[0]++;
                }))
        + field[0];
  }
}
