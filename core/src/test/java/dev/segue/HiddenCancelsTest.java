package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.internal.Failures;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cancels that a library does not let through as they are: it wraps the exception, or throws one of
 * its own in its place. And failures that are none, although a cancel was there.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HiddenCancelsTest extends OnManualClock {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** What a body waits in, and what a thread outside needs to know of that. */
  private static final class Waiting {
    private final boolean jdk;
    private volatile @Nullable Thread thread;

    Waiting(boolean jdk) {
      this.jdk = jdk;
    }

    /** Waits for ever. */
    @Nullable Object await() throws InterruptedException {
      if (jdk) {
        var never = new CountDownLatch(1);
        thread = Thread.currentThread();
        never.await();
      } else {
        thread = Thread.currentThread();
        new AsyncEvent().await();
      }
      return null;
    }

    /** Called by another thread: returns once a cancel meets the body in its wait. */
    Thread begun() {
      while (true) {
        var waiting = thread;
        if (waiting != null && (!jdk || waiting.getState() == Thread.State.WAITING)) {
          return waiting;
        }
        Thread.yield();
      }
    }
  }

  // --- what libraries do

  /** Calls a wait as a library would. */
  interface Library {
    @Nullable Object call(Callable<?> wait) throws Exception;
  }

  /** A library, the kind of wait, and the exception that it makes of a cancel. */
  record Case(String name, boolean jdk, Class<? extends Throwable> thrown, Library library) {
    @Override
    public String toString() {
      return name + (jdk ? ", in a JDK wait" : ", in a Segue wait");
    }
  }

  static Stream<Case> all() {
    return Stream.concat(wrapping().stream(), replacing().stream());
  }

  /** Libraries that have the exception they got among the causes of theirs. */
  private static List<Case> wrapping() {
    return Stream.of(true, false)
        .flatMap(jdk ->
            Stream.of(
                new Case(
                    "reflection",
                    jdk,
                    java.lang.reflect.InvocationTargetException.class,
                    wait -> Callable.class.getMethod("call").invoke(wait)),
                new Case(
                    "FutureTask",
                    jdk,
                    java.util.concurrent.ExecutionException.class,
                    wait -> {
                      var task = new FutureTask<Object>(wait::call);
                      task.run();
                      return task.get();
                    }),
                new Case(
                    "a stage of a CompletableFuture",
                    jdk,
                    CompletionException.class,
                    wait ->
                        CompletableFuture.completedFuture(1)
                            .thenApply(_ -> unchecked(wait))
                            .join()),
                new Case(
                    "RuntimeException",
                    jdk,
                    IllegalStateException.class,
                    HiddenCancelsTest::wrapped),
                new Case(
                    "wrapped several times",
                    jdk,
                    IllegalStateException.class,
                    wait ->
                        wrapped(
                            () -> wrapped(() -> Callable.class.getMethod("call").invoke(wait))))))
        .toList();
  }

  /** Libraries that throw something else, and leave the interrupt flag set. */
  private static List<Case> replacing() {
    return List.of(
        new Case(
            "a rollback that fails",
            true,
            SQLException.class,
            wait -> {
              var connection = new Connection(wait);
              try {
                connection.query();
              } catch (SQLException e) {
                connection.rollback();
                throw e;
              }
              return null;
            }),
        new Case(
            "a finally that fails",
            true,
            SQLException.class,
            wait -> {
              var connection = new Connection(wait);
              try {
                connection.query();
              } finally {
                connection.setAutoCommit();
              }
              return null;
            }),
        new Case(
            "the flag is restored",
            true,
            IllegalStateException.class,
            wait -> {
              try {
                return wait.call();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("not permitted: the bulkhead is full");
              }
            }),
        new Case(
            "a retry that gives up",
            true,
            IOException.class,
            wait -> {
              var last = new IOException("503");
              try {
                wait.call(); // until the next try
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw last;
              }
              return null;
            }),
        new Case(
            "a shield with nothing to wait for",
            true,
            InterruptedException.class,
            wait -> {
              try {
                return wait.call();
              } catch (InterruptedException e) {
                Async.shield(() -> {});
                throw e;
              }
            }),
        new Case(
            "a shield that is cancelled itself",
            true,
            InterruptedException.class,
            wait -> {
              try {
                return wait.call();
              } catch (InterruptedException e) {
                var shield = CancelScope.create().shielded();
                shield.run(() -> {
                  shield.cancel("the clean-up, too");
                  Thread.sleep(100_000);
                });
                throw e;
              }
            }),
        new Case(
            "a shielded rollback",
            true,
            SQLException.class,
            wait -> {
              var connection = new Connection(wait);
              try {
                connection.query();
              } catch (SQLException e) {
                Async.shield(() -> Async.sleep(Duration.ofMillis(1)));
                connection.rollback();
              }
              return null;
            }));
  }

  /** A connection that an interrupt closes, as the JDK does with a virtual thread's socket. */
  private record Connection(Callable<?> answer) {
    void query() throws Exception {
      try {
        answer.call();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("an I/O error occurred", e);
      }
    }

    void rollback() throws SQLException {
      throw new SQLException("this connection has been closed");
    }

    void setAutoCommit() throws SQLException {
      if (Thread.currentThread().isInterrupted()) {
        throw new SQLException("the statement was not sent");
      }
    }
  }

  private static @Nullable Object wrapped(Callable<?> wait) {
    try {
      return wait.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object unchecked(Callable<?> wait) {
    try {
      return wait.call();
    } catch (Exception e) {
      throw Failures.<RuntimeException>rethrow(e);
    }
  }

  // --- each way to be cancelled

  @ParameterizedTest
  @MethodSource("all")
  void aTimeOutIsATimeoutException(Case given) {
    var waiting = new Waiting(given.jdk);
    try (var loop = loopBuilder().start()) {
      var task =
          loop.submit(() -> {
            try {
              return Async.timeout(LIMIT, () -> given.library.call(waiting::await));
            } catch (TimeoutException e) {
              assertThat(Thread.currentThread().isInterrupted()).as("the flag").isFalse();
              throw e;
            }
          });
      waiting.begun();
      letTimePass(loop);
      assertThatThrownBy(task::get)
          .cause()
          .isInstanceOf(TimeoutException.class)
          .cause()
          .isInstanceOf(given.thrown);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aCancelledTaskEndsCancelled(Case given) {
    var waiting = new Waiting(given.jdk);
    try (var loop = loopBuilder().start()) {
      var task = loop.submit(() -> given.library.call(waiting::await));
      waiting.begun();
      task.cancel("enough");
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      assertThat(Async.run(task::outcome))
          .isInstanceOfSatisfying(
              Outcome.Cancellation.class,
              end -> {
                assertThat(end.cause()).hasMessage("enough");
                assertThat(end.cause().getCause()).isInstanceOf(given.thrown);
              });
    }
    assertThat(unobserved).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aCancelledScopeAbsorbsIt(Case given) throws Exception {
    var waiting = new Waiting(given.jdk);
    var scope = CancelScope.create();
    try (var loop = loopBuilder().start()) {
      var task = loop.submit(() -> scope.run(() -> given.library.call(waiting::await)));
      waiting.begun();
      scope.cancel("enough");
      assertThat(task.get()).as("whether the body came to its end").isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anOuterScopesCancelPassesTheInnerOne(Case given) throws Exception {
    var waiting = new Waiting(given.jdk);
    var outer = CancelScope.create();
    try (var loop = loopBuilder().start()) {
      var task =
          loop.submit(() ->
              outer.run(() -> CancelScope.create().run(() -> given.library.call(waiting::await))));
      waiting.begun();
      outer.cancel("enough");
      assertThat(task.get()).as("whether the body came to its end").isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aCancelledGroupAbsorbsThatOfItsBodyAndOfItsTasks(Case given) throws Exception {
    var inBody = new Waiting(given.jdk);
    var scope = new CompletableFuture<CancelScope>();
    try (var loop = loopBuilder().start()) {
      var task =
          loop.submit(() ->
              TaskGroup.run(group -> {
                scope.complete(group.scope());
                given.library.call(inBody::await);
              }));
      inBody.begun();
      scope.get().cancel("enough");
      task.get();
    }
  }

  /** A task of the group that is cancelled because another one failed adds no failure. */
  @ParameterizedTest
  @MethodSource("all")
  @CarrierOnly(Difference.CANCEL_OF_A_JDK_WAIT)
  void aSiblingsFailureIsTheOnlyOneOfAGroup(Case given) {
    var waiting = new Waiting(given.jdk);
    var fail = new CompletableFuture<@Nullable Void>();
    try (var loop = loopBuilder().start()) {
      var task =
          loop.submit(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> given.library.call(waiting::await));
                group.spawn(() -> {
                  Async.await(fail);
                  throw new IllegalArgumentException("the failure");
                });
              }));
      waiting.begun();
      fail.complete(null);
      assertThatThrownBy(task::get)
          .cause()
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(failure -> assertThat(failure.getSuppressed()).isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anInterruptOfTheCallerOfRunIsACancelledRun(Case given) throws Exception {
    var waiting = new Waiting(given.jdk);
    var thrown = new CompletableFuture<Throwable>();
    var caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(() -> given.library.call(waiting::await));
              } catch (Throwable e) {
                thrown.complete(e);
              }
            });
    waiting.begun();
    caller.interrupt();
    assertThat(thrown.get()).isInstanceOf(Cancelled.class).cause().isInstanceOf(given.thrown);
    caller.join();
  }

  static Stream<Case> inJdkWaits() {
    return all().filter(Case::jdk).filter(given -> !given.name.contains("shield"));
  }

  @ParameterizedTest
  @MethodSource("inJdkWaits")
  void workOnAThreadIsCancelledToo(Case given) {
    var waiting = new Waiting(true);
    try (var loop = loopBuilder().start()) {
      var task =
          loop.submit(() ->
              Async.timeout(LIMIT, () -> Async.toThread(() -> given.library.call(waiting::await))));
      waiting.begun();
      letTimePass(loop);
      assertThatThrownBy(task::get)
          .cause()
          .isInstanceOf(TimeoutException.class)
          .cause()
          .isInstanceOf(Cancelled.class)
          .cause()
          .isInstanceOf(given.thrown);
    }
  }

  private void letTimePass(EventLoop loop) {
    clock.advance(LIMIT);
    loop.execute(() -> {}); // the loop looks at its clock
  }

  // --- what is no cancel

  /** Runs a library in a task, has its wait interrupted by a cancel, and returns the failure. */
  private Throwable failureOfCancelled(Library library) {
    var waiting = new Waiting(true);
    try (var loop = loopBuilder().start()) {
      var task = loop.submit(() -> library.call(waiting::await));
      waiting.begun();
      task.cancel("enough");
      return failure(task);
    }
  }

  private static Throwable failure(Task<?> task) {
    assertThatThrownBy(task::get).isInstanceOf(java.util.concurrent.ExecutionException.class);
    return task.exceptionNow();
  }

  @Test
  void aFailureAfterAnInterruptThatWasConsumedIsAFailure() {
    var failure =
        failureOfCancelled(wait -> {
          try {
            wait.call();
          } catch (InterruptedException _) {
            // It goes on, and fails for another reason.
          }
          throw new IllegalArgumentException("another reason");
        });
    assertThat(failure).hasMessage("another reason");
  }

  @Test
  void aFailureOfATaskThatTheCancelFoundComputingIsAFailure() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel("enough");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            throw new IllegalArgumentException("another reason");
          });
      assertThat(task.outcome())
          .isInstanceOfSatisfying(
              Outcome.Failure.class, end -> assertThat(end.cause()).hasMessage("another reason"));
    });
  }

  @Test
  void aFailureOfATaskThatHeldItsLoopComputingIsAFailure() throws Exception {
    try (var loop = loopBuilder().start()) {
      var begun = new CountDownLatch(1);
      var task =
          loop.submit(() -> {
            begun.countDown();
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            throw new IllegalArgumentException("another reason");
          });
      begun.await();
      task.cancel();
      assertThat(failure(task)).hasMessage("another reason");
    }
  }

  @Test
  void anInterruptFromElsewhereIsNoCancel() {
    var waiting = new Waiting(true);
    try (var loop = loopBuilder().start()) {
      var task =
          loop.submit(() ->
              Async.timeout(
                  LIMIT,
                  () -> {
                    try {
                      return waiting.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                      throw new IllegalStateException("own");
                    }
                  }));
      waiting.begun().interrupt();
      assertThat(failure(task)).hasMessage("own");
    }
  }

  @Test
  void anErrorIsAFailure() {
    var failure =
        failureOfCancelled(wait -> {
          try {
            return wait.call();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("broken");
          }
        });
    assertThat(failure).isInstanceOf(AssertionError.class);
  }

  @Test
  void anErrorThatACancelCausedIsAFailure() {
    var failure =
        failureOfCancelled(wait -> {
          try {
            return wait.call();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(failure).isInstanceOf(AssertionError.class);
  }

  @Test
  void anErrorThatALibraryWrapsIsAFailure() {
    var failure =
        failureOfCancelled(wait -> {
          try {
            return wait.call();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(new OutOfMemoryError("broken"));
          }
        });
    assertThat(failure).hasRootCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aCancelThatIsOnlySuppressedIsNone() {
    run(() -> {
      var scope = CancelScope.create();
      assertThatThrownBy(() ->
              scope.run(() -> {
                var failure = new IllegalArgumentException("another reason");
                scope.cancel("enough");
                try {
                  Async.checkpoint();
                } catch (Cancelled e) {
                  failure.addSuppressed(e);
                }
                throw failure;
              }))
          .hasMessage("another reason");
    });
  }

  /** As with the failure of an awaited task, which says that it was cancelled. */
  @Test
  void theCancelOfAnotherTaskAmongTheCausesIsNoneOfThisOne() {
    run(() -> {
      var other = Async.createTask(() -> Async.sleep(Duration.ofDays(1)));
      settle();
      other.cancel("the other");
      assertThatThrownBy(() -> Async.timeout(LIMIT, () -> wrapped(other::await)))
          .isInstanceOf(IllegalStateException.class)
          .cause()
          .isExactlyInstanceOf(CancellationException.class)
          .cause()
          .isInstanceOf(Cancelled.class);
    });
  }

  @Test
  void theCancelOfAScopeThatWasLeftIsNoneOfTheOneAround() {
    run(() -> {
      var outer = CancelScope.create();
      assertThatThrownBy(() ->
              outer.run(() ->
                  wrapped(() -> {
                    Async.timeout(LIMIT, () -> Async.sleep(Duration.ofDays(1)));
                    return null;
                  })))
          .isInstanceOf(IllegalStateException.class)
          .cause()
          .isInstanceOf(TimeoutException.class)
          .cause()
          .isInstanceOf(Cancelled.class);
    });
  }

  /** Two that are each other's cause, above a cancel that is not among them. */
  @Test
  void causesThatGoInACircleAreFollowedOnlySoFar() {
    var first = new IllegalStateException("first");
    var second = new IllegalStateException("second", first);
    first.initCause(second);
    assertThatThrownBy(() ->
            run(() -> {
              var scope = CancelScope.create();
              scope.run(() -> {
                scope.cancel("enough");
                throw first;
              });
            }))
        .isSameAs(first);
  }

  @Test
  void aCauseThatCannotBeAskedForEndsTheSearch() {
    class Broken extends RuntimeException {
      private static final long serialVersionUID = 1L;

      @Override
      public synchronized Throwable getCause() {
        throw new IllegalArgumentException("getCause");
      }
    }

    var broken = new Broken();
    assertThatThrownBy(() ->
            run(() ->
                Async.timeout(
                    LIMIT,
                    () -> {
                      throw broken;
                    })))
        .isSameAs(broken);
  }

  // --- the log

  /** What is logged, at DEBUG too, while a body runs. */
  private static List<Throwable> logged(Action<? extends Exception> body) throws Exception {
    var logger = Logger.getLogger("dev.segue");
    var before = logger.getLevel();
    logger.setLevel(Level.FINE);
    try (var log = new CapturedLog()) {
      body.run();
      return log.thrown();
    } finally {
      logger.setLevel(before);
    }
  }

  private void timeOut(Library library) {
    var waiting = new Waiting(true);
    try (var loop = loopBuilder().start()) {
      var task = loop.submit(() -> Async.timeout(LIMIT, () -> library.call(waiting::await)));
      waiting.begun();
      letTimePass(loop);
      assertThatThrownBy(task::get).cause().isInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void aFailureThatCountsAsACancelIsLogged() throws Exception {
    var logged =
        logged(() ->
            timeOut(wait -> {
              try {
                return wait.call();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("own");
              }
            }));
    assertThat(logged).singleElement().satisfies(failure -> assertThat(failure).hasMessage("own"));
  }

  @Test
  void aCancelThatIsNotHiddenIsNotLogged() throws Exception {
    assertThat(logged(() -> timeOut(Callable::call))).isEmpty();
  }
}
