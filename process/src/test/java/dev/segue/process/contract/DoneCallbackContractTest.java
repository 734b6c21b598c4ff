package dev.segue.process.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.futures.WorkFuture;
import dev.segue.process.ProcessPoolExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What {@link WorkFuture#whenDone} promises, kept by the futures of a process pool. */
class DoneCallbackContractTest extends SharedExecutorContract {
  @Override
  protected ExecutorService newExecutor(int parallelism) {
    return ProcessPoolExecutor.builder().maxWorkers(parallelism).build();
  }

  /** What a callback found when it was called. */
  private record Call(Future.State state, boolean hasWorkEnded, Thread thread) {}

  private static WorkFuture<?> work(Future<?> future) {
    return (WorkFuture<?>) future;
  }

  private static CompletableFuture<?> ended(Future<?> future) {
    return work(future).ended().toCompletableFuture();
  }

  private static List<Call> calls(Future<?> future) {
    var calls = new CopyOnWriteArrayList<Call>();
    work(future)
        .whenDone(() ->
            calls.add(new Call(future.state(), ended(future).isDone(), Thread.currentThread())));
    return calls;
  }

  private Future<String> running(Blocker blocker) throws InterruptedException {
    var future = executor.submit(blocker);
    blocker.begun().await();
    return future;
  }

  @Test
  void aCallbackIsCalledOnceWhenTheTaskHasReturnedAndBeforeTheWorkHasEnded() throws Exception {
    var blocker = blocker();
    var future = running(blocker);
    var calls = calls(future);
    assertThat(calls).isEmpty();

    blocker.release().raise();
    ended(future).get(120, TimeUnit.SECONDS);

    assertThat(calls)
        .singleElement()
        .satisfies(call -> assertThat(call.state()).isEqualTo(Future.State.SUCCESS))
        .satisfies(call -> assertThat(call.hasWorkEnded()).isFalse());
  }

  @Test
  void aCallbackIsCalledOnceWhenTheTaskHasThrown() throws Exception {
    var release = signal("release");
    Future<?> future =
        executor.submit(
            task(() -> {
              release.await();
              throw new IllegalStateException("no");
            }));
    var calls = calls(future);

    release.raise();
    ended(future).get(120, TimeUnit.SECONDS);

    assertThat(calls)
        .singleElement()
        .satisfies(call -> assertThat(call.state()).isEqualTo(Future.State.FAILED));
  }

  @Test
  void aCallbackIsCalledByTheThreadThatCancelsWhileTheWorkGoesOn() throws Exception {
    var blocker = blocker();
    var future = running(blocker);
    var calls = calls(future);

    future.cancel(false);

    assertThat(calls)
        .containsExactly(new Call(Future.State.CANCELLED, false, Thread.currentThread()));
    blocker.release().raise();
    ended(future).get(120, TimeUnit.SECONDS);
    assertThat(calls).as("calls after the end of the work").hasSize(1);
  }

  @Test
  void aCallbackOfAFutureThatIsDoneIsCalledAtOnce() throws Exception {
    var future = executor.submit(task(() -> 1));
    ended(future).get(120, TimeUnit.SECONDS);

    assertThat(calls(future))
        .containsExactly(new Call(Future.State.SUCCESS, true, Thread.currentThread()));
  }

  @Test
  void everyCallbackIsCalled() throws Exception {
    var blocker = blocker();
    var future = running(blocker);
    var count = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      work(future).whenDone(count::incrementAndGet);
    }

    blocker.release().raise();
    ended(future).get(120, TimeUnit.SECONDS);

    assertThat(count).hasValue(100);
  }

  @Test
  void aCallbackThatThrowsIsLoggedAndHarmsNobody() throws Exception {
    var blocker = blocker();
    var future = running(blocker);
    var before = calls(future);
    work(future)
        .whenDone(() -> {
          throw new AssertionError("the callback's own");
        });
    var after = calls(future);

    var logged = new LogCapture();
    try (logged) {
      blocker.release().raise();
      ended(future).get(120, TimeUnit.SECONDS);
    }

    assertThat(before).hasSize(1);
    assertThat(after).hasSize(1);
    assertThat(future.get()).isEqualTo("released");
    assertThat(executor.submit(task(() -> 1)).get()).isEqualTo(1);
    assertThat(logged.errors)
        .singleElement()
        .satisfies(error -> assertThat(error.getThrown()).hasMessage("the callback's own"))
        .satisfies(error -> assertThat(error.getMessage()).contains("a callback of task-"));
  }

  @Test
  void aCallbackThatThrowsThrowsNothingWhereTheFutureIsDoneAlready() throws Exception {
    var future = executor.submit(task(() -> 1));
    ended(future).get(120, TimeUnit.SECONDS);

    var logged = new LogCapture();
    try (logged) {
      work(future)
          .whenDone(() -> {
            throw new IllegalStateException("the callback's own");
          });
    }

    assertThat(logged.errors)
        .singleElement()
        .satisfies(error -> assertThat(error.getThrown()).hasMessage("the callback's own"));
  }

  @Test
  void aCallbackOfATaskThatShutdownNowReturnedIsCalledWhenItHasRun() throws Exception {
    var own = newExecutor(1);
    var blocker = blocker();
    own.execute(blocker.asRunnable());
    blocker.begun().await();
    var waiting = own.submit(task(() -> 1));
    var calls = calls(waiting);

    var returned = own.shutdownNow();
    assertThat(calls).isEmpty();
    returned.forEach(Runnable::run);

    assertThat(calls)
        .containsExactly(new Call(Future.State.SUCCESS, false, Thread.currentThread()));
    own.close();
  }

  @Test
  void callbacksAreCalledWhenTheWorkersAreKilled() throws Exception {
    var own = ProcessPoolExecutor.builder().maxWorkers(1).build();
    var blocker = blocker();
    var running = own.submit(blocker);
    blocker.begun().await();
    var waiting = own.submit(() -> 1);
    var callsOfRunning = calls(running);
    var callsOfWaiting = calls(waiting);

    own.killWorkers();
    assertThat(catchThrowable(running::get)).isNotNull();
    own.close();

    assertThat(callsOfRunning).extracting(Call::state).containsExactly(Future.State.FAILED);
    assertThat(callsOfWaiting).extracting(Call::state).containsExactly(Future.State.CANCELLED);
  }

  @Test
  void refusesNull() {
    var future = executor.submit(task(() -> 1));
    assertThatNullPointerException().isThrownBy(() -> work(future).whenDone(null));
  }

  /** Collects what the pool logs as an error, and keeps it off the console. */
  private static final class LogCapture extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("dev.segue.process");

    private final List<LogRecord> errors = new ArrayList<>();

    LogCapture() {
      LOGGER.addHandler(this);
      LOGGER.setUseParentHandlers(false);
    }

    @Override
    public synchronized void publish(LogRecord error) {
      if (error.getLevel() == Level.SEVERE) {
        errors.add(error);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      LOGGER.setUseParentHandlers(true);
      LOGGER.removeHandler(this);
    }
  }
}
