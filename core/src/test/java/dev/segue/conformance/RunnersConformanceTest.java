package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.Body;
import dev.segue.Cancelled;
import dev.segue.EventLoop;
import dev.segue.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A loop's runs and its end, beside {@code test_runners}. */
class RunnersConformanceTest extends OnLoop {
  private static final String INTERRUPT =
      "asyncio.run raises KeyboardInterrupt on Ctrl-C; a Segue run throws Cancelled when its caller"
          + " is interrupted, with the flag set again";

  private final List<String> log = new ArrayList<>();

  // --- what a run gives back

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_return")
  void runReturnsWhatTheBodyReturns() {
    int result =
        Async.run(() -> {
          Async.checkpoint();
          return 42;
        });
    assertThat(result).isEqualTo(42);
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_raises")
  void runThrowsTheVeryExceptionOfTheBody() {
    var failure = new Boom("spam");
    assertThatThrownBy(() ->
            Async.run(() -> {
              Async.checkpoint();
              raise(failure);
            }))
        .isSameAs(failure);
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_no_repr_is_call_on_the_task_result")
  void runNeverAsksAResultForItsText() {
    var result =
        new Object() {
          @Override
          public String toString() {
            log.add("asked");
            return "result";
          }
        };
    assertThat(loop.run(() -> result) == result).isTrue();
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_loop_factory")
  void theBodyRunsOnTheLoopThatWasMade() {
    run(() -> assertThat(Async.currentLoop()).isSameAs(loop));
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_only_coro")
  void runWithoutABodyIsRefused() {
    assertThatThrownBy(() -> Async.run((Body<String, RuntimeException>) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("main must not be null");
  }

  // --- runs in runs

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_from_running_loop")
  void runInsideATaskIsRefused() {
    run(() ->
        assertThatThrownBy(() -> Async.run(() -> log.add("inner")))
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessageContaining("run was called inside task 'main'"));
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_recursive_run")
  void aLoopThatRunsCannotBeRunByItsOwnTask() {
    run(() ->
        assertThatThrownBy(() -> loop.run(() -> log.add("inner")))
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessageContaining("run was called inside task 'main'"));
    assertThat(log).isEmpty();
  }

  // --- what is left at the end

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_cancels_hanging_tasks")
  void tasksThatAreLeftAreCancelledAndWaitedFor() {
    Task<Void> left =
        loop.run(() -> {
          var task = Async.createTask(() -> Async.sleep(seconds(1)));
          Async.checkpoint();
          return task;
        });
    assertThat(left.isDone()).isTrue();
    assertThat(left.isCancelled()).isTrue();
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_reports_hanging_tasks_errors")
  void aFailureOfATaskThatIsLeftReachesTheExceptionHandler() {
    var failure = new Boom("while cancelled");
    var reporting =
        EventLoop.builder()
            .exceptionHandler((task, cause) -> log.add(task.name() + ": " + cause.getMessage()))
            .build();
    int result =
        reporting.run(() -> {
          Async.createTask("left over", () -> failWhenCancelled(failure));
          Async.checkpoint();
          return 123;
        });
    assertThat(result).isEqualTo(123);
    assertThat(log).containsExactly("left over: while cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_asyncio_run_closes_gens_after_hanging_tasks_errors")
  void aFailureOfTheBodyIsThrownWhateverTheTasksThatAreLeftDo() {
    var ofBody = new Boom("body");
    var ofTask = new Boom("left over");
    assertThatThrownBy(() ->
            run(() -> {
              Async.createTask(() -> failWhenCancelled(ofTask));
              Async.checkpoint();
              throw ofBody;
            }))
        .isSameAs(ofBody)
        .hasNoSuppressedExceptions();
    assertThat(unobserved).containsExactly(ofTask);
    unobserved.clear();
  }

  private static void failWhenCancelled(Boom failure) {
    try {
      Async.sleep(seconds(1));
    } catch (Cancelled _) {
      throw failure;
    }
  }

  // --- several runs, and the end

  @Test
  @Origin("CPython 3.14 test_runners.test_run")
  void aLoopRunsAgainUntilItIsClosed() {
    assertThat(loop.<String, RuntimeException>run(() -> slowly(1, "first"))).isEqualTo("first");
    assertThat(loop.<String, RuntimeException>run(() -> slowly(1, "second"))).isEqualTo("second");
    loop.close();
    assertThatThrownBy(() -> run(() -> log.add("third")))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_explicit_close")
  void aClosedLoopTakesNoMoreTasks() {
    loop.close();
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> loop.submit(() -> log.add("late")))
        .withMessageContaining("is closed");
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_double_close")
  void closingALoopTwiceIsClosingItOnce() {
    loop.close();
    loop.close();
    assertThatThrownBy(() -> run(() -> {})).hasMessageContaining("is closed");
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_runners.test_run_keeps_context",
      differs =
          "an asyncio.Runner runs every main in one context; each Segue run has threads of its own,"
              + " and so thread-locals of its own")
  void aRunDoesNotSeeTheContextOfTheOneBefore() {
    var context = ThreadLocal.withInitial(() -> -1);
    Body<Integer, RuntimeException> main =
        () -> {
          int old = context.get();
          context.set(old + 10);
          return old;
        };
    assertThat(loop.run(main)).isEqualTo(-1);
    assertThat(loop.run(main)).isEqualTo(-1);
    assertThat(context.get()).isEqualTo(-1);
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_stop_while_run_in_complete",
      differs =
          "asyncio's loop.stop leaves the main task pending and raises RuntimeError; Segue has"
              + " close, which cancels it and waits for its end")
  void closingALoopFromAnotherThreadCancelsItsMainTask() throws Exception {
    var begun = new CompletableFuture<String>();
    var closer =
        Thread.ofVirtual()
            .start(() -> {
              begun.join();
              loop.close();
            });
    assertThatExceptionOfType(Cancelled.class)
        .isThrownBy(() ->
            run(() -> {
              begun.complete("begun");
              try {
                Async.await(new CompletableFuture<Void>());
              } finally {
                log.add("cleaned up");
              }
            }))
        .withMessageContaining("was closed");
    closer.join();
    assertThat(log).containsExactly("cleaned up");
  }

  // --- interrupts of the caller

  @Test
  @Origin(value = "CPython 3.14 test_runners.test_interrupt_wait", differs = INTERRUPT)
  void interruptingTheCallerCancelsAMainTaskThatWaits() {
    var caller = Thread.currentThread();
    assertThatExceptionOfType(Cancelled.class)
        .isThrownBy(() ->
            run(() -> {
              caller.interrupt();
              try {
                Async.await(new CompletableFuture<Void>());
              } finally {
                log.add("cleaned up");
              }
            }))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(log).containsExactly("cleaned up");
  }

  @Test
  @Origin(value = "CPython 3.14 test_runners.test_interrupt_call_soon", differs = INTERRUPT)
  void interruptingTheCallerCancelsAMainTaskThatIsAlwaysReady() {
    var caller = Thread.currentThread();
    assertThatExceptionOfType(Cancelled.class)
        .isThrownBy(() ->
            run(() -> {
              caller.interrupt();
              while (true) {
                Async.checkpoint();
              }
            }))
        .withMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  @Origin("CPython 3.14 test_runners.test_interrupt_cancelled_task")
  void anInterruptOfTheCallerAfterACancelChangesNothing() {
    var caller = Thread.currentThread();
    assertThatExceptionOfType(Cancelled.class)
        .isThrownBy(() ->
            run(() -> {
              var main = Async.currentTask();
              Async.createTask(() -> {
                main.cancel("by a task");
                caller.interrupt();
              });
              Async.sleep(seconds(10));
            }))
        .withMessage("by a task");
    assertThat(Thread.interrupted()).isTrue();
  }
}
