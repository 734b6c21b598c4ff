package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stack dumps of tasks, in each state, change neither what runs nor what an instrument is told. */
@Timeout(60)
class SeamDumpsTest {
  /** Where the stacks of all tasks are dumped. */
  private enum When {
    NEVER,
    ADD,
    NEXT,
    SIZE,
    TURN,
    CREATED,
    READY,
    RESUMED,
    WAITING,
    RETURNED,
    DONE,
    IN_A_TASK
  }

  /**
   * All seams of a loop, which write down what they hear; a task that is added twice is twice
   * there.
   */
  private static final class Tool implements Schedule, LoopClock, Instrument {
    private final When when;
    private final List<Task<?>> ready = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private int dumps;

    Tool(When when) {
      this.when = when;
    }

    private void at(When now) {
      if (now == when) {
        for (var thread : threads) {
          dumps += thread.getStackTrace().length;
        }
      }
    }

    private void hear(When what, Task<?> task, Object more) {
      heard.add(what + " " + task.name() + " " + more);
      at(what);
    }

    @Override
    public void add(Task<?> task) {
      ready.add(task);
      hear(When.ADD, task, "");
    }

    @Override
    public Task<?> next() {
      at(When.NEXT);
      var task = ready.removeFirst();
      hear(When.NEXT, task, "");
      return task;
    }

    @Override
    public int size() {
      at(When.SIZE);
      return ready.size();
    }

    @Override
    public void beginTurn(long earliest) {
      at(When.TURN);
    }

    @Override
    public void created(Task<?> task) {
      hear(When.CREATED, task, "");
    }

    @Override
    public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
      hear(When.READY, task, by);
    }

    @Override
    public void resumed(Task<?> task) {
      hear(When.RESUMED, task, "");
    }

    @Override
    public void waiting(Task<?> task, Waiting on) {
      hear(When.WAITING, task, on.kind());
    }

    @Override
    public void returned(Task<?> task) {
      hear(When.RETURNED, task, "");
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      hear(When.DONE, task, task.state());
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public long realNanosUntil(long deadline) {
      return clock.realNanosUntil(deadline);
    }

    @Override
    public boolean skipTo(long deadline) {
      return clock.skipTo(deadline);
    }

    /** Has the thread of each task known as soon as there is one. */
    Callable<?> known(Callable<?> body) {
      return () -> {
        threads.add(Thread.currentThread());
        return body.call();
      };
    }
  }

  private static Tool run(When when) throws Exception {
    var tool = new Tool(when);
    EventLoop.builder()
        .name("dumped")
        .schedule(tool)
        .clock(tool)
        .instrument(tool)
        .taskDecorator(tool::known)
        .build()
        .run(() -> body(tool));
    return tool;
  }

  /** Tasks at checkpoints, in waits for each other, for a time, for a cancel, and in JDK waits. */
  private static void body(Tool tool) throws Exception {
    var lock = new AsyncLock();
    Action<Exception> locker =
        () -> {
          try (var _ = lock.acquire()) {
            Async.checkpoint();
          }
        };
    var sleeper = Async.createTask("sleeper", () -> Async.sleep(Duration.ofDays(1)));
    Async.gather(
        locker,
        locker,
        () -> {
          for (int i = 0; i < 5; i++) {
            Async.checkpoint();
            tool.at(When.IN_A_TASK);
          }
          sleeper.cancel();
        },
        () -> Async.sleep(Duration.ofSeconds(1)));
    sleeper.outcome();
    if (Async.currentLoop().engine() == EventLoop.Engine.CARRIER) {
      var queue = new ArrayBlockingQueue<Integer>(1);
      Async.gather(() -> take(queue), () -> put(queue), () -> tool.at(When.IN_A_TASK));
    }
  }

  private static void put(BlockingQueue<Integer> queue) throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      queue.put(i);
    }
  }

  private static void take(BlockingQueue<Integer> queue) throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      Async.checkpoint();
      queue.take();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theDumpChangesNothing(When when) throws Exception {
    var dumped = run(when);
    assertThat(dumped.heard).isEqualTo(run(When.NEVER).heard);
    assertThat(dumped.dumps > 0).isEqualTo(when != When.NEVER);
  }
}
