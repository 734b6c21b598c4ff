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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that is wrong, empty or at its limits gets its documented answer; nothing hangs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
          call("addInstrument", () -> Async.currentLoop().addInstrument(null)),
          call("addInstruments", () -> EventLoop.addInstruments(null)),
          call("removeInstruments", () -> EventLoop.removeInstruments(null)),
          call("removeInstrument", () -> Async.currentLoop().removeInstrument(null)),
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
}
