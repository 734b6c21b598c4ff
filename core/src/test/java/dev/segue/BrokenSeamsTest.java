package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tools plugged into a loop that throw, which they must not: the loop ends, and says why. */
@Tag("fault-injection")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenSeamsTest extends OnManualClock {
  private static final IllegalStateException FAILURE = new IllegalStateException("the tool's");

  /** Throws, the given number of calls from now. */
  private static final class Fuse {
    private final AtomicInteger left;

    Fuse(int calls) {
      left = new AtomicInteger(calls);
    }

    void call() {
      if (left.decrementAndGet() == 0) {
        throw FAILURE;
      }
    }
  }

  private static final class BrokenInstrument implements Instrument {
    private final String method;
    private final Fuse fuse = new Fuse(3);

    BrokenInstrument(String method) {
      this.method = method;
    }

    private void call(String called) {
      if (called.equals(method)) {
        fuse.call();
      }
    }

    @Override
    public void created(Task<?> task) {
      call("created");
    }

    @Override
    public void resumed(Task<?> task) {
      call("resumed");
    }

    @Override
    public void waiting(Task<?> task, Waiting on) {
      call("waiting");
    }

    @Override
    public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
      call("ready");
    }

    @Override
    public void returned(Task<?> task) {
      call("returned");
    }

    @Override
    public void cancelRequested(Task<?> task, String reason, @Nullable Task<?> by) {
      call("cancelRequested");
    }

    @Override
    public void idle() {
      call("idle");
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      call("done");
    }
  }

  private static final class BrokenSchedule implements Schedule {
    private final FifoSchedule fifo = new FifoSchedule();
    private final String method;
    private final Fuse fuse = new Fuse(5);

    BrokenSchedule(String method) {
      this.method = method;
    }

    private void call(String called) {
      if (called.equals(method)) {
        fuse.call();
      }
    }

    @Override
    public void add(Task<?> task) {
      call("add");
      fifo.add(task);
    }

    @Override
    public Task<?> next() {
      call("next");
      return fifo.next();
    }

    @Override
    public int size() {
      call("size");
      return fifo.size();
    }
  }

  private static final class BrokenClock implements LoopClock {
    private final ManualClock clock = new ManualClock();
    private final String method;
    private final Fuse fuse = new Fuse(2);

    BrokenClock(String method) {
      this.method = method;
    }

    private void call(String called) {
      if (called.equals(method)) {
        fuse.call();
      }
    }

    @Override
    public long nanoTime() {
      call("nanoTime");
      return clock.nanoTime();
    }

    @Override
    public void beginTurn(long earliest) {
      call("beginTurn");
    }

    @Override
    public java.time.Instant instant() {
      return clock.instant();
    }

    @Override
    public long realNanosUntil(long deadline) {
      call("realNanosUntil");
      return clock.realNanosUntil(deadline);
    }

    @Override
    public boolean skipTo(long deadline) {
      call("skipTo");
      return clock.skipTo(deadline);
    }
  }

  static Stream<Arguments> tools() {
    return Stream.of(
        tool("Instrument.created", b -> b.instrument(new BrokenInstrument("created"))),
        tool("Instrument.resumed", b -> b.instrument(new BrokenInstrument("resumed"))),
        tool("Instrument.waiting", b -> b.instrument(new BrokenInstrument("waiting"))),
        tool("Instrument.ready", b -> b.instrument(new BrokenInstrument("ready"))),
        tool("Instrument.returned", b -> b.instrument(new BrokenInstrument("returned"))),
        tool(
            "Instrument.cancelRequested",
            b -> b.instrument(new BrokenInstrument("cancelRequested"))),
        tool(
            "Instrument.idle",
            b -> b.clock(new ManualClock()).instrument(new BrokenInstrument("idle"))),
        tool("Instrument.done", b -> b.instrument(new BrokenInstrument("done"))),
        tool("Schedule.add", b -> b.schedule(new BrokenSchedule("add"))),
        tool("Schedule.next", b -> b.schedule(new BrokenSchedule("next"))),
        tool("Schedule.size", b -> b.schedule(new BrokenSchedule("size"))),
        tool("LoopClock.nanoTime", b -> b.clock(new BrokenClock("nanoTime"))),
        tool("LoopClock.beginTurn", b -> b.clock(new BrokenClock("beginTurn"))),
        tool("LoopClock.skipTo", b -> b.clock(new BrokenClock("skipTo"))));
  }

  private static Arguments tool(String name, UnaryOperator<EventLoop.Builder> plugIn) {
    return arguments(name, plugIn);
  }

  /** Does a little of everything that calls the tools. */
  private static String work() {
    for (int i = 0; i < 5; i++) {
      Async.gather(() -> Async.sleep(Duration.ofNanos(1)), Async::checkpoint);
      Async.createTask(Async::checkpoint).cancel();
    }
    return "value";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tools")
  void aRunEndsAndWhatWasThrownIsNotLost(String name, UnaryOperator<EventLoop.Builder> plugIn) {
    try (var log = new CapturedLog()) {
      var loop = plugIn.apply(EventLoop.builder().name("tools")).build();
      var thrown = catchThrowable(() -> loop.run(BrokenSeamsTest::work));
      assertThat(causes(thrown).anyMatch(FAILURE::equals) || log.thrown().contains(FAILURE))
          .as("%s and %s tell of it", thrown, log.thrown())
          .isTrue();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tools")
  void aTaskOfAStartedLoopEnds(String name, UnaryOperator<EventLoop.Builder> plugIn) {
    try (var _ = new CapturedLog()) {
      var loop = plugIn.apply(EventLoop.builder().name("tools")).start();
      var tasks = new ArrayList<Task<String>>();
      for (int i = 0; i < 10; i++) {
        var refused = catchThrowable(() -> tasks.add(loop.submit(BrokenSeamsTest::work)));
        assertThat(refused)
            .satisfiesAnyOf(
                thrown -> assertThat(thrown).isNull(),
                thrown -> assertThat(thrown).isInstanceOf(RejectedExecutionException.class));
      }
      for (var task : tasks) {
        var thrown = catchThrowable(() -> task.get(30, TimeUnit.SECONDS));
        assertThat(thrown instanceof TimeoutException).as("%s hangs", task).isFalse();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tools")
  void theLoopCanBeClosed(String name, UnaryOperator<EventLoop.Builder> plugIn) {
    try (var _ = new CapturedLog()) {
      var loop = plugIn.apply(EventLoop.builder().name("tools")).build();
      var _ = catchThrowable(() -> loop.run(BrokenSeamsTest::work));
      var _ = catchThrowable(loop::close);
      assertThatThrownBy(() -> loop.submit(() -> "value"))
          .isInstanceOf(RejectedExecutionException.class);
    }
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, t -> t != null, Throwable::getCause);
  }

  @Test
  void theCallbacksOfTasksThatHadJustArrivedAreCalled() {
    var fifo = new FifoSchedule();
    var fuse = new Fuse(2); // main's, and the first that arrives
    var loop =
        EventLoop.builder()
            .schedule(
                new Schedule() {
                  @Override
                  public void add(Task<?> task) {
                    fuse.call();
                    fifo.add(task);
                  }

                  @Override
                  public Task<?> next() {
                    return fifo.next();
                  }

                  @Override
                  public int size() {
                    return fifo.size();
                  }
                })
            .build();
    var ended = new ConcurrentLinkedQueue<Task<?>>();
    var tasks = new ArrayList<Task<?>>();
    for (int i = 0; i < 3; i++) {
      var task = loop.submit(() -> "value");
      task.whenDone((Task<String> same) -> ended.add(same));
      tasks.add(task);
    }
    assertThatThrownBy(() -> loop.run(() -> {})).isInstanceOf(IllegalStateException.class);
    assertThat(ended).containsExactlyElementsOf(tasks);
  }
}
