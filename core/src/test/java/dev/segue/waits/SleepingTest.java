package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits for a time: they really take it, and other tasks tick meanwhile. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SleepingTest {
  @Test
  void twoTasksSleepAtTheSameTime() {
    var order = new ArrayList<String>();
    Action<Exception> sleeper =
        () -> {
          order.add("asleep");
          Thread.sleep(200);
          order.add("awake");
        };
    long before = System.nanoTime();
    Async.run(() -> Async.gather(sleeper, sleeper));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(199));
    assertThat(order).containsExactly("asleep", "asleep", "awake", "awake");
  }

  @Test
  void threadSleep() throws Exception {
    Async.run(() -> Ticking.during(() -> Thread.sleep(100)));
  }

  @Test
  void parkNanos() throws Exception {
    Async.run(() -> Ticking.during(() -> LockSupport.parkNanos(100_000_000)));
  }

  @Test
  void aTimedWaitOnAMonitor() throws Exception {
    Async.run(() -> {
      var monitor = new Object();
      Ticking.during(() -> {
        synchronized (monitor) {
          monitor.wait(100);
        }
      });
    });
  }

  @Test
  void aTimedPoll() throws Exception {
    Async.run(() ->
        Ticking.during(() ->
            assertThat(new LinkedBlockingQueue<>().poll(100, TimeUnit.MILLISECONDS)).isNull()));
  }

  @Test
  void aTimedTryLock() throws Exception {
    Async.run(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      Async.createTask(() ->
              Ticking.during(() -> assertThat(lock.tryLock(100, TimeUnit.MILLISECONDS)).isFalse()))
          .await();
    });
  }

  @Test
  void joiningAThread() throws Exception {
    Async.run(() -> {
      var go = new CountDownLatch(1);
      var thread = Thread.ofPlatform().start(() -> awaitQuietly(go));
      Ticking.until(go::countDown, () -> thread.join());
    });
  }

  @Test
  void threadYieldLetsTheOthersRunOnce() {
    var order = new ArrayList<String>();
    Async.run(() -> {
      Async.createTask(() -> order.add("other"));
      order.add("before");
      Thread.yield();
      order.add("after");
    });
    assertThat(order).containsExactly("before", "other", "after");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
