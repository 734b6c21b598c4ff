package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code synchronized}, {@code wait} and {@code notify} between tasks, and with other threads. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitorsTest {
  private final Object monitor = new Object();
  private boolean told; // guarded by monitor

  private void awaitTold() throws InterruptedException {
    synchronized (monitor) {
      while (!told) {
        monitor.wait();
      }
    }
  }

  private void tell() {
    synchronized (monitor) {
      told = true;
      monitor.notifyAll();
    }
  }

  @Test
  void aMonitorThatATaskHoldsInASegueWait() throws Exception {
    Async.run(() -> {
      var release = new CountDownLatch(1);
      Async.createTask(() -> {
        synchronized (monitor) {
          while (release.getCount() > 0) {
            Async.checkpoint();
          }
        }
      });
      Async.checkpoint();
      Ticking.until(
          release::countDown,
          () -> {
            synchronized (monitor) {
              assertThat(release.getCount()).isZero();
            }
          });
    });
  }

  @Test
  void aMonitorThatATaskHoldsInAJdkWait() throws Exception {
    Async.run(() -> {
      var release = new CountDownLatch(1);
      Async.createTask(() -> {
        synchronized (monitor) {
          release.await();
        }
      });
      Async.checkpoint();
      Ticking.until(
          release::countDown,
          () -> {
            synchronized (monitor) {
              assertThat(release.getCount()).isZero();
            }
          });
    });
  }

  @Test
  void aMonitorThatAPlatformThreadHolds() throws Exception {
    Async.run(() -> {
      var held = new CountDownLatch(1);
      var release = new CountDownLatch(1);
      start(() -> {
        synchronized (monitor) {
          held.countDown();
          release.await();
        }
        return null;
      });
      held.await();
      Ticking.until(
          release::countDown,
          () -> {
            synchronized (monitor) {
              assertThat(release.getCount()).isZero();
            }
          });
    });
  }

  @Test
  void oneTaskNotifiesAnother() throws Exception {
    Async.run(() -> Ticking.until(this::tell, this::awaitTold));
  }

  @Test
  void aPlatformThreadNotifiesATask() throws Exception {
    Async.run(() -> Ticking.until(() -> Async.toThread(this::tell), this::awaitTold));
  }

  @Test
  void aTaskNotifiesAPlatformThread() throws Exception {
    Async.run(() -> Ticking.until(this::tell, () -> Async.toThread(this::awaitTold)));
  }

  @Test
  void notifyAllWakesEveryTask() throws Exception {
    Async.run(() ->
        Ticking.until(
            this::tell, () -> Async.gather(this::awaitTold, this::awaitTold, this::awaitTold)));
  }

  @Test
  void eachNotifyWakesOneTask() {
    var woken = new ArrayList<Integer>();
    Async.run(() -> {
      for (int i = 1; i <= 3; i++) {
        int number = i;
        Async.createTask(() -> {
          synchronized (monitor) {
            monitor.wait();
            woken.add(number);
          }
        });
      }
      Async.checkpoint();
      for (int i = 0; i < 3; i++) {
        synchronized (monitor) {
          monitor.notify();
        }
        while (woken.size() == i) {
          Async.sleep(Duration.ofMillis(1));
        }
        Async.sleep(Duration.ofMillis(2));
        assertThat(woken).hasSize(i + 1);
      }
    });
    assertThat(woken).containsExactlyInAnyOrder(1, 2, 3);
  }

  /** Each side waits for the other's notify, so that one lost wake-up would end it. */
  @Test
  void aThousandHandOversWithAPlatformThreadLoseNoNotify() throws Exception {
    var pingPong = new PingPong();
    Async.run(() -> {
      var other = start(() -> pingPong.play(1));
      pingPong.play(0);
      other.get();
    });
    assertThat(pingPong.turns).isEqualTo(2 * PingPong.ROUNDS);
  }

  @Test
  void aThousandHandOversBetweenTasksLoseNoNotify() {
    var pingPong = new PingPong();
    Async.run(() -> Async.gather(() -> pingPong.play(0), () -> pingPong.play(1)));
    assertThat(pingPong.turns).isEqualTo(2 * PingPong.ROUNDS);
  }

  private static final class PingPong {
    static final int ROUNDS = 1000;
    private int turns; // guarded by this

    synchronized Void play(int side) throws InterruptedException {
      for (int i = 0; i < ROUNDS; i++) {
        while (turns % 2 != side) {
          wait();
        }
        turns++;
        notifyAll();
      }
      return null;
    }
  }

  private static <T> FutureTask<T> start(Callable<T> body) {
    var future = new FutureTask<>(body);
    Thread.ofPlatform().daemon().start(future);
    return future;
  }
}
