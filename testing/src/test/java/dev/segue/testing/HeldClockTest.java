package dev.segue.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.EventLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What holds virtual time: each wait here is over in real time while another task sleeps an hour.
 */
class HeldClockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final VirtualClock clock = new VirtualClock();
  private final EventLoop loop = EventLoop.builder().clock(clock).build();

  @AfterEach
  void close() {
    loop.close();
  }

  /** Something that a thread does once the loop has come to rest, where time could jump. */
  private Thread onceParked(Runnable action) {
    return Thread.ofPlatform()
        .start(() -> {
          parked();
          action.run();
        });
  }

  private void parked() {
    try {
      Loops.awaitParked(loop);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertHoldsTime(Action<Exception> wait) throws Exception {
    loop.run(() -> {
      var sleeper = Async.createTask(() -> Async.sleep(HOUR));
      Async.checkpoint();
      wait.run();
      assertThat(clock.nanoTime()).as("virtual time after the wait").isZero();
      sleeper.await();
    });
    assertThat(clock.nanoTime()).as("time goes on").isEqualTo(HOUR.toNanos());
  }

  @Test
  void threadSleep() throws Exception {
    assertHoldsTime(() -> Thread.sleep(20));
  }

  @Test
  void aQueue() throws Exception {
    assertHoldsTime(() -> {
      var queue = new LinkedBlockingQueue<String>();
      onceParked(() -> queue.add("it"));
      queue.take();
    });
  }

  @Test
  void aLock() throws Exception {
    assertHoldsTime(() -> {
      var lock = new ReentrantLock();
      var held = new CountDownLatch(1);
      Thread.ofPlatform()
          .start(() -> {
            lock.lock();
            held.countDown();
            parked();
            lock.unlock();
          });
      held.await();
      lock.lock();
      lock.unlock();
    });
  }

  @Test
  void aMonitorsWait() throws Exception {
    assertHoldsTime(() -> {
      var monitor = new Object();
      var told = new boolean[1];
      onceParked(() -> {
        synchronized (monitor) {
          told[0] = true;
          monitor.notifyAll();
        }
      });
      synchronized (monitor) {
        while (!told[0]) {
          monitor.wait();
        }
      }
    });
  }

  @Test
  void joiningAThread() throws Exception {
    assertHoldsTime(() -> onceParked(() -> {}).join());
  }

  @Test
  void toThread() throws Exception {
    assertHoldsTime(() -> Async.toThread(this::parked));
  }

  @Test
  void runInExecutor() throws Exception {
    try (var executor = Executors.newSingleThreadExecutor()) {
      assertHoldsTime(() -> Async.runInExecutor(executor, this::parked));
    }
  }

  @Test
  void awaitingAPlainFuture() throws Exception {
    try (var executor = Executors.newSingleThreadExecutor()) {
      assertHoldsTime(() -> Async.await(executor.submit(this::parked)));
    }
  }

  @Test
  void workThatACancelCannotEndUntilItHasEnded() throws Exception {
    var begun = new CountDownLatch(1);
    assertHoldsTime(() -> {
      var work =
          Async.createTask(() ->
              Async.toThread(() -> {
                begun.countDown();
                uninterruptibly();
              }));
      Async.checkpoint();
      begun.await();
      work.cancel();
      work.outcome();
    });
  }

  private void uninterruptibly() {
    boolean parked = false;
    while (!parked) {
      try {
        Loops.awaitParked(loop);
        parked = true;
      } catch (InterruptedException _) {
        // it does not want to
      }
    }
  }

  @Test
  void aFutureThatWasGivenUpHoldsItNoLonger() throws Exception {
    var never = new FutureTask<>(() -> "never run");
    assertHoldsTime(() -> {
      var waiting = Async.createTask(() -> Async.await(never));
      Async.checkpoint();
      waiting.cancel();
      waiting.outcome();
    });
  }

  @Test
  void noTimeoutEndsWhatHoldsTime() throws Exception {
    loop.run(() ->
        assertThat(
                Async.timeout(
                    SECOND,
                    () ->
                        Async.toThread(() -> {
                          parked();
                          return "done";
                        })))
            .isEqualTo("done"));
    assertThat(clock.nanoTime()).isZero();
  }

  @Test
  void anAdvanceMovesHeldTime() {
    assertThatThrownBy(() ->
            loop.run(() -> {
              onceParked(() -> loop.submit(() -> clock.advance(SECOND)));
              Async.timeout(SECOND, () -> new CountDownLatch(1).await());
            }))
        .isInstanceOf(TimeoutException.class);
    assertThat(clock.nanoTime()).isEqualTo(SECOND.toNanos());
  }
}
