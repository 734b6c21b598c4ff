package dev.segue.bench.micro;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.inspect.Recorder;
import dev.segue.Wake;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to record a loop, beside one reading of the clock. */
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
public class RecorderBenchmark {
  private static final int OFTEN = TaskBenchmark.OFTEN;

  /** Who is told what tasks do. */
  public enum Told {
    /** Nobody. */
    NOBODY,
    /** An instrument that does nothing. */
    EMPTY,
    /** An instrument that does nothing, and has been removed. */
    REMOVED,
    /** The recorder. */
    RECORDER
  }

  @Param Told told = Told.NOBODY;

  EventLoop loop;

  @Setup
  public void startLoop() {
    var builder = EventLoop.builder();
    var empty = new Instrument() {};
    switch (told) {
      case NOBODY -> {}
      case EMPTY, REMOVED -> builder.instrument(empty);
      case RECORDER -> builder.instrument(new Recorder().forNewLoop());
    }
    loop = builder.start();
    if (told == Told.REMOVED) {
      loop.removeInstrument(empty);
    }
  }

  @TearDown
  public void closeLoop() {
    loop.close();
  }

  private <T> T onLoop(Callable<T> body) throws Exception {
    return loop.submit(body).get();
  }

  /** What the clock alone costs. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public long clock() throws Exception {
    return onLoop(() -> {
      long sum = 0;
      for (int i = 0; i < OFTEN; i++) {
        sum += System.nanoTime();
      }
      return sum;
    });
  }

  /** What the instrument itself takes for a switch: what it is told of it, and nothing else. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int tellSwitch() throws Exception {
    var instrument = told == Told.RECORDER ? new Recorder().forNewLoop() : new Instrument() {};
    return onLoop(() -> {
      var tasks = List.of(Async.currentTask(), Async.createTask(() -> {}));
      for (int i = 0; i < OFTEN; i++) {
        var task = tasks.get(i & 1);
        instrument.ready(task, Wake.YIELD, null, 0);
        instrument.resumed(task);
      }
      return OFTEN;
    });
  }

  /** As {@link TaskBenchmark#taskSwitch}. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int taskSwitch() throws Exception {
    return onLoop(TaskBenchmark::switchOften);
  }

  /** As {@link TaskBenchmark#queueHop}: the task waits, and is woken. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int queueHop() throws Exception {
    return onLoop(TaskBenchmark::hopOften);
  }

  /** As {@link TaskBenchmark#spawnAndAwait}. */
  @Benchmark
  @OperationsPerInvocation(OFTEN)
  public int spawnAndAwait() throws Exception {
    return onLoop(TaskBenchmark::spawnAndAwaitOften);
  }
}
