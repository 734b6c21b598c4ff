package dev.segue.simulated;

import static dev.segue.Async.gather;
import static dev.segue.Async.timeout;
import static dev.segue.Async.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.Body;
import dev.segue.EventLoop;
import dev.segue.testing.VirtualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Run with the Java agent: in a task, the JDK's clocks and waits go by the loop's clock. */
@NeedsAgent
@Timeout(60)
class TimedCallsTest {
  private static final Instant START = Instant.parse("1999-12-31T23:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static <T extends @Nullable Object, X extends Throwable> T simulate(Body<T, X> body)
      throws X {
    return EventLoop.builder().clock(new VirtualClock(START)).build().run(body);
  }

  private static <X extends Throwable> void simulateAction(Action<X> body) throws X {
    TimedCallsTest.<@Nullable Void, X>simulate(() -> {
      body.run();
      return null;
    });
  }

  private static Duration elapsed() {
    return Duration.between(START, Instant.now());
  }

  /** Waits of an hour that nothing ends earlier. */
  enum TimedWait {
    THREAD_SLEEP(() -> Thread.sleep(3_600_000)),
    THREAD_SLEEP_AND_NANOS(() -> Thread.sleep(3_600_000, 0)),
    THREAD_SLEEP_DURATION(() -> Thread.sleep(HOUR)),
    TIME_UNIT_SLEEP(() -> TimeUnit.HOURS.sleep(1)),
    PARK_NANOS(() -> LockSupport.parkNanos(HOUR.toNanos())),
    PARK_NANOS_ON_BLOCKER(() -> LockSupport.parkNanos("", HOUR.toNanos())),
    PARK_UNTIL(() -> LockSupport.parkUntil(START.plus(HOUR).toEpochMilli())),
    OBJECT_WAIT(() -> {
      var monitor = new Object();
      synchronized (monitor) {
        monitor.wait(3_600_000);
      }
    }),
    OBJECT_WAIT_AND_NANOS(() -> {
      var monitor = new Object();
      synchronized (monitor) {
        monitor.wait(3_600_000, 0);
      }
    }),
    QUEUE_POLL(() -> assertThat(new ArrayBlockingQueue<>(1).poll(1, TimeUnit.HOURS)).isNull()),
    QUEUE_OFFER(() -> {
      var queue = new ArrayBlockingQueue<>(1, false, List.of(1));
      assertThat(queue.offer(2, 1, TimeUnit.HOURS)).isFalse();
    }),
    SYNCHRONOUS_QUEUE(
        () -> assertThat(new SynchronousQueue<>().offer(1, 1, TimeUnit.HOURS)).isFalse()),
    TRANSFER_QUEUE(
        () -> assertThat(new LinkedTransferQueue<>().tryTransfer(1, 1, TimeUnit.HOURS)).isFalse()),
    DELAY_QUEUE(() -> {
      var queue = new DelayQueue<Due>();
      queue.add(new Due(System.nanoTime() + HOUR.toNanos()));
      queue.take();
    }),
    TRY_LOCK(
        () -> {
          var lock = new ReentrantLock();
          gather(
              () -> {
                lock.lock();
                Thread.sleep(HOUR.plusSeconds(1));
                lock.unlock();
              },
              () -> {
                assertThat(lock.tryLock(1, TimeUnit.HOURS)).isFalse();
                assertThat(elapsed()).isEqualTo(HOUR);
                assertThat(lock.tryLock(1, TimeUnit.HOURS)).isTrue();
                Thread.sleep(-elapsed().minus(HOUR.plusSeconds(1)).toMillis());
              });
        },
        HOUR.plusSeconds(1)),
    STAMPED_LOCK(() -> {
      var lock = new StampedLock();
      lock.writeLock();
      assertThat(lock.tryReadLock(1, TimeUnit.HOURS)).isZero();
    }),
    CONDITION_AWAIT(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      assertThat(lock.newCondition().await(1, TimeUnit.HOURS)).isFalse();
    }),
    CONDITION_AWAIT_UNTIL(() -> {
      var lock = new ReentrantLock();
      lock.lock();
      assertThat(lock.newCondition().awaitUntil(Date.from(START.plus(HOUR)))).isFalse();
    }),
    LATCH(() -> assertThat(new CountDownLatch(1).await(1, TimeUnit.HOURS)).isFalse()),
    SEMAPHORE(() -> assertThat(new Semaphore(0).tryAcquire(1, TimeUnit.HOURS)).isFalse()),
    BARRIER(() ->
        assertThatThrownBy(() -> new CyclicBarrier(2).await(1, TimeUnit.HOURS))
            .isInstanceOf(TimeoutException.class)),
    PHASER(() ->
        assertThatThrownBy(() -> new Phaser(1).awaitAdvanceInterruptibly(0, 1, TimeUnit.HOURS))
            .isInstanceOf(TimeoutException.class)),
    EXCHANGER(() ->
        assertThatThrownBy(() -> new Exchanger<>().exchange(1, 1, TimeUnit.HOURS))
            .isInstanceOf(TimeoutException.class)),
    COMPLETABLE_FUTURE(() ->
        assertThatThrownBy(() -> new CompletableFuture<>().get(1, TimeUnit.HOURS))
            .isInstanceOf(TimeoutException.class)),
    FUTURE_TASK(() ->
        assertThatThrownBy(() -> new FutureTask<>(() -> 1).get(1, TimeUnit.HOURS))
            .isInstanceOf(TimeoutException.class));

    private final Action<Exception> body;
    private final Duration expected;

    TimedWait(Action<Exception> body) {
      this(body, HOUR);
    }

    TimedWait(Action<Exception> body, Duration expected) {
      this.body = body;
      this.expected = expected;
    }
  }

