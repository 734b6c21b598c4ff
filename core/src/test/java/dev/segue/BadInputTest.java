package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.futures.Futures;
import dev.segue.futures.ReturnWhen;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableFunction;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.internal.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that is wrong, empty or at its limits gets its documented answer; nothing hangs. */
@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputTest extends OnManualClock {

  @Nested
  class Null {
    static Stream<Arguments> calls() {
      var second = Duration.ofSeconds(1);
      Callable<String> callable = () -> "value";
      Action<Exception> action = () -> {};
      return Stream.of(
          call("createTask(Callable)", () -> Async.createTask((Callable<String>) null)),
          call("createTask(Action)", () -> Async.createTask((Action<Exception>) null)),
          call("createTask(null, Callable)", () -> Async.createTask(null, callable)),
          call("createTask(null, Action)", () -> Async.createTask(null, action)),
          call("createTask(name, Callable)", () -> Async.createTask("n", (Callable<String>) null)),
          call("createTask(name, Action)", () -> Async.createTask("n", (Action<Exception>) null)),
          call("sleep", () -> Async.sleep(null)),
          call("await(CompletableFuture)", () -> Async.await((CompletableFuture<String>) null)),
          call("await(CompletionStage)", () -> Async.await((CompletionStage<String>) null)),
          call("await(Future)", () -> Async.await((Future<String>) null)),
          call("gather(Callable[])", () -> Async.gather((Callable<String>[]) null)),
          call("gather(Action[])", () -> Async.gather((Action<Exception>[]) null)),
          call("gather(Callable, null)", () -> Async.gather(callable, (Callable<String>) null)),
          call("gather(Action, null)", () -> Async.gather(action, (Action<Exception>) null)),
          call("gather(Collection)", () -> Async.gather((Collection<Callable<String>>) null)),
          call("gather([null])", () -> Async.gather(Arrays.asList(callable, null))),
          call("gatherOutcomes", () -> Async.gatherOutcomes((Collection<Callable<String>>) null)),
          call("gatherOutcomes([null])", () -> Async.gatherOutcomes(Arrays.asList(callable, null))),
          call("map(null items)", () -> Async.map(null, 1, item -> item)),
          call("map(null function)", () -> Async.map(List.of(1), 1, null)),
          call("waitFor(null tasks)", () -> Async.waitFor(null, ReturnWhen.ALL_COMPLETED)),
          call("waitFor(null when)", () -> Async.waitFor(List.of(), null)),
          call(
              "waitFor(null timeout)",
              () -> Async.waitFor(List.of(), ReturnWhen.ALL_COMPLETED, null)),
          call(
              "waitFor([null])",
              () ->
                  Async.waitFor(
                      Arrays.<Task<String>>asList((Task<String>) null), ReturnWhen.ALL_COMPLETED)),
          call("asCompleted", () -> Async.asCompleted((Collection<Task<String>>) null)),
          call(
              "asCompleted([null])",
              () -> Async.asCompleted(Arrays.<Task<String>>asList((Task<String>) null))),
          call("timeout(null, Action)", () -> Async.timeout(null, action)),
          call("timeout(d, Action)", () -> Async.timeout(second, (Action<Exception>) null)),
          call("timeout(d, Body)", () -> Async.timeout(second, (Body<String, Exception>) null)),
          call("shield(Action)", () -> Async.shield((Action<Exception>) null)),
          call("shield(Body)", () -> Async.shield((Body<String, Exception>) null)),
          call("uninterleaved(Action)", () -> Async.uninterleaved((Action<Exception>) null)),
          call("uninterleaved(Body)", () -> Async.uninterleaved((Body<String, Exception>) null)),
          call("toThread(Callable)", () -> Async.toThread((Callable<String>) null)),
          call("toThread(Action)", () -> Async.toThread((Action<Exception>) null)),
          call("runInExecutor(null)", () -> Async.runInExecutor(null, callable)),
          call(
              "runInExecutor(Callable)",
              () -> Async.runInExecutor(ForkJoinPool.commonPool(), (Callable<String>) null)),
          call(
              "runInExecutor(SerializableCallable)",
              () ->
                  Async.runInExecutor(
                      ForkJoinPool.commonPool(), (SerializableCallable<String>) null)),
          call(
              "runInExecutor(Runnable)",
              () -> Async.runInExecutor(ForkJoinPool.commonPool(), (Runnable) null)),
          call(
              "runInExecutor(SerializableRunnable)",
              () -> Async.runInExecutor(ForkJoinPool.commonPool(), (SerializableRunnable) null)),
          call("run(Action)", () -> Async.run((Action<Exception>) null)),
          call("run(Body)", () -> Async.run((Body<String, Exception>) null)),
          call("Task.cancel", () -> Async.currentTask().cancel((String) null)),
          call("Task.get", () -> Async.currentTask().get(1, null)),
          call("Task.whenDone", () -> Async.currentTask().whenDone((Runnable) null)),
          call("TaskGroup.run", () -> TaskGroup.run((TaskGroup.GroupAction<Exception>) null)),
          call(
              "TaskGroup.call",
              () -> TaskGroup.call((TaskGroup.GroupBody<String, Exception>) null)),
          call("spawn(Callable)", () -> TaskGroup.run(g -> g.spawn((Callable<String>) null))),
          call("spawn(Action)", () -> TaskGroup.run(g -> g.spawn((Action<Exception>) null))),
          call("spawn(null, Callable)", () -> TaskGroup.run(g -> g.spawn(null, callable))),
          call("spawn(null, Action)", () -> TaskGroup.run(g -> g.spawn(null, action))),
          call(
              "spawn(n, Callable)",
              () -> TaskGroup.run(g -> g.spawn("n", (Callable<String>) null))),
          call(
              "spawn(n, Action)", () -> TaskGroup.run(g -> g.spawn("n", (Action<Exception>) null))),
          call("CancelScope.within", () -> CancelScope.within((Duration) null)),
          call("CancelScope.run", () -> CancelScope.create().run((Action<Exception>) null)),
          call("CancelScope.call", () -> CancelScope.create().call((Body<String, Exception>) null)),
          call("CancelScope.cancel", () -> CancelScope.create().cancel(null)),
          call("CancelScope.reschedule", () -> CancelScope.create().reschedule(null)),
          call("submit(Callable)", () -> Async.currentLoop().submit((Callable<String>) null)),
          call("submit(Action)", () -> Async.currentLoop().submit((Action<Exception>) null)),
          call("execute", () -> Async.currentLoop().execute(null)),
          call("EventLoop.run(Action)", () -> Async.currentLoop().run((Action<Exception>) null)),
          call(
              "EventLoop.run(Body)", () -> Async.currentLoop().run((Body<String, Exception>) null)),
          call("Builder.name", () -> EventLoop.builder().name(null)),
          call("Builder.engine", () -> EventLoop.builder().engine(null)),
          call("Builder.clock", () -> EventLoop.builder().clock(null)),
          call("Builder.schedule", () -> EventLoop.builder().schedule(null)),
          call("Builder.instrument", () -> EventLoop.builder().instrument(null)),
          call("Builder.exceptionHandler", () -> EventLoop.builder().exceptionHandler(null)),
          call("Builder.taskDecorator", () -> EventLoop.builder().taskDecorator(null)),
          call("Builder.stallThreshold", () -> EventLoop.builder().stallThreshold(null)),
          call("Builder.stallHandler", () -> EventLoop.builder().stallHandler(null)),
          call("Futures.map(null)", () -> Futures.map(null, i -> i, List.of())),
          call(
              "Futures.map(Function)",
              () ->
                  Futures.map(
                      ForkJoinPool.commonPool(), (Function<Object, Object>) null, List.of())),
          call(
              "Futures.map(SerializableFunction)",
              () ->
                  Futures.map(
                      ForkJoinPool.commonPool(),
                      (SerializableFunction<Object, Object>) null,
                      List.of())),
          call(
              "Futures.map(null items)",
              () -> Futures.map(ForkJoinPool.commonPool(), i -> i, null)),
          call(
              "Futures.map(null options)",
              () -> Futures.map(ForkJoinPool.commonPool(), i -> i, List.of(), null)),
          call("Futures.asCompleted", () -> Futures.asCompleted((Collection<Task<String>>) null)),
          call(
              "Futures.asCompleted([null])",
              () -> Futures.asCompleted(Arrays.asList((Future<String>) null))),
          call(
              "Futures.waitFor(null)",
              () -> Futures.waitFor(null, ReturnWhen.ALL_COMPLETED, second)),
          call("Futures.waitFor(null when)", () -> Futures.waitFor(List.of(), null, second)),
          call(
              "Futures.waitFor(null timeout)",
              () -> Futures.waitFor(List.of(), ReturnWhen.ALL_COMPLETED, null)),
          call(
              "Futures.waitFor([null])",
              () ->
                  Futures.waitFor(
                      Arrays.asList((Future<String>) null), ReturnWhen.ALL_COMPLETED, second)));
    }

    private static Arguments call(String name, Action<Exception> call) {
      return arguments(name, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void isRefusedByName(String name, Action<Exception> call) throws Exception {
      run(() ->
          assertThatThrownBy(call::run)
              .isInstanceOf(NullPointerException.class)
              .message()
              .matches("\\w+ must not (be|contain) null"));
    }
  }

  @Nested
  class Durations {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aSleepOfNoTimeIsOneTurn(long seconds) throws Exception {
      run(() -> {
        var others = new ArrayList<String>();
        Async.createTask(() -> others.add("other"));
        Async.sleep(Duration.ofSeconds(seconds));
        assertThat(others).containsExactly("other");
        assertThat(clock.elapsed()).isZero();
      });
    }

    @Test
    void theShortestSleepIsANanosecond() throws Exception {
      run(() -> {
        Async.sleep(Duration.ofNanos(1));
        assertThat(clock.elapsed()).isEqualTo(Duration.ofNanos(1));
      });
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE / 1_000_000_000 + 1, Long.MAX_VALUE})
    void aSleepThatOverflowsIsForEver(long seconds) throws Exception {
      run(() -> {
        var limit = Duration.ofDays(365 * 200);
        boolean finished =
            CancelScope.within(limit).run(() -> Async.sleep(Duration.ofSeconds(seconds)));
        assertThat(finished).isFalse();
        assertThat(clock.elapsed()).isEqualTo(limit);
      });
    }

    @Test
    void aDeadlineBeyondTheClockIsNever() throws Exception {
      run(() -> {
        clock.advance(Duration.ofDays(365 * 200));
        var sleeper = Async.createTask(() -> Async.sleep(Duration.ofDays(365 * 200)));
        Async.sleep(Duration.ofDays(365));
        assertThat(sleeper.isDone()).isFalse();
      });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aTimeOutOfNoTimeIsUpAtTheFirstWait(long seconds) throws Exception {
      run(() -> {
        var limit = Duration.ofSeconds(seconds);
        assertThat(Async.<String, RuntimeException>timeout(limit, () -> "no wait"))
            .isEqualTo("no wait");
        assertThatThrownBy(() -> Async.timeout(limit, Async::checkpoint))
            .isInstanceOf(TimeoutException.class);
      });
    }

    @Test
    void aTimeOutThatOverflowsIsNever() throws Exception {
      run(() -> {
        Async.timeout(FOREVER, () -> Async.sleep(Duration.ofDays(365 * 290)));
        assertThat(CancelScope.within(FOREVER).remaining()).isEmpty();
      });
    }

    @Test
    void aScopeRescheduledToForeverHasNoDeadline() throws Exception {
      run(() -> {
        var scope = CancelScope.within(Duration.ofSeconds(1));
        boolean finished =
            scope.run(() -> {
              scope.reschedule(FOREVER);
              assertThat(scope.remaining()).isEmpty();
              Async.sleep(Duration.ofDays(1));
            });
        assertThat(finished).isTrue();
      });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void waitForOfNoTimeIsOneLook(long seconds) throws Exception {
      run(() -> {
        var ended = Async.createTask(() -> "value");
        ended.await();
        var pending =
            Async.createTask(() -> {
              Async.sleep(FOREVER);
              return "value";
            });
        var found =
            Async.waitFor(
                List.of(ended, pending), ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(seconds));
        assertThat(found.done()).containsExactly(ended);
        assertThat(found.pending()).containsExactly(pending);
        assertThat(clock.elapsed()).isZero();
      });
    }

    @Test
    void waitForMayWaitForEver() throws Exception {
      run(() -> {
        var task = Async.createTask(() -> Async.sleep(Duration.ofDays(365 * 200)));
        var found = Async.waitFor(List.of(task), ReturnWhen.ALL_COMPLETED, FOREVER);
        assertThat(found.done()).containsExactly(task);
      });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void futuresWaitForOfNoTimeIsOneLook(long seconds) throws Exception {
      var ended = CompletableFuture.completedFuture("value");
      var pending = new CompletableFuture<String>();
      var found =
          Futures.waitFor(
              List.of(ended, pending), ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(seconds));
      assertThat(found.done()).containsExactly(ended);
      assertThat(found.pending()).containsExactly(pending);
    }

    @Test
    void futuresWaitForMayWaitForEver() throws Exception {
      var soon = new CompletableFuture<String>().completeOnTimeout("v", 5, TimeUnit.MILLISECONDS);
      var found = Futures.waitFor(List.of(soon), ReturnWhen.ALL_COMPLETED, FOREVER);
      assertThat(found.done()).containsExactly(soon);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void anyStallThresholdWillDo(long seconds) {
      try (var loop = EventLoop.builder().stallThreshold(Duration.ofSeconds(seconds)).start()) {
        assertThat(loop.submit(() -> "value").toCompletableFuture().join()).isEqualTo("value");
      }
    }
  }

  @Nested
  class Collections {
    @Test
    void nothingToGatherIsAnEmptyList() throws Exception {
      run(() -> {
        assertThat(Async.gather(List.<Callable<String>>of())).isEmpty();
        assertThat(Async.gatherOutcomes(List.<Callable<String>>of())).isEmpty();
        assertThat(Async.map(List.<String>of(), 3, item -> item)).isEmpty();
      });
    }

    @Test
    void nothingToWaitForIsEmptyAtOnce() throws Exception {
      run(() -> {
        for (var when : ReturnWhen.values()) {
          var found = Async.waitFor(List.<Task<String>>of(), when);
          assertThat(found.done()).isEmpty();
          assertThat(found.pending()).isEmpty();
        }
        assertThat(Async.asCompleted(List.<Task<String>>of())).isEmpty();
        assertThat(clock.elapsed()).isZero();
      });
    }

    @Test
    void futuresOfNothingAreEmptyAtOnce() throws Exception {
      for (var when : ReturnWhen.values()) {
        var found = Futures.waitFor(List.<Future<String>>of(), when, FOREVER);
        assertThat(found.done()).isEmpty();
        assertThat(found.pending()).isEmpty();
      }
      assertThat(Futures.asCompleted(List.<Future<String>>of())).isEmpty();
    }

    @Test
    void theSameBodyTwiceRunsTwice() throws Exception {
      run(() -> {
        var runs = new AtomicInteger();
        Callable<Integer> body = runs::incrementAndGet;
        assertThat(Async.gather(body, body)).containsExactly(1, 2);
        assertThat(Async.gatherOutcomes(List.of(body, body)))
            .containsExactly(new Outcome.Success<>(3), new Outcome.Success<>(4));
        assertThat(Async.map(List.of("same", "same"), 1, _ -> runs.incrementAndGet()))
            .containsExactly(5, 6);
      });
    }

    @Test
    void theSameTaskTwiceCountsOnce() throws Exception {
      run(() -> {
        var task = Async.createTask(() -> "value");
        var found = Async.waitFor(List.of(task, task), ReturnWhen.ALL_COMPLETED);
        assertThat(found.done()).containsExactly(task);
        assertThat(Async.asCompleted(List.of(task, task))).containsExactly(task);
        var pending = Async.createTask(() -> "value");
        assertThat(Async.asCompleted(List.of(pending, pending))).containsExactly(pending);
      });
    }

    @Test
    void theSameFutureTwiceCountsOnce() throws Exception {
      var future = CompletableFuture.completedFuture("value");
      var found = Futures.waitFor(List.of(future, future), ReturnWhen.ALL_COMPLETED, FOREVER);
      assertThat(found.done()).containsExactly(future);
      assertThat(Futures.asCompleted(List.of(future, future))).containsExactly(future);
    }

    @Test
    void anIterationThatIsOverSaysSo() throws Exception {
      run(() -> {
        var tasks = Async.asCompleted(List.<Task<String>>of()).iterator();
        assertThat(tasks.hasNext()).isFalse();
        assertThatThrownBy(tasks::next).isInstanceOf(NoSuchElementException.class);
      });
      var futures = Futures.asCompleted(List.<Future<String>>of()).iterator();
      assertThat(futures.hasNext()).isFalse();
      assertThatThrownBy(futures::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void nullIsAnItemAndAResult() throws Exception {
      run(() -> {
        assertThat(Async.map(Arrays.asList("a", null), 2, item -> item)).containsExactly("a", null);
        Callable<String> nothing = () -> null;
        assertThat(Async.gather(nothing, () -> "b")).containsExactly(null, "b");
      });
    }

    @Test
    void resultsCannotBeChanged() throws Exception {
      run(() -> {
        var results = Async.gather(() -> "a", () -> "b");
        assertThatThrownBy(() -> results.set(0, "c"))
            .isInstanceOf(UnsupportedOperationException.class);
        var mapped = Async.map(List.of("a"), 1, item -> item);
        assertThatThrownBy(() -> mapped.set(0, "c"))
            .isInstanceOf(UnsupportedOperationException.class);
      });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aLimitBelowOneIsRefused(int limit) throws Exception {
      run(() ->
          assertThatThrownBy(() -> Async.map(List.of("a"), limit, item -> item))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("at least 1")
              .hasMessageContaining("" + limit));
    }

    @Test
    void aLimitAboveTheNumberOfItemsIsNone() throws Exception {
      run(() ->
          assertThat(Async.map(List.of("a", "b"), Integer.MAX_VALUE, item -> item))
              .containsExactly("a", "b"));
    }
  }

  @Nested
  class ClosedLoop {
    private final EventLoop loop = EventLoop.builder().name("gone").build();

    ClosedLoop() {
      loop.close();
    }

    @Test
    void refusesARun() {
      assertThatThrownBy(() -> loop.run(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'gone' is closed");
      assertThatThrownBy(() -> loop.run(() -> "value"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'gone' is closed");
    }

    @Test
    void refusesWork() {
      assertThatThrownBy(() -> loop.submit(() -> "value"))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("'gone' is closed");
      assertThatThrownBy(() -> loop.submit(() -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("'gone' is closed");
      assertThatThrownBy(() -> loop.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("'gone' is closed");
    }

    @Test
    void hasNoThread() {
      assertThatThrownBy(loop::thread)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'gone' is not running");
    }

    @Test
    void mayBeClosedAgain() {
      assertThat(catchThrowable(loop::close)).isNull();
    }

    @Test
    void keepsItsNameClockAndEngine() {
      assertThat(loop.name()).isEqualTo("gone");
      assertThat(loop.clock()).isNotNull();
      assertThat(loop.engine()).isEqualTo(EventLoop.builder().build().engine());
      assertThat(loop).hasToString("event loop 'gone'");
    }
  }

  /** A hundred thousand tasks, each waiting for the next. */
  @Nested
  class LongChain {
    private static final int LENGTH = 100_000;

    @Test
    void eachAwaitsTheOneCreatedBefore() throws Exception {
      run(() -> {
        var gate = new CompletableFuture<Integer>();
        Task<Integer> last = Async.createTask(() -> Async.await(gate));
        for (int i = 1; i < LENGTH; i++) {
          var before = last;
          last = Async.createTask(() -> before.await() + 1);
        }
        Async.checkpoint();
        gate.complete(1);
        assertThat(last.await()).isEqualTo(LENGTH);
      });
    }

    @Test
    void eachAwaitsTheOneCreatedAfter() throws Exception {
      run(() -> {
        var gate = new CompletableFuture<Integer>();
        var tasks = new ArrayList<Task<Integer>>(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
          int next = i + 1;
          tasks.add(
              Async.createTask(
                  () -> next == LENGTH ? Async.await(gate) : tasks.get(next).await() + 1));
        }
        Async.checkpoint();
        gate.complete(1);
        assertThat(tasks.getFirst().await()).isEqualTo(LENGTH);
      });
    }

    @Test
    void aFailureAtItsEndReachesItsBeginning() throws Exception {
      var failure = new IllegalStateException("at the end");
      run(() -> {
        Task<Integer> last =
            Async.createTask(() -> {
              throw failure;
            });
        for (int i = 1; i < LENGTH; i++) {
          var before = last;
          last = Async.createTask(() -> before.await() + 1);
        }
        assertThatThrownBy(last::await).isInstanceOf(CompletionException.class).hasCause(failure);
      });
      assertThat(unobserved).isEmpty();
    }

    @Test
    void theEndOfTheRunCancelsAllOfIt() throws Exception {
      var tasks = new ArrayList<Task<Integer>>(LENGTH);
      run(() -> {
        for (int i = 0; i < LENGTH; i++) {
          int next = i + 1;
          tasks.add(
              Async.createTask(() -> {
                if (next == LENGTH) {
                  Async.sleep(FOREVER);
                }
                return tasks.get(next).await();
              }));
        }
        Async.checkpoint();
      });
      assertThat(tasks).allMatch(Task::isCancelled);
    }

    @Test
    void aRingIsFoundWhenTheLoopHasNothingElseToDo() throws Exception {
      int length = 5_000;
      run(() -> {
        var tasks = new ArrayList<Task<Integer>>(length);
        for (int i = 0; i < length; i++) {
          int next = (i + 1) % length;
          tasks.add(Async.createTask(() -> tasks.get(next).await()));
        }
        var thrown = catchThrowable(() -> tasks.getFirst().await());
        assertThat(thrown).isInstanceOf(CompletionException.class);
        assertThat(thrown).rootCause().isInstanceOf(DeadlockException.class);
        assertThat(((DeadlockException) rootOf(thrown)).path()).hasSize(length);
      });
    }

    private static Throwable rootOf(Throwable thrown) {
      return thrown.getCause() == null ? thrown : rootOf(thrown.getCause());
    }
  }

  /** Futures and executors that break their contracts. */
  @Nested
  class ForeignFutures {
    @Test
    void aFutureWhoseGetThrowsSomethingElseDoesNotHang() throws Exception {
      var broken =
          new FutureTask<String>(() -> "value") {
            @Override
            public String get() {
              throw new UnsupportedOperationException("no get");
            }

            @Override
            public boolean isDone() {
              return false;
            }
          };
      run(() ->
          assertThatThrownBy(() -> Async.<String>await((Future<String>) broken))
              .hasStackTraceContaining("no get"));
    }

    @Test
    void aStageWhoseWhenCompleteThrowsFailsTheWait() throws Exception {
      var broken =
          new CompletableFuture<String>() {
            @Override
            public CompletableFuture<String> whenComplete(
                java.util.function.BiConsumer<? super String, ? super Throwable> action) {
              throw new UnsupportedOperationException("no callbacks");
            }
          };
      run(() -> {
        assertThatThrownBy(() -> Async.<String>await(broken))
            .isInstanceOf(UnsupportedOperationException.class);
        Async.checkpoint();
      });
    }

    @Test
    void aFutureThatIsCancelledIsAPlainCancellationException() throws Exception {
      var cancelled = new FutureTask<>(() -> "value");
      cancelled.cancel(true);
      run(() ->
          assertThatThrownBy(() -> Async.<String>await(cancelled))
              .isExactlyInstanceOf(CancellationException.class));
    }

    @Test
    void anExecutorThatIsShutDownRefuses() throws Exception {
      var executor = Executors.newSingleThreadExecutor();
      executor.shutdown();
      run(() ->
          assertThatThrownBy(() -> Async.runInExecutor(executor, () -> "value"))
              .isInstanceOf(RejectedExecutionException.class));
    }

    @Test
    void workThatItsExecutorCancelsBeforeItBeginsDoesNotHang() throws Exception {
      var begun = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      var executor = new ForkJoinPool(1);
      executor.execute(() -> {
        begun.countDown();
        var _ = catchThrowable(release::await);
      });
      begun.await();
      try {
        run(() -> {
          var waiting = Async.createTask(() -> Async.runInExecutor(executor, () -> "value"));
          Async.checkpoint();
          executor.shutdownNow(); // cancels what is queued
          assertThat(waiting.outcome()).isNotInstanceOf(Outcome.Success.class);
        });
      } finally {
        release.countDown();
      }
    }

    @Test
    void anErrorOnAThreadIsTheCauseOfWhatToThreadThrows() throws Exception {
      var error = new OutOfMemoryError("on the thread");
      run(() ->
          assertThatThrownBy(() ->
                  Async.toThread(() -> {
                    throw error;
                  }))
              .isInstanceOf(CompletionException.class)
              .hasCause(error));
    }
  }

  /** What is thrown where it should not be. */
  @Nested
  class Throwables {
    static Stream<Throwable> kinds() {
      return Stream.of(
          new IllegalStateException("unchecked"),
          new Exception("checked"),
          new AssertionError("an error"),
          new StackOverflowError("thrown"),
          new OutOfMemoryError("thrown"),
          new LinkageError("thrown"),
          new InterruptedException("not ours"),
          new CancellationException("not ours"),
          new Throwable("neither exception nor error"));
    }

    /** Throws anything, as code compiled from other languages can. */
    private static <T> T raise(Throwable thrown) {
      throw Failures.<RuntimeException>rethrow(thrown);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatATaskThrowsIsItsFailureAndTheLoopGoesOn(Throwable thrown) throws Exception {
      run(() -> {
        Task<String> task = Async.createTask(() -> raise(thrown));
        assertThat(task.outcome()).isEqualTo(new Outcome.Failure<>(thrown));
        assertThatThrownBy(task::get)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isSameAs(thrown);
        assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
      });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatTheMainTaskThrowsIsThrownByRunItself(Throwable thrown) {
      assertThatThrownBy(() -> run(() -> raise(thrown))).isSameAs(thrown);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatAGatheredBodyThrowsIsTheCauseOfWhatGatherThrows(Throwable thrown) throws Exception {
      run(() -> {
        var gathered =
            catchThrowable(() -> Async.gather(() -> Async.sleep(FOREVER), () -> raise(thrown)));
        assertThat(Failures.unwrap(gathered)).isSameAs(thrown);
        assertThat(Async.allTasks()).containsExactly(Async.currentTask());
      });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatAGroupsBodyThrowsIsThrownItselfOnceItsTasksHaveEnded(Throwable thrown)
        throws Exception {
      run(() -> {
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> Async.sleep(FOREVER));
                  raise(thrown);
                }))
            .isSameAs(thrown);
        assertThat(Async.allTasks()).containsExactly(Async.currentTask());
      });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatACallbackThrowsGoesToTheHandlerAndTheLoopGoesOn(Throwable thrown) throws Exception {
      run(() -> {
        Async.currentLoop().execute(() -> raise(thrown));
        Async.createTask(() -> "value").whenDone(_ -> raise(thrown));
        Async.sleep(Duration.ofSeconds(1));
        assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
      });
      assertThat(unobserved).containsExactly(thrown, thrown);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatTheExceptionHandlerThrowsIsLoggedWithTheFailureAndTheLoopGoesOn(Throwable thrown) {
      var failure = new IllegalStateException("the callback's");
      var handled = new CountDownLatch(1);
      try (var log = new CapturedLog();
          var loop =
              EventLoop.builder()
                  .name("handler")
                  .exceptionHandler((_, _) -> {
                    handled.countDown();
                    raise(thrown);
                  })
                  .start()) {
        loop.execute(() -> {
          throw failure;
        });
        assertThat(catchThrowable(handled::await)).isNull();
        assertThat(loop.submit(() -> "goes on").toCompletableFuture().join()).isEqualTo("goes on");
        assertThat(log.thrown()).contains(thrown, failure);
      }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatTheDecoratorThrowsTheCallThatCreatesTheTaskThrows(Throwable thrown) {
      var broken = new boolean[1];
      try (var loop =
          EventLoop.builder()
              .name("decorator")
              .taskDecorator(body -> broken[0] ? raise(thrown) : body)
              .build()) {
        loop.run(() -> {
          broken[0] = true;
          assertThatThrownBy(() -> Async.createTask(() -> "value")).isSameAs(thrown);
          assertThatThrownBy(() -> loop.submit(() -> "value")).isSameAs(thrown);
          assertThatThrownBy(() -> loop.execute(() -> {})).isSameAs(thrown);
          assertThatThrownBy(() -> Async.toThread(() -> "value")).isSameAs(thrown);
          assertThatThrownBy(() -> Async.gather(() -> "a", () -> "b")).isSameAs(thrown);
          assertThatThrownBy(() -> TaskGroup.run(group -> group.spawn(() -> "value")))
              .isSameAs(thrown);
          broken[0] = false;
          assertThat(Async.allTasks()).containsExactly(Async.currentTask());
          assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
        });
      }
    }

    @Test
    void aDecoratorThatReturnsNullIsRefused() {
      var broken = new boolean[1];
      try (var loop =
          EventLoop.builder()
              .name("decorator")
              .taskDecorator(body -> broken[0] ? null : body)
              .build()) {
        loop.run(() -> {
          broken[0] = true;
          assertThatThrownBy(() -> Async.createTask(() -> "value"))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("decorator of loop 'decorator' returned null");
        });
      }
    }

    @Test
    void whatADecoratorThrowsForACallbackTheRegistrationThrows() {
      var broken = new boolean[1];
      var failure = new IllegalStateException("the decorator's");
      try (var loop =
          EventLoop.builder()
              .name("decorator")
              .taskDecorator(body -> broken[0] ? raise(failure) : body)
              .exceptionHandler((_, thrown) -> unobserved.add(thrown))
              .build()) {
        loop.run(() -> {
          var task = Async.createTask(() -> "value");
          broken[0] = true;
          assertThatThrownBy(() -> task.whenDone(_ -> {})).isSameAs(failure);
          broken[0] = false;
          assertThat(task.await()).isEqualTo("value");
          assertThat(Async.createTask(() -> "goes on").await()).isEqualTo("goes on");
        });
      }
      assertThat(unobserved).isEmpty();
    }

    @Test
    void aDecoratorRunsForACallbackOnTheThreadThatRegistersIt() throws Exception {
      var failure = new IllegalStateException("the decorator's");
      try (var _ = new CapturedLog();
          var loop =
              EventLoop.builder()
                  .name("decorator")
                  .taskDecorator(body -> isCalledOnTheLoopsThread() ? raise(failure) : body)
                  .exceptionHandler((_, thrown) -> unobserved.add(thrown))
                  .start()) {
        var task = loop.submit(() -> "value");
        assertThat(task.get()).isEqualTo("value");
        task.whenDone(_ -> {});
        assertThat(loop.submit(() -> "goes on").get(2, TimeUnit.SECONDS)).isEqualTo("goes on");
        assertThat(unobserved).isEmpty();
      }
    }

    private static boolean isCalledOnTheLoopsThread() {
      return Thread.currentThread().getName().equals("decorator");
    }

    @Test
    void aLogThatHasToWaitForALockDoesNotStopTheLoop() {
      var lock = new ReentrantLock();
      var slowLog =
          new Handler() {
            @Override
            public void publish(LogRecord record) {
              lock.lock();
              lock.unlock();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
          };
      var logger = Logger.getLogger("dev.segue");
      logger.setUseParentHandlers(false);
      logger.addHandler(slowLog);
      try {
        var loop = EventLoop.builder().name("slow-log").start();
        lock.lock();
        loop.execute(() -> {
          throw new IllegalStateException("to be logged");
        });
        while (!lock.hasQueuedThreads()) {
          Thread.onSpinWait();
        }
        lock.unlock();
        loop.close();
        assertThat(lock.hasQueuedThreads()).isFalse();
      } finally {
        logger.removeHandler(slowLog);
        logger.setUseParentHandlers(true);
      }
    }

    @Test
    void anExceptionThatCannotTellItsMessageIsAFailureLikeOthers() throws Exception {
      var mute = new MuteException();
      run(() -> {
        var inTask =
            catchThrowable(() ->
                TaskGroup.run(group ->
                    group.spawn(() -> {
                      throw mute;
                    })));
        assertThat(inTask.getCause() == mute).isTrue();
        assertThat(Async.allTasks()).containsExactly(Async.currentTask());
      });
    }

    @Test
    void aGroupWhoseBodyThrowsAnExceptionThatCannotTellItsMessageWaitsForItsTasks()
        throws Exception {
      var mute = new MuteException();
      run(() -> {
        var thrown =
            catchThrowable(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> Async.sleep(FOREVER));
                  throw mute;
                }));
        assertThat(thrown == mute).isTrue();
        assertThat(Async.allTasks()).containsExactly(Async.currentTask());
      });
    }

    private static final class MuteException extends RuntimeException {
      @Override
      public String getMessage() {
        throw new IllegalStateException("no message");
      }
    }

    static Stream<Throwable> kindsForTheWatchdog() {
      return Stream.of(new IllegalStateException("unchecked"), new AssertionError("an error"));
    }

    @ParameterizedTest
    @MethodSource("kindsForTheWatchdog")
    void whatTheStallHandlerThrowsIsLoggedAndTheWatchdogGoesOn(Throwable thrown) {
      var stalls = new AtomicInteger();
      var reported = new CountDownLatch(1);
      try (var log = new CapturedLog();
          var loop =
              EventLoop.builder()
                  .name("stall")
                  .stallThreshold(Duration.ofMillis(5))
                  .stallHandler(_ -> {
                    if (stalls.incrementAndGet() == 1) {
                      raise(thrown);
                    }
                    reported.countDown();
                  })
                  .start()) {
        loop.execute(() -> {
          long limit = System.nanoTime() + Duration.ofSeconds(3).toNanos();
          while (reported.getCount() > 0 && System.nanoTime() < limit) {
            Thread.onSpinWait(); // holds the loop until it has been reported twice
          }
        });
        assertThat(loop.submit(() -> "goes on").toCompletableFuture().join()).isEqualTo("goes on");
        assertThat(stalls).hasValueGreaterThanOrEqualTo(2);
        assertThat(log.thrown()).contains(thrown);
      }
    }
  }

  /** Tools plugged into a loop that throw, which they must not: the loop ends, and says why. */
  @Nested
  class Seams {
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
      public void waiting(Task<?> task, String on) {
        call("waiting");
      }

      @Override
      public void done(Task<?> task) {
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
          tool("Instrument.done", b -> b.instrument(new BrokenInstrument("done"))),
          tool("Schedule.add", b -> b.schedule(new BrokenSchedule("add"))),
          tool("Schedule.next", b -> b.schedule(new BrokenSchedule("next"))),
          tool("Schedule.size", b -> b.schedule(new BrokenSchedule("size"))),
          tool("LoopClock.nanoTime", b -> b.clock(new BrokenClock("nanoTime"))),
          tool("LoopClock.skipTo", b -> b.clock(new BrokenClock("skipTo"))));
    }

    private static Arguments tool(String name, UnaryOperator<EventLoop.Builder> plugIn) {
      return arguments(name, plugIn);
    }

    /** Does a little of everything that calls the tools. */
    private static String work() {
      for (int i = 0; i < 5; i++) {
        Async.gather(() -> Async.sleep(Duration.ofNanos(1)), Async::checkpoint);
      }
      return "value";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tools")
    void aRunEndsAndWhatWasThrownIsNotLost(String name, UnaryOperator<EventLoop.Builder> plugIn) {
      try (var log = new CapturedLog()) {
        var loop = plugIn.apply(EventLoop.builder().name("tools")).build();
        var thrown = catchThrowable(() -> loop.run(Seams::work));
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
          var refused = catchThrowable(() -> tasks.add(loop.submit(Seams::work)));
          assertThat(refused)
              .satisfiesAnyOf(
                  thrown -> assertThat(thrown).isNull(),
                  thrown -> assertThat(thrown).isInstanceOf(RejectedExecutionException.class));
        }
        for (var task : tasks) {
          var thrown = catchThrowable(() -> task.get(2, TimeUnit.SECONDS));
          assertThat(thrown instanceof TimeoutException).as("%s hangs", task).isFalse();
        }
      }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tools")
    void theLoopCanBeClosed(String name, UnaryOperator<EventLoop.Builder> plugIn) {
      try (var _ = new CapturedLog()) {
        var loop = plugIn.apply(EventLoop.builder().name("tools")).build();
        var _ = catchThrowable(() -> loop.run(Seams::work));
        var _ = catchThrowable(loop::close);
        assertThatThrownBy(() -> loop.submit(() -> "value"))
            .isInstanceOf(RejectedExecutionException.class);
      }
    }

    private static Stream<Throwable> causes(Throwable thrown) {
      return Stream.iterate(thrown, t -> t != null, Throwable::getCause);
    }
  }
}
