package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop as the JDK's executor. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopExecutorTest extends OnManualClock {

  /** From a thread outside the loop, as a framework does. */
  @Nested
  class FromOutside {
    private void withExecutor(Callers body) throws Exception {
      try (var loop = loopBuilder().start();
          var executor = loop.asExecutorService()) {
        body.call(loop, executor);
      }
    }

    @FunctionalInterface
    private interface Callers {
      void call(EventLoop loop, ScheduledExecutorService executor) throws Exception;
    }

    @Test
    void eachCommandIsATaskOfTheLoop() throws Exception {
      withExecutor((loop, executor) -> {
        assertThat(executor.submit(Async::currentLoop).get()).isSameAs(loop);
        var executed = new CompletableFuture<EventLoop>();
        executor.execute(() -> executed.complete(Async.currentLoop()));
        assertThat(executed.get()).isSameAs(loop);
        assertThat(executor.submit(() -> {}, "given").get()).isEqualTo("given");
      });
    }

    @Test
    void commandsThatWaitRunAtTheSameTime() throws Exception {
      withExecutor((_, executor) -> {
        var event = new AsyncEvent();
        Callable<String> waits =
            () -> {
              event.await();
              return "waited";
            };
        Callable<String> sets =
            () -> {
              event.set();
              return "set";
            };
        assertThat(executor.invokeAll(List.of(waits, waits, sets)))
            .extracting(Future::resultNow)
            .containsExactly("waited", "waited", "set");
      });
    }

    @Test
    void invokeAnyCancelsTheOthers() throws Exception {
      withExecutor((_, executor) -> {
        var cancelled = new CompletableFuture<String>();
        Callable<String> slow =
            () -> {
              try {
                Async.sleep(FOREVER);
                return "never";
              } catch (Cancelled e) {
                cancelled.complete(e.reason());
                throw e;
              }
            };
        Callable<String> quick =
            () -> {
              Async.checkpoint();
              return "quick";
            };
        assertThat(executor.invokeAny(List.of(slow, quick))).isEqualTo("quick");
        assertThat(cancelled.get()).isEqualTo("its future was cancelled");
      });
    }

    @Test
    void whatABodyThrowsIsTheCause() throws Exception {
      var failure = new IOException("no answer");
      withExecutor((_, executor) -> {
        Future<String> future =
            executor.submit(() -> {
              throw failure;
            });
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCause(failure);
      });
      assertThat(unobserved).isEmpty();
    }

    @Test
    void whatAnExecutedCommandThrowsGoesToTheExceptionHandler() throws Exception {
      var failure = new IllegalStateException("nobody has the future");
      withExecutor((_, executor) ->
          executor.execute(() -> {
            throw failure;
          }));
      assertThat(unobserved).containsExactly(failure);
    }

    @Test
    void aCancelledFutureIsDoneAtOnceAndItsTaskIsCancelled() throws Exception {
      withExecutor((loop, executor) -> {
        var begun = new CompletableFuture<Task<?>>();
        var future =
            executor.submit(() -> {
              begun.complete(Async.currentTask());
              Async.sleep(FOREVER);
              return "never";
            });
        var task = begun.get();
        assertThat(future.cancel(true)).isTrue();
        assertThat(future.isCancelled()).isTrue();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        task.ended().toCompletableFuture().get();
        assertThat(task.isCancelRequested()).isTrue();
      });
    }

    @Test
    void cancelFalseLetsARunningBodyGoOn() throws Exception {
      withExecutor((_, executor) -> {
        var begun = new CompletableFuture<String>();
        var event = new AsyncEvent();
        var ended = new CompletableFuture<String>();
        var future =
            executor.submit(() -> {
              begun.complete("begun");
              event.await();
              ended.complete("ended");
            });
        begun.get();
        assertThat(future.cancel(false)).isTrue();
        executor.execute(event::set);
        assertThat(ended.get()).isEqualTo("ended");
      });
    }

    @Test
    void aFutureWhoseLoopIsClosedIsCancelled() throws Exception {
      var loop = loopBuilder().start();
      var executor = loop.asExecutorService();
      var begun = new CompletableFuture<String>();
      Future<?> running =
          executor.submit(() -> {
            begun.complete("begun");
            Async.sleep(FOREVER);
          });
      Future<?> scheduled = executor.schedule(() -> {}, Long.MAX_VALUE, DAYS);
      begun.get();
      loop.close();
      assertThat(running.isCancelled()).isTrue();
      assertThat(scheduled.isCancelled()).isTrue();
      assertThatThrownBy(() -> executor.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
      executor.close();
      assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void aBodyThatCatchesNothingOfACancelledScopeOfItsOwnSucceeds() throws Exception {
      withExecutor((_, executor) ->
          assertThat(
                  executor
                      .submit(() -> CancelScope.within(Duration.ZERO).run(Async::checkpoint))
                      .get())
              .isFalse());
    }
  }

  // --- shutting down

  @Test
  void afterShutdownTheViewRefusesAndTheLoopAndOtherViewsDoNot() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var other = Async.currentLoop().asExecutorService();
      executor.shutdown();
      assertThat(executor.isShutdown()).isTrue();
      assertThat(executor.isTerminated()).isTrue();
      assertThatThrownBy(() -> executor.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessage("executor of event loop 'test' (terminated) takes nothing any more");
      assertThatThrownBy(() -> executor.schedule(() -> {}, 1, SECONDS))
          .isInstanceOf(RejectedExecutionException.class);
      assertThat(Async.await(other.submit(() -> "value"))).isEqualTo("value");
      assertThat(Async.createTask(() -> "value").await()).isEqualTo("value");
    });
  }

  @Test
  void shutdownLetsWhatItHasTakenRunToItsEnd() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      Future<String> sleeping =
          executor.submit(() -> {
            Async.sleep(Duration.ofSeconds(1));
            return "slept";
          });
      Future<String> delayed = executor.schedule(() -> "delayed", 2, SECONDS);
      Future<?> periodic = executor.scheduleAtFixedRate(() -> {}, 1, 1, SECONDS);
      Async.checkpoint();
      executor.shutdown();
      assertThat(executor).hasToString("executor of event loop 'test' (shutting down)");
      assertThat(executor.isTerminated()).isFalse();
      assertThat(periodic.isCancelled()).isTrue();
      Async.sleep(Duration.ofSeconds(3));
      assertThat(sleeping.resultNow()).isEqualTo("slept");
      assertThat(delayed.resultNow()).isEqualTo("delayed");
      assertThat(executor.isTerminated()).isTrue();
    });
  }

  @Test
  void shutdownCancelsWhatRepeatsTheOldestFirst() {
    var cancelled = new ArrayList<Long>();
    var instrument =
        new Instrument() {
          @Override
          public void cancelRequested(Task<?> task, String reason, @Nullable Task<?> by) {
            cancelled.add(task.id());
          }
        };
    loopBuilder()
        .instrument(instrument)
        .build()
        .run(() -> {
          var executor = Async.currentLoop().asExecutorService();
          for (int i = 0; i < 20; i++) {
            executor.scheduleAtFixedRate(() -> {}, 1, 1, SECONDS);
          }
          settle();
          executor.shutdown();
          settle();
        });
    assertThat(cancelled).hasSize(20).isSorted();
  }

  @Test
  void shutdownNowCancelsWhatRunsAndReturnsWhatHasNotBegun() throws Exception {
    run(() -> {
      var loop = Async.currentLoop();
      var executor = loop.asExecutorService();
      Future<?> running = executor.submit(() -> Async.sleep(FOREVER));
      Future<?> delayed = executor.schedule(() -> {}, Long.MAX_VALUE, DAYS);
      settle();
      var ran = new ArrayList<String>();
      Future<?> first = executor.submit(() -> ran.add("first"));
      Runnable second = () -> ran.add("second");
      executor.execute(second);
      assertThat(executor.shutdownNow()).containsExactly((Runnable) first, second);
      settle();
      assertThat(running.isCancelled()).isTrue();
      assertThat(delayed.isCancelled()).isTrue();
      assertThat(first.isDone()).isFalse();
      assertThat(ran).isEmpty();
      assertThat(executor.isTerminated()).isTrue();
      ((Runnable) first).run();
      assertThat(ran).containsExactly("first");
      assertThat(first.resultNow()).isEqualTo(true);
    });
  }

  @Test
  void awaitTerminationWaitsForTheViewsOwnTasksOnly() throws Exception {
    try (var loop = loopBuilder().start()) {
      var executor = loop.asExecutorService();
      loop.submit(() -> Async.sleep(FOREVER));
      assertThat(executor.awaitTermination(0, SECONDS)).isFalse();
      var event = new AsyncEvent();
      executor.execute(event::await);
      executor.shutdown();
      assertThat(executor.awaitTermination(1, MILLISECONDS)).isFalse();
      loop.execute(event::set);
      assertThat(executor.awaitTermination(1, DAYS)).isTrue();
    }
  }

  // --- later

  @Test
  void aDelayedCommandRunsOnceAtItsTime() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var future = executor.schedule(() -> "ran", 10, SECONDS);
      Async.sleep(Duration.ofSeconds(4));
      assertThat(future.isDone()).isFalse();
      assertThat(future.getDelay(SECONDS)).isEqualTo(6);
      Async.sleep(Duration.ofSeconds(7));
      assertThat(future.resultNow()).isEqualTo("ran");
      assertThat(future.getDelay(SECONDS)).isEqualTo(-1);
    });
  }

  @Test
  void atAFixedRateAShortRunDoesNotDelayTheNext() throws Exception {
    run(() -> assertThat(begins(true)).containsExactly(1L, 11L, 21L));
  }

  @Test
  void withAFixedDelayTheNextBeginsThatMuchAfterTheEnd() throws Exception {
    run(() -> assertThat(begins(false)).containsExactly(1L, 14L, 27L));
  }

  /** When commands begin that take 3 s, with 10 s in between. */
  private List<Long> begins(boolean atFixedRate) {
    var executor = Async.currentLoop().asExecutorService();
    long start = clock.nanoTime();
    var begins = new ArrayList<Long>();
    Runnable body =
        () -> {
          begins.add(SECONDS.convert(clock.nanoTime() - start, NANOSECONDS));
          Async.sleep(Duration.ofSeconds(3));
        };
    var future =
        atFixedRate
            ? executor.scheduleAtFixedRate(body, 1, 10, SECONDS)
            : executor.scheduleWithFixedDelay(body, 1, 10, SECONDS);
    Async.sleep(Duration.ofSeconds(29));
    assertThat(future.isDone()).isFalse();
    assertThat(future.cancel(false)).isTrue();
    Async.sleep(Duration.ofSeconds(60));
    return begins;
  }

  @Test
  void aRunThatTookLongerThanThePeriodIsFollowedByTheNextAtOnce() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var begins = new int[1];
      executor.scheduleAtFixedRate(
          () -> {
            begins[0]++;
            Async.sleep(Duration.ofSeconds(25));
          },
          0,
          10,
          SECONDS);
      Async.sleep(Duration.ofSeconds(51));
      assertThat(begins[0]).isEqualTo(3);
    });
  }

  @Test
  void aRunThatFailsIsTheLast() throws Exception {
    var failure = new IllegalStateException("disk full");
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var runs = new int[1];
      Runnable body =
          () -> {
            if (++runs[0] == 2) {
              throw failure;
            }
          };
      var future = executor.scheduleAtFixedRate(body, 0, 1, SECONDS);
      Async.sleep(Duration.ofSeconds(10));
      assertThat(runs[0]).isEqualTo(2);
      assertThat(future.exceptionNow()).isSameAs(failure);
    });
  }

  @Test
  void cancellingADelayedCommandEndsItsTaskAtOnce() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var future = executor.schedule(() -> "never", 1, DAYS);
      settle();
      assertThat(future.cancel(false)).isTrue();
      assertThat(future.isCancelled()).isTrue();
      settle();
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void cancelFalseLetsTheRunGoOnAndIsTheLast() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var ends = new int[1];
      Runnable body =
          () -> {
            Async.sleep(Duration.ofSeconds(5));
            ends[0]++;
          };
      var future = executor.scheduleWithFixedDelay(body, 0, 1, SECONDS);
      Async.sleep(Duration.ofSeconds(1));
      assertThat(future.cancel(false)).isTrue();
      Async.sleep(Duration.ofSeconds(60));
      assertThat(ends[0]).isEqualTo(1);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void cancelTrueEndsTheRun() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var thrown = new Throwable[1];
      Runnable body = () -> thrown[0] = catchThrowable(() -> Async.sleep(FOREVER));
      var future = executor.scheduleWithFixedDelay(body, 0, 1, SECONDS);
      Async.sleep(Duration.ofSeconds(1));
      assertThat(future.cancel(true)).isTrue();
      settle();
      assertThat(thrown[0]).isInstanceOf(Cancelled.class);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void theEarlierOneComparesAsLess() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      var early = executor.schedule(() -> {}, 1, SECONDS);
      var late = executor.schedule(() -> {}, 2, SECONDS);
      assertThat(early.compareTo(late)).isNegative();
      assertThat(late.compareTo(early)).isPositive();
    });
  }

  @Test
  void whatIsWrongIsRefusedByName() throws Exception {
    run(() -> {
      var executor = Async.currentLoop().asExecutorService();
      Runnable body = () -> {};
      assertThatThrownBy(() -> executor.execute(null)).hasMessage("body must not be null");
      assertThatThrownBy(() -> executor.schedule((Runnable) null, 1, SECONDS))
          .hasMessage("body must not be null");
      assertThatThrownBy(() -> executor.schedule((Callable<String>) null, 1, SECONDS))
          .hasMessage("body must not be null");
      assertThatThrownBy(() -> executor.schedule(body, 1, null))
          .hasMessage("unit must not be null");
      assertThatThrownBy(() -> executor.scheduleAtFixedRate(body, 0, 0, SECONDS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("period must be positive, and is 0");
      assertThatThrownBy(() -> executor.scheduleWithFixedDelay(body, 0, -1, SECONDS))
          .hasMessage("delay must be positive, and is -1");
    });
  }
}