  private record Due(long at) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesVirtualTime(TimedWait timedWait) throws Exception {
    simulateAction(() -> {
      timedWait.body.run();
      long expected = timedWait.expected.toNanos();
      assertThat(System.nanoTime()).isBetween(expected, expected + 1); // a FutureTask takes 0 for 1
    });
  }

  @Test
  void clocksTellTheLoopsTime() throws Exception {
    simulateAction(() -> {
      LongSupplier nanoTime = System::nanoTime;
      Supplier<Instant> now = Instant::now;
      Thread.sleep(HOUR);
      var time = START.plus(HOUR);
      assertThat(System.nanoTime()).isEqualTo(HOUR.toNanos());
      assertThat(nanoTime.getAsLong()).isEqualTo(HOUR.toNanos());
      assertThat(System.currentTimeMillis()).isEqualTo(time.toEpochMilli());
      assertThat(Instant.now()).isEqualTo(time);
      assertThat(now.get()).isEqualTo(time);
      assertThat(Clock.systemUTC().millis()).isEqualTo(time.toEpochMilli());
      assertThat(Clock.systemDefaultZone().instant()).isEqualTo(time);
      assertThat(LocalDateTime.now(ZoneOffset.UTC)).isEqualTo("2000-01-01T00:00:00");
      assertThat(new Date()).isEqualTo(Date.from(time));
      assertThat(Calendar.getInstance().toInstant()).isEqualTo(time);
    });
  }

  // --- programs

