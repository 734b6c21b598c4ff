package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.EventLoop;
import dev.segue.Outcome;
import dev.segue.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The interrupt that a cancel gives a JDK wait: when it comes, whose it is, and what is left of it.
 */
@CarrierOnly(Difference.CANCEL_OF_A_JDK_WAIT)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptsTest {
  private static final Duration SOON = Duration.ofMillis(20);

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  /** Blocks the calling task until it is interrupted. */
  private static void block() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  private static <T> Outcome<T> cancelled(Task<T> task) {
    Ticking.tick();
    task.cancel("enough");
    return task.outcome();
  }

  // --- how the task ends

  @Test
  void aBodyThatSwallowsTheInterruptSucceeds() {
    Async.run(() -> {
      Task<String> task =
          Async.createTask(() -> {
            try {
              block();
              return "not interrupted";
            } catch (InterruptedException _) {
              return "went on";
            }
          });
      assertThat(cancelled(task)).isEqualTo(new Outcome.Success<>("went on"));
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.isCancelRequested()).isTrue();
    });
  }

  @Test
  void aBodyThatMakesAnotherFailureOfItFails() {
    Async.run(() -> {
      Task<?> task =
          Async.createTask(() -> {
            try {
              block();
            } catch (InterruptedException _) {
              throw new IOException("no answer");
            }
          });
      assertThat(cancelled(task)).isInstanceOf(Outcome.Failure.class);
      assertThat(task.exceptionNow()).isInstanceOf(IOException.class).hasMessage("no answer");
    });
  }

  @Test
  void aSegueWaitAfterASwallowedInterruptIsCancelled() {
    Async.run(() -> {
      Task<?> task =
          Async.createTask(() -> {
            try {
              block();
            } catch (InterruptedException _) {
              Async.checkpoint();
            }
          });
      assertThat(cancelled(task)).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void anInterruptThatNobodyAskedSegueForCancelsTheTask() {
    Async.run(() -> {
      Task<?> task =
          Async.createTask(() -> {
            Thread.currentThread().interrupt();
            Thread.sleep(100_000);
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aSocketTimeoutIsNoCancel() throws Exception {
    Async.run(() -> {
      try (var pair = SocketPair.connect()) { // not in the task: to connect is a wait, too
        Task<?> task =
            Async.createTask(() -> {
              try {
                block();
              } catch (InterruptedException _) {
                pair.client().setSoTimeout(1);
              }
              pair.read();
            });
        assertThat(cancelled(task)).isInstanceOf(Outcome.Failure.class);
        assertThat(task.exceptionNow()).isInstanceOf(SocketTimeoutException.class);
      }
    });
  }

  // --- time-outs

  @Test
  void aTimeoutEndsASocketsRead() throws Exception {
    Async.run(() -> {
      try (var pair = SocketPair.connect()) {
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() -> Async.timeout(SOON, () -> pair.read()));
        assertThat(pair.client().isClosed()).isTrue();
        assertThat(isInterrupted()).isFalse();
        Thread.sleep(1);
      }
    });
  }

  @Test
  void aTimeoutEndsAThreadsSleep() {
    Async.run(() -> {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> Async.timeout(SOON, () -> Thread.sleep(100_000)));
      assertThat(isInterrupted()).isFalse();
    });
  }

  @Test
  void aSocketTimeoutInsideATimeoutIsItself() throws Exception {
    Async.run(() -> {
      try (var pair = SocketPair.connect()) {
        pair.client().setSoTimeout(1);
        assertThatExceptionOfType(SocketTimeoutException.class)
            .isThrownBy(() -> Async.timeout(Duration.ofSeconds(50), () -> pair.read()));
      }
    });
  }

  @Test
  void theOuterOfTwoTimeoutsEndsAJdkWaitInTheInner() {
    Async.run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    SOON,
                    () ->
                        assertThatThrownBy(() ->
                                Async.timeout(Duration.ofSeconds(50), () -> Thread.sleep(100_000)))
                            .isNotInstanceOf(TimeoutException.class)
                            .satisfies(e -> {
                              throw e;
                            })))
            .withMessageContaining("PT0.02S"));
  }

  // --- when it comes

  @Test
  void aCancelBeforeAJdkWaitEndsItAtOnce() {
    Async.run(() -> {
      Task<?> task =
          Async.createTask(() -> {
            Async.currentTask().cancel("myself");
            assertThat(isInterrupted()).isTrue();
            Thread.sleep(100_000);
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void eachCancelInterruptsOnce() {
    Async.run(() -> {
      var interrupts = new int[1];
      Task<?> task =
          Async.createTask(() -> {
            while (interrupts[0] < 3) {
              try {
                block();
              } catch (InterruptedException _) {
                interrupts[0]++;
              }
            }
          });
      for (int i = 1; i <= 3; i++) {
        Ticking.tick();
        task.cancel();
        Ticking.tick();
        assertThat(interrupts[0]).isEqualTo(i);
      }
      task.await();
    });
  }

  @Test
  void aTaskInASegueWaitIsNotInterrupted() {
    Async.run(() -> {
      var flag = new CompletableFuture<Boolean>();
      Task<?> task =
          Async.createTask(() -> {
            try {
              Async.sleep(Duration.ofSeconds(Long.MAX_VALUE));
            } finally {
              flag.complete(isInterrupted());
            }
          });
      cancelled(task);
      assertThat(flag.resultNow()).isFalse();
    });
  }

  // --- waits that do not listen

  @Test
  void anUninterruptibleLockIsAcquiredAndTheFlagStays() {
    Async.run(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      Task<Boolean> task =
          Async.createTask(() -> {
            lock.lock();
            return isInterrupted();
          });
      assertGoesOn(task, lock::unlock);
    });
  }

  @Test
  void aMonitorIsEnteredAndTheFlagStays() {
    var monitor = new Object();
    Async.run(() -> {
      var release = new CountDownLatch(1);
      Async.createTask(() -> {
        synchronized (monitor) {
          release.await();
        }
      });
      Task<Boolean> task =
          Async.createTask(() -> {
            synchronized (monitor) {
              return isInterrupted();
            }
          });
      assertGoesOn(task, release::countDown);
    });
  }

  @Test
  void aJoinedFutureIsWaitedForAndTheFlagStays() {
    Async.run(() -> {
      var future = new CompletableFuture<String>();
      Task<Boolean> task =
          Async.createTask(() -> {
            future.join();
            return isInterrupted();
          });
      assertGoesOn(task, () -> future.complete("it"));
    });
  }

  private static void assertGoesOn(Task<Boolean> task, Runnable release) {
    Ticking.tick();
    task.cancel();
    Ticking.tick();
    assertThat(task.isDone()).isFalse();
    release.run();
    assertThat(task.await()).as("the flag").isTrue();
  }

  @Test
  void aFlagThatWasKeptEndsTheNextJdkWait() {
    Async.run(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      Task<?> task =
          Async.createTask(() -> {
            lock.lock();
            Thread.sleep(100_000);
          });
      Ticking.tick();
      task.cancel();
      lock.unlock();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void parkReturnsWithTheFlagSet() {
    Async.run(() -> {
      Task<Boolean> task =
          Async.createTask(() -> {
            while (!isInterrupted()) {
              LockSupport.park();
            }
            return isInterrupted();
          });
      assertThat(cancelled(task)).isEqualTo(new Outcome.Success<>(true));
    });
  }

  // --- what is left of it

  @Test
  void anInterruptThatNobodyConsumedIsClearedAtTheEndOfItsScope() throws Exception {
    Async.run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("enough");
            assertThat(isInterrupted()).isTrue();
          });
      assertThat(finished).isTrue();
      assertThat(isInterrupted()).isFalse();
      Thread.sleep(1);
    });
  }

  @Test
  void anInterruptThatASocketKeptIsClearedAtTheEndOfItsScope() throws Exception {
    Async.run(() -> {
      try (var pair = SocketPair.connect()) {
        var scope = CancelScope.within(SOON);
        assertThat(scope.run(() -> pair.read())).isFalse();
        assertThat(isInterrupted()).isFalse();
      }
    });
  }

  @Test
  void aForeignInterruptOutlivesAScope() {
    Async.run(() -> {
      CancelScope.create().run(() -> Thread.currentThread().interrupt());
      assertThat(Thread.interrupted()).isTrue();
    });
  }

  @Test
  void anInterruptForTheOuterScopeOutlivesTheInner() {
    Async.run(() -> {
      var outer = CancelScope.create();
      outer.run(() -> {
        CancelScope.create().run(() -> outer.cancel("enough"));
        assertThat(isInterrupted()).isTrue();
      });
      assertThat(isInterrupted()).isFalse();
    });
  }

  @Test
  void aShieldIsEnteredWithoutTheInterruptAndLeftWithIt() {
    var flags = new ArrayList<Boolean>();
    Async.run(() -> {
      Task<?> task =
          Async.createTask(() -> {
            Async.currentTask().cancel("enough");
            flags.add(isInterrupted());
            Async.shield(() -> {
              flags.add(isInterrupted());
              Thread.sleep(1);
            });
            flags.add(isInterrupted());
            Thread.sleep(100_000);
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
    assertThat(flags).containsExactly(true, false, true);
  }

  @Test
  void aJdkWaitInAShieldIsLeftAloneAndTheNextOneEnds() {
    Async.run(() -> {
      var queue = new LinkedBlockingQueue<String>();
      var taken = new ArrayList<String>();
      Task<?> task =
          Async.createTask(() -> {
            Async.shield(() -> taken.add(queue.take()));
            queue.take();
          });
      Ticking.tick();
      task.cancel();
      Ticking.tick();
      assertThat(task.isDone()).isFalse();
      queue.add("it");
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(taken).containsExactly("it");
    });
  }

  @Test
  void anInterruptThatWasConsumedIsNotRestoredByAShield() {
    Async.run(() -> {
      Task<Boolean> task =
          Async.createTask(() -> {
            try {
              block();
            } catch (InterruptedException _) {
              Async.shield(() -> Thread.sleep(1));
            }
            return isInterrupted();
          });
      assertThat(cancelled(task)).isEqualTo(new Outcome.Success<>(false));
    });
  }

  @Test
  void aShieldsOwnTimeoutEndsItsJdkWait() throws Exception {
    Async.run(() -> {
      var scope = CancelScope.within(SOON).shielded();
      assertThat(scope.run(() -> Thread.sleep(100_000))).isFalse();
      assertThat(isInterrupted()).isFalse();
    });
  }

  // --- what it closes

  @Test
  void aCancelledReadClosesItsSocket() throws Exception {
    try (var pair = SocketPair.connect()) {
      Async.run(() -> cancelled(Async.createTask(pair::read)));
      assertThat(pair.client().isClosed()).isTrue();
    }
  }

  @Test
  void aCancelledAcceptClosesTheListener() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Async.run(() -> cancelled(Async.createTask(server::accept)));
      assertThat(server.isClosed()).isTrue();
    }
  }

  /** Who wants to go on with a listener or a connection shields the call that waits for it. */
  @Test
  void aShieldedAcceptLeavesTheListenerOpen() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Async.run(() -> {
        var task = Async.createTask(() -> Async.shield(server::accept));
        Ticking.tick();
        task.cancel();
        Ticking.tick();
        SocketChannel.open(server.getLocalSocketAddress()).close();
        task.outcome();
      });
      assertThat(server.isClosed()).isFalse();
    }
  }

  // --- a loop that ends

  @Test
  void whatIsLeftInJdkWaitsIsInterruptedWhenMainEnds() {
    var ended = new ArrayList<String>();
    Async.run(() -> {
      for (var wait :
          List.<Action<Exception>>of(
              () -> Thread.sleep(100_000),
              () -> new LinkedBlockingQueue<>().take(),
              () -> SocketPair.connect().read())) {
        Async.createTask(() -> {
          try {
            wait.run();
          } catch (InterruptedException | SocketException e) {
            ended.add(e.getClass().getSimpleName());
            throw e;
          }
        });
      }
      Ticking.tick();
    });
    assertThat(ended)
        .containsExactlyInAnyOrder(
            "InterruptedException", "InterruptedException", "SocketException");
  }

  @Test
  void closingALoopInterruptsItsJdkWaits() throws Exception {
    var loop = EventLoop.builder().start();
    var begun = new CountDownLatch(1);
    var task =
        loop.submit(() -> {
          begun.countDown();
          block();
        });
    begun.await();
    loop.close();
    assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
  }

  @Test
  void interruptingTheCallerOfRunEndsTheJdkWaitOfMain() throws Exception {
    var begun = new CountDownLatch(1);
    var thrown = new CompletableFuture<Throwable>();
    var caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Async.run(() -> {
                  begun.countDown();
                  block();
                });
              } catch (Throwable e) {
                thrown.complete(isInterrupted() ? e : null);
              }
            });
    begun.await();
    caller.interrupt();
    assertThat(thrown.get()).isInstanceOf(Cancelled.class);
  }
}
