package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.futures.Futures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However its loop ends, each task ends in exactly one state, and whoever waits for it is told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FinalStateTest {
  private static final long STRESS_NANOS = Duration.ofMillis(1_500).toNanos();

  // --- closing

  @Test
  void closeCancelsWhatRunsAndWhatHasNotBegun() throws Exception {
    var begun = new CountDownLatch(1);
    var loop = EventLoop.builder().start();
    var running =
        loop.submit(() -> {
          begun.countDown();
          Async.sleep(FOREVER);
        });
    begun.await();
    loop.close();
    assertThat(running.isCancelled()).isTrue();

    var built = EventLoop.builder().build();
    var neverBegun = built.submit(() -> "value");
    built.close();
    assertThat(neverBegun.isCancelled()).isTrue();
  }

  @Test
  void closeWaitsForACleanUpBehindAShield() throws Exception {
    var begun = new CountDownLatch(1);
    var loop = EventLoop.builder().start();
    var task =
        loop.submit(() -> {
          begun.countDown();
          try {
            Async.sleep(FOREVER);
          } finally {
            Async.shield(() -> Async.sleep(Duration.ofMillis(5)));
            Async.shield(() -> Async.toThread(() -> Thread.sleep(1)));
          }
        });
    begun.await();
    loop.close();
    assertThat(task.isCancelled()).isTrue();
  }

  @Test
  void aTaskThatDeclinesTheCancelOfACloseSucceeds() throws Exception {
    var begun = new CountDownLatch(1);
    var loop = EventLoop.builder().start();
    var task =
        loop.submit(() -> {
          begun.countDown();
          try {
            Async.sleep(FOREVER);
          } catch (Cancelled _) {
            return "declined";
          }
          return "not reached";
        });
    begun.await();
    loop.close();
    assertThat(task.get()).isEqualTo("declined");
  }

  @Test
  void aTaskThatIsCreatedWhileTheLoopClosesNeverBegins() throws Exception {
    var begun = new CountDownLatch(1);
    var late = new AtomicReference<Task<String>>();
    var loop = EventLoop.builder().start();
    loop.submit(() -> {
      begun.countDown();
      try {
        Async.sleep(FOREVER);
      } finally {
        late.set(Async.createTask(() -> "begun"));
      }
    });
    begun.await();
    loop.close();
    assertThat(late.get().isCancelled()).isTrue();
  }

  @Test
  void aCallbackThatIsHandedOverRunsThoughTheLoopIsClosedAtOnce() {
    for (int i = 0; i < 50; i++) {
      var ran = new AtomicInteger();
      var loop = EventLoop.builder().start();
      loop.execute(ran::incrementAndGet);
      loop.close();
      assertThat(ran).hasValue(1);
    }
  }

  @Test
  void severalThreadsMayClose() throws Exception {
    var loop = EventLoop.builder().start();
    var task = loop.submit(() -> Async.sleep(FOREVER));
    try (var threads = Executors.newFixedThreadPool(4)) {
      var closing = new ArrayList<Future<?>>();
      for (int i = 0; i < 4; i++) {
        closing.add(threads.submit(loop::close));
      }
      for (var one : closing) {
        one.get();
        assertThat(task.isDone()).isTrue();
      }
    }
  }

  @Test
  void closeIsNotEndedByAnInterruptAndKeepsIt() {
    var loop = EventLoop.builder().start();
    var task = loop.submit(() -> Async.sleep(FOREVER));
    Thread.currentThread().interrupt();
    loop.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(task.isDone()).isTrue();
  }

  @Test
  void closeEndsTheLoopsThread() {
    var loop = EventLoop.builder().start();
    loop.submit(() -> "value").toCompletableFuture().join();
    var thread = loop.thread();
    loop.close();
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void closeWhileTheLoopRunsEndsTheRunWithCancelled() throws Exception {
    var running = new CountDownLatch(1);
    var loop = EventLoop.builder().name("closing").build();
    var thrown = new CompletableFuture<Throwable>();
    Thread.ofPlatform()
        .start(() ->
            thrown.complete(
                catchThrowable(() ->
                    loop.run(() -> {
                      running.countDown();
                      Async.sleep(FOREVER);
                    }))));
    running.await();
    loop.close();
    assertThat(thrown.get())
        .isInstanceOf(Cancelled.class)
        .hasMessageContaining("'closing' was closed");
  }

  @Test
  void failuresThatNobodyLookedAtAreReportedOnceEachWhenTheLoopCloses() {
    var unobserved = new ConcurrentLinkedQueue<String>();
    var loop =
        EventLoop.builder()
            .exceptionHandler(
                (task, thrown) -> unobserved.add(task.name() + ": " + thrown.getMessage()))
            .build();
    var held = new ArrayList<Task<?>>();
    loop.run(() -> {
      for (var name : List.of("a", "b", "c")) {
        held.add(
            Async.createTask(
                name,
                () -> {
                  throw new IOException("of " + name);
                }));
      }
      Async.checkpoint();
      var _ = catchThrowable(() -> held.get(1).await());
    });
    loop.close();
    assertThat(unobserved).containsExactly("a: of a", "c: of c");
  }

  // --- the very last moment: the loop has nothing left to do, and something arrives

  /** Runs an action on another thread, and waits for it, when the loop's last task has ended. */
  private static Instrument atTheLastMoment(Consumer<EventLoop> action) {
    return new Instrument() {
      private boolean done;

      @Override
      public void done(Task<?> task, Outcome<?> outcome) {
        if (!done && task.isCancelled()) {
          done = true;
          runElsewhere(() -> action.accept(task.loop()));
        }
      }
    };
  }

  private static void closeWhileATaskSleeps(Instrument instrument) throws Exception {
    var begun = new CountDownLatch(1);
    var loop = EventLoop.builder().name("last").instrument(instrument).start();
    loop.submit(() -> {
      begun.countDown();
      Async.sleep(FOREVER);
    });
    begun.await();
    loop.close();
  }

  @Test
  void aCallbackThatComesAtTheLastMomentRuns() throws Exception {
    var ran = new AtomicInteger();
    closeWhileATaskSleeps(atTheLastMoment(loop -> loop.execute(ran::incrementAndGet)));
    assertThat(ran).hasValue(1);
  }

  @Test
  void aCallbackThatComesAtTheLastMomentMayBlock() throws Exception {
    var ran = new AtomicInteger();
    closeWhileATaskSleeps(
        atTheLastMoment(loop ->
            loop.execute(() -> {
              var latch = new CountDownLatch(1);
              Thread.ofPlatform().start(latch::countDown);
              assertThat(catchThrowable(() -> Async.shield(() -> latch.await()))).isNull();
              ran.incrementAndGet();
            })));
    assertThat(ran).hasValue(1);
  }

  @Test
  void aCallbackThatBeginsAfterTheCancelIsInterruptedInItsFirstJdkWait() throws Exception {
    var waited = new ConcurrentLinkedQueue<String>();
    closeWhileATaskSleeps(
        atTheLastMoment(loop ->
            loop.execute(() -> {
              try {
                Thread.sleep(Duration.ofSeconds(30));
                waited.add("in full");
              } catch (InterruptedException _) {
                waited.add("until the interrupt");
              }
            })));
    assertThat(waited).containsExactly("until the interrupt");
  }

  @Test
  void aCallbackThatComesAtTheLastMomentMayAwaitWhatAnotherThreadEnds() throws Exception {
    var values = new ConcurrentLinkedQueue<String>();
    closeWhileATaskSleeps(
        atTheLastMoment(loop ->
            loop.execute(() ->
                values.add(
                    Async.<String, RuntimeException>shield(() ->
                        Async.await(
                            CompletableFuture.supplyAsync(
                                () -> "value",
                                CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS))))))));
    assertThat(values).containsExactly("value");
  }

  /**
   * Has a callback arrive at the last moment, and runs an action on another thread as soon as the
   * loop has taken that callback in, which it does when it has begun to refuse work.
   */
  private static Instrument whenWorkIsRefused(Runnable callback, Consumer<Task<?>> action) {
    return new Instrument() {
      private final Instrument last = atTheLastMoment(loop -> loop.execute(callback));

      @Override
      public void created(Task<?> task) {
        if (task.id() == 2) { // the callback
          runElsewhere(() -> action.accept(task));
        }
      }

      @Override
      public void done(Task<?> task, Outcome<?> outcome) {
        last.done(task, outcome);
      }
    };
  }

  @Test
  void aTaskThatHasNotEndedDoesNotTellSoBecauseItsLoopRefusesWork() throws Exception {
    var told = new CompletableFuture<String>();
    closeWhileATaskSleeps(
        whenWorkIsRefused(
            () -> {},
            task -> task.whenDone(ended -> told.complete(ended.isDone() ? "done" : "not done"))));
    assertThat(told.get()).isEqualTo("done");
  }

  @Test
  void aLoopThatHasRefusedWorkTakesNoneLater() throws Exception {
    var answers = new ConcurrentLinkedQueue<Boolean>();
    var loop = new AtomicReference<EventLoop>();
    closeWhileATaskSleeps(
        whenWorkIsRefused(
            () -> runElsewhere(() -> answers.add(refuses(loop.get()))),
            task -> {
              loop.set(task.loop());
              answers.add(refuses(task.loop()));
            }));
    assertThat(List.copyOf(answers)).isIn(List.of(true, true), List.of(false, false));
  }

  private static boolean refuses(EventLoop loop) {
    return catchThrowable(() -> loop.submit(() -> "value")) instanceof RejectedExecutionException;
  }

  /** Runs an action on another thread, and holds this one until it has ended. */
  private static void runElsewhere(Runnable action) {
    var ended = CompletableFuture.runAsync(action);
    while (!ended.isDone()) {
      Thread.onSpinWait(); // an instrument must not wait
    }
  }

  // --- races

  private enum Work {
    RETURN,
    THROW,
    TURN,
    SLEEP,
    BLOCK,
    SWALLOW;

    Callable<Work> body() {
      return () -> {
        switch (this) {
          case RETURN -> {}
          case THROW -> throw new IOException("on purpose");
          case TURN -> Async.checkpoint();
          case SLEEP -> Async.sleep(Duration.ofMillis(1));
          case BLOCK -> Thread.sleep(1);
          case SWALLOW -> {
            try {
              Async.sleep(FOREVER);
            } catch (Cancelled _) {
              // declines
            }
          }
        }
        return this;
      };
    }
  }

  @Test
  void tasksThatAreSubmittedWhileTheLoopClosesEndOnceOrAreRefused() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      long end = System.nanoTime() + STRESS_NANOS;
      for (int round = 0; System.nanoTime() < end; round++) {
        submitWhileClosing(threads, round);
      }
    }
  }

  private static void submitWhileClosing(ExecutorService threads, int round) throws Exception {
    var loop = EventLoop.builder().name("race").exceptionHandler((_, _) -> {}).start();
    Queue<Task<Work>> tasks = new ConcurrentLinkedQueue<>();
    var told = new AtomicInteger();
    var toldTooEarly = new AtomicInteger();
    var barrier = new CyclicBarrier(5);
    var submitters = new ArrayList<Future<Boolean>>();
    for (int i = 0; i < 4; i++) {
      int offset = i;
      submitters.add(
          threads.submit(() -> {
            barrier.await();
            for (int j = 0; j < 100; j++) {
              var work = Work.values()[(offset + j) % Work.values().length];
              try {
                var task = loop.submit(work.body());
                tasks.add(task);
                task.whenDone(ended -> (ended.isDone() ? told : toldTooEarly).incrementAndGet());
              } catch (RejectedExecutionException _) {
                return true;
              }
            }
            return false;
          }));
    }
    barrier.await();
    for (int spin = 0; spin < (round % 50) * 200; spin++) {
      Thread.onSpinWait();
    }
    loop.close();
    for (var submitter : submitters) {
      submitter.get();
    }
    assertThatThrownBy(() -> loop.submit(() -> "value"))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(tasks).allMatch(Task::isDone);
    for (var task : tasks) {
      assertThat(task.state()).isNotEqualTo(Future.State.RUNNING);
      assertThat(task.toCompletableFuture()).isDone();
    }
    assertThat(toldTooEarly).hasValue(0);
    assertThat(told).hasValue(tasks.size());
  }

  @Test
  void callbacksThatAreHandedOverWhileTheLoopClosesRunOnceOrAreRefused() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      long end = System.nanoTime() + STRESS_NANOS;
      for (int round = 0; System.nanoTime() < end; round++) {
        executeWhileClosing(threads, round);
      }
    }
  }

  private static void executeWhileClosing(ExecutorService threads, int round) throws Exception {
    var loop = EventLoop.builder().name("race").exceptionHandler((_, _) -> {}).start();
    var accepted = new AtomicInteger();
    var ran = new AtomicInteger();
    var barrier = new CyclicBarrier(5);
    var submitters = new ArrayList<Future<?>>();
    for (int i = 0; i < 4; i++) {
      submitters.add(
          threads.submit(() -> {
            barrier.await();
            try {
              for (int j = 0; j < 100; j++) {
                loop.execute(() -> {
                  ran.incrementAndGet();
                  Async.shield(() -> Async.toThread(() -> {})); // waits for another thread
                });
                accepted.incrementAndGet();
              }
            } catch (RejectedExecutionException _) {
              // the loop has closed
            }
            return null;
          }));
    }
    barrier.await();
    for (int spin = 0; spin < (round % 50) * 200; spin++) {
      Thread.onSpinWait();
    }
    loop.close();
    for (var submitter : submitters) {
      submitter.get();
    }
    assertThat(ran).hasValue(accepted.get());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLoopThatIsStartedAndClosedAtOnceEnds(boolean withTask) {
    for (int i = 0; i < 200; i++) {
      var loop = EventLoop.builder().start();
      var task = withTask ? loop.submit(() -> "value") : null;
      loop.close();
      assertThat(task == null || task.isDone()).isTrue();
    }
  }

  @Test
  void aRunThatMeetsACloseRunsOrIsRefused() throws Exception {
    for (int i = 0; i < 200; i++) {
      var loop = EventLoop.builder().build();
      var closer = Thread.ofPlatform().start(loop::close);
      var thrown = catchThrowable(() -> loop.run(() -> Async.sleep(Duration.ofNanos(1))));
      closer.join();
      assertThat(thrown == null || thrown instanceof Cancelled || isClosed(thrown))
          .as("%s", thrown)
          .isTrue();
      assertThat(isClosed(catchThrowable(() -> loop.run(() -> {})))).as("closed for good").isTrue();
    }
  }

  private static boolean isClosed(Throwable thrown) {
    return thrown instanceof IllegalStateException && thrown.getMessage().contains("is closed");
  }

  @Test
  void futuresAsCompletedSeesEveryTaskThoughTheyEndWhileItLooks() throws Exception {
    long end = System.nanoTime() + STRESS_NANOS;
    try (var loop = EventLoop.builder().start()) {
      while (System.nanoTime() < end) {
        var tasks = new ArrayList<Task<String>>();
        for (int i = 0; i < 50; i++) {
          tasks.add(loop.submit(() -> "value"));
        }
        int seen = 0;
        for (var task : Futures.asCompleted(tasks)) {
          assertThat(task.isDone()).isTrue();
          seen++;
        }
        assertThat(seen).isEqualTo(50);
      }
    }
  }
}
