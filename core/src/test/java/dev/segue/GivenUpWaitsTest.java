package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fixtures.HandDrivenExecutor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits that a cancel has to end, where what that takes fails. */
@Tag("fault-injection")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GivenUpWaitsTest {
  /** A machine on which no further thread can be made, as long as this is open. */
  private static final class NoThreads implements AutoCloseable {
    private static final OutOfMemoryError NONE =
        new OutOfMemoryError("unable to create native thread");

    private final java.util.concurrent.ThreadPoolExecutor executor = WorkerThreads.Helpers.EXECUTOR;
    private final java.util.concurrent.ThreadFactory before = executor.getThreadFactory();

    NoThreads() {
      executor.setThreadFactory(_ -> {
        throw NONE;
      });
      executor.setKeepAliveTime(0, TimeUnit.SECONDS);
      while (executor.getPoolSize() > 0) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      executor.setThreadFactory(before);
      executor.setKeepAliveTime(1, TimeUnit.MINUTES);
    }
  }

  private static Task<?> working(EventLoop loop, CountDownLatch begun) {
    return loop.submit(() ->
        Async.toThread(() -> {
          begun.countDown();
          new CountDownLatch(1).await();
        }));
  }

  @Test
  void workIsInterruptedOnceThereIsAThreadForThat() throws Exception {
    try (var log = new CapturedLog();
        var loop = EventLoop.builder().start()) {
      var begun = new CountDownLatch(1);
      var work = working(loop, begun);
      begun.await();
      try (var _ = new NoThreads()) {
        work.cancel("enough");
        assertThat(loop.submit(() -> "goes on").get()).isEqualTo("goes on");
        assertThat(log.thrown()).containsExactly(NoThreads.NONE);
        assertThat(work.isDone()).isFalse();
      }
      assertThatThrownBy(work::get).hasMessageContaining("enough");
    }
  }

  @Test
  void aGroupEndsOnceThereIsAThreadToInterruptItsWork() throws Exception {
    try (var _ = new CapturedLog();
        var loop = EventLoop.builder().start()) {
      var begun = new CountDownLatch(1);
      var mayFail = new CountDownLatch(1);
      var group =
          loop.submit(() ->
              TaskGroup.run(tasks -> {
                tasks.spawn(() ->
                    Async.toThread(() -> {
                      begun.countDown();
                      new CountDownLatch(1).await();
                    }));
                tasks.spawn(() -> {
                  Async.toThread(() -> mayFail.await());
                  throw new IOException("sibling");
                });
              }));
      begun.await();
      try (var _ = new NoThreads()) {
        mayFail.countDown();
        assertThat(loop.submit(() -> "goes on").get()).isEqualTo("goes on");
      }
      assertThatThrownBy(group::get).hasRootCauseMessage("sibling");
    }
  }

  /** Runs nothing, and throws where work is cancelled. */
  private static final class BrokenExecutor extends HandDrivenExecutor {
    @Override
    protected <T> FutureTask<T> newTaskFor(Callable<T> callable) {
      return new FutureTask<>(callable) {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
          throw new IllegalStateException("the executor's");
        }
      };
    }
  }

  @Test
  void anExecutorThatThrowsWhenItsWorkIsCancelledHoldsUpNobody() {
    try (var log = new CapturedLog()) {
      Async.run(() -> {
        var tasks =
            List.of(
                Async.createTask(() ->
                    Async.runInExecutor(new BrokenExecutor(), (Callable<String>) () -> "value")),
                Async.createTask(() -> {
                  Async.sleep(FOREVER);
                  return "value";
                }));
        Async.checkpoint();
        tasks.forEach(Task::cancel);
        assertThat(tasks)
            .extracting(Task::outcome)
            .hasOnlyElementsOfType(Outcome.Cancellation.class);
      });
      assertThat(log.thrown())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessage("the executor's"));
    }
  }

  /** A wait that cannot be given up, though it says so late. */
  private static final class BrokenWait implements Wait {
    @Override
    public boolean abort() {
      throw new IllegalStateException("the wait's");
    }

    @Override
    public Kind kind() {
      return Kind.FUTURE;
    }

    @Override
    public String describe() {
      return "something broken";
    }
  }

  @Test
  void aWaitThatThrowsWhenItIsGivenUpIsSeenThrough() {
    try (var log = new CapturedLog()) {
      Async.run(() -> {
        var wait = new BrokenWait();
        var waiting =
            Async.createTask(() -> {
              Async.currentTask().suspend(wait);
              return "seen through";
            });
        var other = Async.createTask(() -> Async.sleep(FOREVER));
        Async.checkpoint();
        waiting.cancel();
        other.cancel();
        assertThat(other.outcome()).isInstanceOf(Outcome.Cancellation.class);
        waiting.wakeUp(wait);
        assertThat(waiting.await()).isEqualTo("seen through");
      });
      assertThat(log.thrown())
          .singleElement()
          .satisfies(e -> assertThat(e).hasMessage("the wait's"));
    }
  }

  @Test
  void aLoopThatBreaksForWantOfMemorySaysSo() {
    var noMemory = new OutOfMemoryError("unable to create native thread");
    var ready = new FifoSchedule();
    var broken =
        new Schedule() {
          @Override
          public void add(Task<?> task) {
            ready.add(task);
          }

          @Override
          public Task<?> next() {
            throw noMemory;
          }

          @Override
          public int size() {
            return ready.size();
          }
        };
    var loop = EventLoop.builder().name("poor").schedule(broken).build();
    try (var _ = new CapturedLog()) {
      assertThatThrownBy(() -> loop.run(() -> {}))
          .hasMessage(
              "event loop 'poor' failed: java.lang.OutOfMemoryError: unable to create native thread")
          .hasCause(noMemory);
    }
  }

  @Test
  void manyFailuresOfAGroupAreDescribedOnce() {
    var described = new int[1];
    final class Counted extends RuntimeException {
      @Override
      public String toString() {
        described[0]++;
        return "counted";
      }
    }
    Async.run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  for (int i = 0; i < 100; i++) {
                    group.spawn(() -> {
                      try {
                        Async.sleep(FOREVER);
                      } finally {
                        throwCounted(new Counted());
                      }
                    });
                  }
                  group.spawn(() -> throwCounted(new Counted()));
                }))
            .isInstanceOf(CompletionException.class));
    assertThat(described[0]).isLessThan(5);
  }

  private static void throwCounted(RuntimeException thrown) {
    throw thrown;
  }
}
