package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A primitive belongs to the loop that first uses it, and says so elsewhere. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopBoundTest {
  /** One of each. */
  private static final class Primitives {
    private final AsyncLock lock = new AsyncLock();
    private final AsyncCondition condition = lock.newCondition();
    private final AsyncEvent event = new AsyncEvent();
    private final AsyncSemaphore semaphore = new AsyncSemaphore(2);
    private final AsyncBarrier barrier = new AsyncBarrier(1);
    private final AsyncQueue<String> queue = AsyncQueue.fifo(9);

    /** Uses each once without waiting, which binds it to the loop. */
    void use() {
      lock.acquire().close();
      event.clear();
      semaphore.acquire();
      barrier.await();
      queue.put("a");
    }
  }

  private interface Call {
    void on(Primitives primitives);
  }

  private static Arguments call(String name, Call call) {
    return arguments(name, call);
  }

  /** What only tasks may call. */
  static Stream<Arguments> callsOfTasks() {
    return Stream.of(
        call("AsyncLock.acquire", it -> it.lock.acquire()),
        call("AsyncLock.tryAcquire", it -> it.lock.tryAcquire()),
        call("AsyncLock.release", it -> it.lock.release()),
        call("AsyncCondition.await", it -> it.condition.await()),
        call("AsyncCondition.signal", it -> it.condition.signal()),
        call("AsyncCondition.signalAll", it -> it.condition.signalAll()),
        call("AsyncEvent.await", it -> it.event.await()),
        call("AsyncSemaphore.acquire", it -> it.semaphore.acquire()),
        call("AsyncBarrier.await", it -> it.barrier.await()),
        call("AsyncQueue.put", it -> it.queue.put("b")),
        call("AsyncQueue.take", it -> it.queue.take()),
        call("AsyncQueue.join", it -> it.queue.join()));
  }

  /** What waits for nothing, and may be called on the loop. */
  static Stream<Arguments> callsOnTheLoop() {
    return Stream.of(
        call("AsyncEvent.set", it -> it.event.set()),
        call("AsyncEvent.clear", it -> it.event.clear()),
        call("AsyncSemaphore.tryAcquire", it -> it.semaphore.tryAcquire()),
        call("AsyncSemaphore.release", it -> it.semaphore.release()),
        call("AsyncBarrier.abort", it -> it.barrier.abort()),
        call("AsyncBarrier.reset", it -> it.barrier.reset()),
        call("AsyncQueue.offer", it -> it.queue.offer("b")),
        call("AsyncQueue.poll", it -> it.queue.poll()),
        call("AsyncQueue.taskDone", it -> it.queue.taskDone()),
        call("AsyncQueue.shutdown", it -> it.queue.shutdown()),
        call("AsyncQueue.shutdownNow", it -> it.queue.shutdownNow()));
  }

  static Stream<Arguments> calls() {
    return Stream.concat(callsOfTasks(), callsOnTheLoop());
  }

  private static Primitives usedBy(EventLoop loop) throws Exception {
    var primitives = new Primitives();
    loop.submit(primitives::use).get();
    return primitives;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void inATaskOfAnotherLoopIsAnError(String name, Call call) throws Exception {
    try (var owner = EventLoop.builder().name("owner").start();
        var other = EventLoop.builder().name("other").build()) {
      var primitives = usedBy(owner);
      other.run(() ->
          assertThatThrownBy(() -> call.on(primitives))
              .isExactlyInstanceOf(IllegalStateException.class)
              .hasMessageStartingWith(name + " was called by task 'main'")
              .hasMessageContaining("belongs to loop 'owner'")
              .hasMessageContaining("EventLoop.submit"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOfTasks")
  void outsideATaskIsAnErrorWhereATaskIsNeeded(String name, Call call) {
    assertThatThrownBy(() -> call.on(new Primitives()))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(name + " must be called inside a task");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOnTheLoop")
  void onAnotherThreadIsAnErrorOnceALoopHasUsedIt(String name, Call call) throws Exception {
    try (var owner = EventLoop.builder().name("owner").start()) {
      var primitives = usedBy(owner);
      assertThatThrownBy(() -> call.on(primitives))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              name + " was called by thread '" + Thread.currentThread().getName() + "'")
          .hasMessageContaining("belongs to loop 'owner'")
          .hasMessageContaining("EventLoop.execute");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsOnTheLoop")
  void onTheThreadOfToThreadIsAnErrorOnceALoopHasUsedIt(String name, Call call) throws Exception {
    Async.run(() -> {
      var primitives = new Primitives();
      primitives.use();
      assertThat(Async.toThread(() -> catchThrowable(() -> call.on(primitives))))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageMatching(name + " was called by thread '.*-thread-1', but this .*");
    });
  }

  @Test
  void theLoopsOwnThreadMayUseWhatWaitsForNothing() throws Exception {
    AsyncQueue<String> queue = AsyncQueue.fifo(1);
    var observer =
        new Instrument() {
          @Override
          public void done(Task<?> task, Outcome<?> outcome) {
            queue.offer(task.name());
          }
        };
    try (var loop = EventLoop.builder().instrument(observer).build()) {
      loop.run(() -> {
        assertThat(queue.poll()).isEmpty();
        Async.createTask("short", () -> {});
        assertThat(queue.take()).isEqualTo("short");
      });
    }
  }

  @Test
  void anyThreadMayAskForTheState() {
    var event = new AsyncEvent();
    AsyncQueue<String> queue = AsyncQueue.fifo(1);
    Async.run(() -> {
      event.set();
      queue.put("a");
    });
    assertThat(event.isSet()).isTrue();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue).asString().startsWith("queue (1 of 1");
  }

  @Test
  void untilATaskUsesItAnyThreadMaySetItUp() {
    var event = new AsyncEvent();
    var semaphore = new AsyncSemaphore(0);
    event.set();
    semaphore.release();
    Async.run(() -> {
      event.await();
      semaphore.acquire();
    });
  }

  @Test
  void aLoopThatRunsAgainStillOwnsIt() {
    var lock = new AsyncLock();
    try (var loop = EventLoop.builder().build()) {
      loop.run(() -> lock.acquire().close());
      loop.run(() -> lock.acquire().close());
    }
  }
}
