package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.futures.Futures;
import dev.segue.futures.ReturnWhen;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The wrong thread, or another loop's object, is an error that says so. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopConfinementTest {
  /** What has to be called inside a task, called elsewhere. */
  @Nested
  class OutsideATask {
    static Stream<Arguments> calls() {
      Task<String> ended =
          Async.run(() -> {
            Task<String> task = Async.createTask(() -> "value");
            task.await();
            return task;
          });
      var future = CompletableFuture.completedFuture("value");
      var executor = ForkJoinPool.commonPool();
      var second = Duration.ofSeconds(1);
      Callable<String> callable = () -> "value";
      Action<RuntimeException> action = () -> {};
      Body<String, RuntimeException> body = () -> "value";
      SerializableCallable<String> serializableCallable = () -> "value";
      SerializableRunnable serializableRunnable = () -> {};
      return Stream.of(
          call("currentLoop", Async::currentLoop),
          call("currentTask", Async::currentTask),
          call("allTasks", Async::allTasks),
          call("createTask(Callable)", () -> Async.createTask(callable)),
          call("createTask(Action)", () -> Async.createTask(action)),
          call("createTask(name, Callable)", () -> Async.createTask("n", callable)),
          call("createTask(name, Action)", () -> Async.createTask("n", action)),
          call("sleep", () -> Async.sleep(second)),
          call("sleep of no time", () -> Async.sleep(Duration.ZERO)),
          call("checkpoint", Async::checkpoint),
          call("await(CompletableFuture)", () -> Async.await(future)),
          call("await(CompletionStage)", () -> Async.await((CompletionStage<String>) future)),
          call("await(Future)", () -> Async.await((Future<String>) future)),
          call("gather(Callable...)", () -> Async.gather(callable, callable)),
          call("gather(Action...)", () -> Async.gather(action, action)),
          call("gather(Collection)", () -> Async.gather(List.of(callable))),
          call("gather(nothing)", () -> Async.gather(List.<Callable<String>>of())),
          call("gatherOutcomes", () -> Async.gatherOutcomes(List.of(callable))),
          call("map", () -> Async.map(List.of("a"), 1, item -> item)),
          call("map(nothing)", () -> Async.map(List.<String>of(), 1, item -> item)),
          call("waitFor", () -> Async.waitFor(List.of(ended), ReturnWhen.ALL_COMPLETED)),
          call(
              "waitFor(timeout)",
              () -> Async.waitFor(List.of(ended), ReturnWhen.ALL_COMPLETED, second)),
          call("asCompleted", () -> Async.asCompleted(List.of(ended))),
          call("timeout(Action)", () -> Async.timeout(second, action)),
          call("timeout(Body)", () -> Async.timeout(second, body)),
          call("shield(Action)", () -> Async.shield(action)),
          call("shield(Body)", () -> Async.shield(body)),
          call("uninterleaved(Action)", () -> Async.uninterleaved(action)),
          call("uninterleaved(Body)", () -> Async.uninterleaved(body)),
          call("toThread(Callable)", () -> Async.toThread(callable)),
          call("toThread(Action)", () -> Async.toThread(action)),
          call("runInExecutor(Callable)", () -> Async.runInExecutor(executor, callable)),
          call(
              "runInExecutor(SerializableCallable)",
              () -> Async.runInExecutor(executor, serializableCallable)),
          call("runInExecutor(Runnable)", () -> Async.runInExecutor(executor, (Runnable) () -> {})),
          call(
              "runInExecutor(SerializableRunnable)",
              () -> Async.runInExecutor(executor, serializableRunnable)),
          call("Task.await", ended::await),
          call("Task.outcome", ended::outcome),
          call("TaskGroup.run", () -> TaskGroup.run(_ -> {})),
          call("TaskGroup.call", () -> TaskGroup.call(_ -> "value")),
          call("CancelScope.run", () -> CancelScope.create().run(action)),
          call("CancelScope.call", () -> CancelScope.create().call(body)));
    }

    private static Arguments call(String name, Action<Exception> call) {
      return arguments(name, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void isAnErrorOnAPlainThread(String name, Action<Exception> call) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be called inside a task")
          .hasMessageContaining("'" + Thread.currentThread().getName() + "'")
          .hasMessageContaining("Async.run");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void isAnErrorOnTheThreadOfToThread(String name, Action<Exception> call) {
      Async.run(() ->
          assertThat(Async.toThread(() -> catchThrowable(call::run)))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("must be called inside a task")
              .hasMessageContaining("-thread-"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void isAnErrorOnAVirtualThreadStartedInATask(String name, Action<Exception> call) {
      Async.run(() -> {
        var thrown = new CompletableFuture<Throwable>();
        Thread.ofVirtual().start(() -> thrown.complete(catchThrowable(call::run)));
        assertThat(Async.await(thrown))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("must be called inside a task");
      });
    }

    @Test
    void theErrorNamesTheMethodThatWasCalled() {
      assertThatThrownBy(() -> Async.sleep(Duration.ZERO)).hasMessageStartingWith("Async.sleep ");
      assertThatThrownBy(() -> Async.timeout(Duration.ZERO, () -> {}))
          .hasMessageStartingWith("Async.timeout ");
      assertThatThrownBy(() -> Async.shield(() -> {})).hasMessageStartingWith("Async.shield ");
      assertThatThrownBy(() -> Async.gatherOutcomes(List.<Callable<String>>of()))
          .hasMessageStartingWith("Async.gatherOutcomes ");
      assertThatThrownBy(() -> Async.map(List.of(), 1, item -> item))
          .hasMessageStartingWith("Async.map ");
    }
  }

  /** What any thread may call. */
  @Nested
  class AnyThread {
    @Test
    void cancelsATaskAndAScope() throws Exception {
      var scope = CancelScope.create();
      var entered = new CountDownLatch(1);
      try (var loop = EventLoop.builder().name("any").start()) {
        var inScope =
            loop.submit(() ->
                scope.run(() -> {
                  entered.countDown();
                  Async.sleep(FOREVER);
                }));
        entered.await();
        scope.cancel("from outside");
        assertThat(inScope.get()).isFalse();
        assertThat(scope.isCancelRequested()).isTrue();
        var task = loop.submit(() -> Async.sleep(FOREVER));
        task.cancel("from outside");
        assertThat(catchThrowable(task::get)).hasMessageContaining("from outside");
      }
    }

    @Test
    void makesAndCancelsAScopeBeforeItIsEntered() {
      var scope = CancelScope.within(Duration.ofSeconds(1)).shielded();
      scope.reschedule(Duration.ofSeconds(2));
      assertThat(scope.remaining()).contains(Duration.ofSeconds(2));
      scope.cancel("from outside");
      assertThat(Async.<Boolean, RuntimeException>run(() -> scope.run(Async::checkpoint)))
          .isFalse();
    }

    @Test
    void readsWhatATaskIs() {
      try (var loop = EventLoop.builder().name("any").start()) {
        var task = loop.submit(() -> Async.sleep(FOREVER));
        assertThat(task.loop()).isSameAs(loop);
        assertThat(task.id()).isEqualTo(1);
        assertThat(task.name()).isEqualTo("task-1");
        assertThat(task.toString()).contains("task 'task-1' of loop 'any'");
      }
    }
  }

  /** On the loop's own thread, where no task runs: there a wait could never end. */
  @Nested
  class OnTheLoopsThread {
    private interface Call {
      void call(EventLoop loop) throws Exception;
    }

    /** Runs a call where the clock is asked to skip, which is on the loop's thread. */
    private static Throwable thrownBy(Call call) {
      var thrown = new CompletableFuture<Throwable>();
      var loop = new CompletableFuture<EventLoop>();
      var clock =
          new LoopClock() {
            private final ManualClock manual = new ManualClock();

            @Override
            public long nanoTime() {
              return manual.nanoTime();
            }

            @Override
            public Instant instant() {
              return manual.instant();
            }

            @Override
            public long realNanosUntil(long deadline) {
              return manual.realNanosUntil(deadline);
            }

            @Override
            public boolean skipTo(long deadline) {
              thrown.complete(catchThrowable(() -> call.call(loop.join())));
              return manual.skipTo(deadline);
            }
          };
      try (var started = EventLoop.builder().name("own").clock(clock).start()) {
        loop.complete(started);
        started.submit(() -> Async.sleep(Duration.ofSeconds(1)));
        return thrown.join();
      }
    }

    @Test
    void getIsRefused() {
      assertThat(thrownBy(loop -> loop.submit(() -> "value").get()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the thread of loop 'own' cannot wait for");
    }

    @Test
    void timedGetIsRefused() {
      assertThat(thrownBy(loop -> loop.submit(() -> "value").get(1, TimeUnit.DAYS)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the thread of loop 'own' cannot wait for");
    }

    @Test
    void closeIsRefused() {
      assertThat(thrownBy(EventLoop::close))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'own' cannot be closed");
    }

    @Test
    void waitsAreRefused() {
      assertThat(thrownBy(_ -> Async.checkpoint()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be called inside a task")
          .hasMessageContaining("'own'");
    }
  }

  /** What a loop itself refuses. */
  @Nested
  class TheLoop {
    @Test
    void cannotBeRunInsideATask() {
      try (var other = EventLoop.builder().name("other").build()) {
        Async.run(() -> {
          assertThatThrownBy(() -> other.run(() -> {}))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("inside task 'main'");
          assertThatThrownBy(() -> Async.run(() -> {}))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("inside task 'main'");
          assertThatThrownBy(() -> Async.currentLoop().run(() -> {}))
              .isInstanceOf(IllegalStateException.class);
        });
      }
    }

    @Test
    void cannotBeRunTwiceAtOnce() throws Exception {
      var running = new CountDownLatch(1);
      var release = new CompletableFuture<String>();
      try (var loop = EventLoop.builder().name("busy").build()) {
        var runner =
            Thread.ofPlatform()
                .start(() ->
                    loop.run(() -> {
                      running.countDown();
                      Async.await(release);
                    }));
        running.await();
        assertThatThrownBy(() -> loop.run(() -> {}))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("'busy' is already running")
            .hasMessageContaining("submit");
        release.complete("go");
        runner.join();
      }
    }

    @Test
    void cannotBeRunOnceItIsStarted() {
      try (var loop = EventLoop.builder().name("started").start()) {
        assertThatThrownBy(() -> loop.run(() -> {}))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("'started' is already running");
      }
    }

    @Test
    void cannotBeClosedByItsOwnTask() {
      try (var loop = EventLoop.builder().name("own").build()) {
        loop.run(() ->
            assertThatThrownBy(loop::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'own' cannot be closed from one of its own tasks"));
      }
    }

    @Test
    void canBeClosedByATaskOfAnotherLoop() {
      var loop = EventLoop.builder().name("other").start();
      var sleeper = loop.submit(() -> Async.sleep(FOREVER));
      Async.run(loop::close);
      assertThat(sleeper.isCancelled()).isTrue();
    }

    @Test
    void hasAThreadOnceItIsStarted() {
      for (int i = 0; i < 20; i++) {
        try (var loop = EventLoop.builder().name("started").start()) {
          assertThat(loop.thread().getName()).isEqualTo("started");
        }
      }
    }

    @Test
    void hasNoThreadBeforeItRuns() {
      try (var loop = EventLoop.builder().name("built").build()) {
        assertThatThrownBy(loop::thread)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("'built' is not running");
      }
    }
  }

  /** Objects of one loop used on another. */
  @Nested
  class OfAnotherLoop {
    private void withTaskOfAnotherLoop(Action<? extends Exception> body) throws Exception {
      try (var other = EventLoop.builder().name("other").start()) {
        foreign = other.submit(() -> "value");
        foreign.get();
        try (var loop = EventLoop.builder().name("here").build()) {
          loop.run(body);
        }
      }
    }

    private Task<String> foreign;

    @Test
    void waitForRefusesItsTasks() throws Exception {
      withTaskOfAnotherLoop(() ->
          assertThatThrownBy(() -> Async.waitFor(List.of(foreign), ReturnWhen.ALL_COMPLETED))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("Async.waitFor")
              .hasMessageContaining("'here'")
              .hasMessageContaining("'other'"));
    }

    @Test
    void asCompletedRefusesItsTasks() throws Exception {
      withTaskOfAnotherLoop(() ->
          assertThatThrownBy(() -> Async.asCompleted(List.of(foreign)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("Async.asCompleted")
              .hasMessageContaining("'here'")
              .hasMessageContaining("'other'"));
    }

    @Test
    void futuresTakesItsTasks() throws Exception {
      withTaskOfAnotherLoop(() -> {
        var found = Futures.waitFor(List.of(foreign), ReturnWhen.ALL_COMPLETED, FOREVER);
        assertThat(found.done()).containsExactly(foreign);
        assertThat(Futures.asCompleted(List.of(foreign))).containsExactly(foreign);
      });
    }

    @Test
    void itsTasksMayBeAwaited() throws Exception {
      withTaskOfAnotherLoop(() -> assertThat(foreign.await()).isEqualTo("value"));
    }

    @Test
    void itsGroupRefusesToSpawn() {
      inAGroupOfLoop(
          "owner",
          group ->
              Async.run(() ->
                  assertThatThrownBy(() -> group.spawn(() -> "value"))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("only on its own loop 'owner'")
                      .hasMessageContaining("submit")));
    }

    @Test
    void itsScopeRefusesToBeRescheduled() {
      var scope = CancelScope.within(Duration.ofDays(1));
      inAScopeOfLoop(
          "owner",
          scope,
          () ->
              Async.run(() ->
                  assertThatThrownBy(() -> scope.reschedule(Duration.ofSeconds(1)))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("only on its loop 'owner'")));
    }

    @Test
    void itsScopeRefusesToBeEnteredAgain() {
      var scope = CancelScope.create();
      inAScopeOfLoop(
          "owner",
          scope,
          () ->
              Async.run(() ->
                  assertThatThrownBy(() -> scope.run(() -> {}))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("entered only once")));
    }

    @Test
    void itsScopeMayBeCancelled() {
      var scope = CancelScope.create();
      boolean[] finished = {true};
      try (var loop = EventLoop.builder().name("owner").start()) {
        var entered = new CountDownLatch(1);
        var inScope =
            loop.submit(() ->
                scope.run(() -> {
                  entered.countDown();
                  Async.sleep(FOREVER);
                }));
        Async.run(() -> {
          Async.toThread(() -> entered.await());
          scope.cancel("from another loop");
          finished[0] = inScope.await();
        });
      }
      assertThat(finished[0]).isFalse();
    }
  }

  /** Objects of one loop used on a thread that runs no task. */
  @Nested
  class OnAPlainThread {
    @Test
    void aGroupRefusesToSpawn() {
      inAGroupOfLoop(
          "owner",
          group -> {
            assertThatThrownBy(() -> group.spawn(() -> "value"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only on its own loop 'owner'");
            assertThatThrownBy(() -> group.spawn(() -> {}))
                .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> group.spawn("n", () -> "value"))
                .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> group.spawn("n", () -> {}))
                .isInstanceOf(IllegalStateException.class);
          });
    }

    @Test
    void aScopeRefusesToBeRescheduled() {
      var scope = CancelScope.within(Duration.ofDays(1));
      inAScopeOfLoop(
          "owner",
          scope,
          () ->
              assertThatThrownBy(() -> scope.reschedule(Duration.ofSeconds(1)))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("only on its loop 'owner'"));
    }

    @Test
    void aScopeRefusesToTellTheTimeLeft() {
      var scope = CancelScope.within(Duration.ofDays(1));
      inAScopeOfLoop(
          "owner",
          scope,
          () ->
              assertThatThrownBy(scope::remaining)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("only on its loop 'owner'"));
    }

    @Test
    void aScopeThatIsEnteredRefusesToBecomeAShield() {
      var scope = CancelScope.create();
      inAScopeOfLoop(
          "owner",
          scope,
          () ->
              assertThatThrownBy(scope::shielded)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("before it is entered"));
    }
  }

  /** An iteration belongs to the task that asked for it. */
  @Nested
  class Iterations {
    @Test
    void cannotBeGoneOnWithByAnotherTask() {
      Async.run(() -> {
        Task<String> task = Async.createTask(() -> "value");
        var iterator = Async.asCompleted(List.of(task)).iterator();
        var other = Async.createTask(() -> iterator.next());
        assertThatThrownBy(other::await)
            .cause()
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("belongs to task 'main'");
        assertThat(iterator.next()).isSameAs(task);
      });
    }

    @Test
    void cannotBeBegunOutsideATask() {
      Iterable<Task<String>> tasks =
          Async.run(() -> Async.asCompleted(List.of(Async.createTask(() -> "value"))));
      assertThatThrownBy(tasks::iterator)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be called inside a task");
    }

    @Test
    void cannotBeGoneOnWithOutsideATask() {
      var iterator =
          Async.run(() -> Async.asCompleted(List.of(Async.createTask(() -> "value"))).iterator());
      assertThatThrownBy(iterator::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be called inside a task");
    }
  }

  private interface WithGroup {
    void accept(TaskGroup group);
  }

  /** Hands a group that is open on another loop to a body, on this thread. */
  private static void inAGroupOfLoop(String name, WithGroup body) {
    try (var loop = EventLoop.builder().name(name).start()) {
      var group = new CompletableFuture<TaskGroup>();
      loop.submit(() ->
          TaskGroup.run(open -> {
            group.complete(open);
            Async.sleep(FOREVER);
          }));
      body.accept(group.join());
    }
  }

  /** Runs a body, on this thread, while a task of another loop is in a scope. */
  private static void inAScopeOfLoop(String name, CancelScope scope, Runnable body) {
    try (var loop = EventLoop.builder().name(name).start()) {
      var entered = new CompletableFuture<Void>();
      loop.submit(() ->
          scope.run(() -> {
            entered.complete(null);
            Async.sleep(FOREVER);
          }));
      entered.join();
      body.run();
    }
  }
}
