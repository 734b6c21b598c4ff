package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

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
  private static final int FEW_TICKS = 1; // of about 90 in 100 ms, 0 where the loop is held

  @Test
  void twoTasksThatSleepASecondTakeASecondTogether() {
    long before = System.nanoTime();
    Async.run(() -> Async.gather(() -> Thread.sleep(1000), () -> Thread.sleep(1000)));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1900));
  }

  @Test
  void threadSleep() throws Exception {
    Async.run(() -> assertThat(Ticking.during(() -> Thread.sleep(100))).isGreaterThan(FEW_TICKS));
  }

  @Test
  void parkNanos() throws Exception {
    Async.run(() ->
        assertThat(Ticking.during(() -> LockSupport.parkNanos(100_000_000)))
            .isGreaterThan(FEW_TICKS));
  }

  @Test
  void aTimedWaitOnAMonitor() throws Exception {
    Async.run(() -> {
      var monitor = new Object();
      assertThat(
              Ticking.during(() -> {
                synchronized (monitor) {
                  monitor.wait(100);
                }
              }))
          .isGreaterThan(FEW_TICKS);
    });
  }

  @Test
  void aTimedPoll() throws Exception {
    Async.run(() ->
        assertThat(
                Ticking.during(() ->
                    assertThat(new LinkedBlockingQueue<>().poll(100, TimeUnit.MILLISECONDS))
                        .isNull()))
            .isGreaterThan(FEW_TICKS));
  }

  @Test
  void aTimedTryLock() throws Exception {
    Async.run(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      Async.createTask(() ->
              assertThat(
                      Ticking.during(
                          () -> assertThat(lock.tryLock(100, TimeUnit.MILLISECONDS)).isFalse()))
                  .isGreaterThan(FEW_TICKS))
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