  /** Blocking code with a back-off and a deadline of its own. */
  private static <T> T retry(FutureTask<T> work, Duration limit) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long pause = 100; ; pause *= 2) {
      if (work.isDone()) {
        return work.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException();
      }
      Thread.sleep(pause);
    }
  }

  @Test
  void retriesUntilItsDeadline() throws Exception {
    simulateAction(() -> {
      assertThatThrownBy(() -> retry(new FutureTask<>(() -> 1), Duration.ofSeconds(10)))
          .isInstanceOf(TimeoutException.class);
      assertThat(elapsed()).isEqualTo(Duration.ofMillis(12_700)); // 0.1 + 0.2 + … + 6.4
    });
  }

  @Test
  void retriesUntilAnotherTaskIsReady() throws Exception {
    simulateAction(() -> {
      var work = new FutureTask<>(() -> 1);
      gather(
          () -> {
            retry(work, Duration.ofSeconds(10));
            assertThat(elapsed()).isEqualTo(Duration.ofMillis(6_300));
          },
          () -> {
            Thread.sleep(5_000);
            work.run();
          });
    });
  }

  @Test
  void producerSleepsAndConsumerTakes() throws Exception {
    simulateAction(() -> {
      var queue = new ArrayBlockingQueue<Integer>(1);
      var taken = new ArrayList<Integer>();
      gather(
          () -> {
            for (int i = 0; i < 1_000; i++) {
              Thread.sleep(1_000);
              queue.put(i);
            }
          },
          () -> {
            for (int i = 0; i < 1_000; i++) {
              taken.add(queue.take());
            }
          });
      assertThat(taken).hasSize(1_000).isSorted();
      assertThat(elapsed()).isEqualTo(Duration.ofSeconds(1_000));
    });
  }

  @Test
  void sleepsWhileOthersWaitForItsMonitor() throws Exception {
    simulateAction(() -> {
      var monitor = new Object();
      Action<Exception> body =
          () -> {
            synchronized (monitor) {
              Thread.sleep(HOUR);
            }
          };
      gather(body, body);
      assertThat(elapsed()).isEqualTo(HOUR.multipliedBy(2));
    });
  }

  @Test
  void isNotifiedBeforeItsTimeOut() throws Exception {
    simulateAction(() -> {
      var monitor = new Object();
      gather(
          () -> {
            synchronized (monitor) {
              monitor.wait(HOUR.toMillis());
            }
            assertThat(elapsed()).isEqualTo(Duration.ofMinutes(1));
          },
          () -> {
            Thread.sleep(Duration.ofMinutes(1));
            synchronized (monitor) {
              monitor.notifyAll();
            }
          });
    });
  }

  // --- interrupts and cancels

  @Test
  void interruptEndsASleep() throws Exception {
    simulateAction(() -> {
      var sleeper = Thread.currentThread();
      var other =
          Async.createTask(() -> {
            Thread.sleep(1_000);
            sleeper.interrupt();
          });
      assertThatThrownBy(() -> Thread.sleep(HOUR)).isInstanceOf(InterruptedException.class);
      assertThat(sleeper.isInterrupted()).isFalse();
      assertThat(elapsed()).isEqualTo(Duration.ofSeconds(1));
      other.await();
    });
  }

  @Test
  void interruptedThreadDoesNotSleep() throws Exception {
    simulateAction(() -> {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> Thread.sleep(HOUR)).isInstanceOf(InterruptedException.class);
      assertThat(elapsed()).isZero();
    });
  }

  @Test
  void interruptEndsAnObjectWait() throws Exception {
    simulateAction(() -> {
      var waiter = Thread.currentThread();
      var other =
          Async.createTask(() -> {
            Thread.sleep(1_000);
            waiter.interrupt();
          });
      var monitor = new Object();
      synchronized (monitor) {
        assertThatThrownBy(monitor::wait).isInstanceOf(InterruptedException.class);
      }
      assertThat(elapsed()).isEqualTo(Duration.ofSeconds(1));
      other.await();
    });
  }

  @Test
  void cancelInterruptsASleep() throws Exception {
    simulateAction(() -> {
      var seen = new ArrayList<Throwable>();
      assertThatThrownBy(() ->
              timeout(
                  Duration.ofSeconds(2),
                  () -> {
                    try {
                      Thread.sleep(HOUR);
                    } catch (InterruptedException e) {
                      seen.add(e);
                      throw e;
                    }
                  }))
          .isInstanceOf(TimeoutException.class);
      assertThat(seen).hasSize(1);
      assertThat(elapsed()).isEqualTo(Duration.ofSeconds(2));
      Thread.sleep(1_000); // nothing is left of the interrupt
    });
  }

  @Test
  void unparkEndsAParkButNoSleep() throws Exception {
    simulateAction(() -> {
      var waiter = Thread.currentThread();
      var other =
          Async.createTask(() -> {
            Thread.sleep(1_000);
            LockSupport.unpark(waiter);
            Thread.sleep(1_000);
            LockSupport.unpark(waiter);
          });
      LockSupport.parkNanos(HOUR.toNanos());
      assertThat(elapsed()).isEqualTo(Duration.ofSeconds(1));
      Thread.sleep(HOUR);
      assertThat(elapsed()).isEqualTo(HOUR.plusSeconds(1));
      other.await();
    });
  }

  @Test
  void refusesWhatTheJdkRefuses() throws Exception {
    simulateAction(() -> {
      assertThatThrownBy(() -> Thread.sleep(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Thread.sleep(1, -1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Object().wait(1))
          .isInstanceOf(IllegalMonitorStateException.class);
      Thread.sleep(Duration.ofSeconds(-1));
      LockSupport.parkNanos(-1);
      LockSupport.parkUntil(0);
      assertThat(elapsed()).isZero();
    });
  }

  /** Its initializer cannot be left for another task. */
  private static final class Sleepy {
    static final long SLEPT = sleep();

    private static long sleep() {
      try {
        Thread.sleep(HOUR);
        return 1;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void refusesToSleepWhereItWouldHoldTheLoop() throws Exception {
    simulateAction(() ->
        assertThatThrownBy(() -> assertThat(Sleepy.SLEPT).isOne())
            .isInstanceOf(ExceptionInInitializerError.class)
            .hasRootCauseInstanceOf(IllegalStateException.class)
            .rootCause()
            .hasMessageContaining("cannot wait for a JDK wait with a time-out here"));
  }

  // --- other threads

  @Test
  void workOfOtherThreadsComesBeforeATimeOut() throws Exception {
    simulateAction(() -> {
      var future = CompletableFuture.supplyAsync(TimedCallsTest::realPause);
      assertThat(future.get(1, TimeUnit.HOURS)).isNotEqualTo(START);
      assertThat(elapsed()).isZero();
    });
  }

  @Test
  void poolComesBeforeATimeOut() throws Exception {
    simulateAction(() -> {
      try (var pool = Executors.newSingleThreadExecutor()) {
        var future = pool.submit(TimedCallsTest::realPause);
        assertThat(future.get(1, TimeUnit.HOURS)).isNotEqualTo(START);
      }
      assertThat(elapsed()).isZero();
    });
  }

  /** Takes so long that a loop which did not wait would be done. */
  private static Instant realPause() {
    try {
      Thread.sleep(5);
      return Instant.now();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void otherThreadsHaveTheMachinesTime() throws Exception {
    assertThat(Instant.now()).isAfter(VirtualClock.START);
    simulateAction(() -> {
      assertThat(toThread(() -> Instant.now())).isAfter(VirtualClock.START);
      var seen = new CompletableFuture<Instant>();
      Thread.startVirtualThread(() -> seen.complete(Instant.now()));
      assertThat(seen.get()).isAfter(VirtualClock.START);
    });
  }

  @Test
  void tasksOfAnOrdinaryLoopHaveTheMachinesTime() throws Exception {
    var seen =
        Async.run(() -> {
          long before = System.nanoTime();
          Thread.sleep(20);
          assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(20_000_000);
          return Instant.now();
        });
    assertThat(seen).isAfter(VirtualClock.START);
  }

  @Test
  void tasksOfThePortableEngineHaveTheMachinesTime() throws Exception {
    var loop =
        EventLoop.builder()
            .clock(new VirtualClock(START))
            .engine(EventLoop.Engine.PORTABLE)
            .build();
    assertThat(loop.<Instant, RuntimeException>run(Instant::now)).isAfter(VirtualClock.START);
  }
}
