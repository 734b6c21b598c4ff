package dev.segue.waits;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code java.util.concurrent} blocks in: other tasks go on, and one of them can end it. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocksAndQueuesTest {
  /** A wait, and what ends it; made afresh by {@code setUp}, in the task that will end it. */
  record Case(String name, Callable<Pair> setUp) {
    @Override
    public String toString() {
      return name;
    }
  }

  record Pair(Action<? extends Exception> block, Action<? extends Exception> release) {}

  private static Case of(String name, Callable<Pair> setUp) {
    return new Case(name, setUp);
  }

  private static Pair pair(Action<? extends Exception> block, Action<? extends Exception> release) {
    return new Pair(block, release);
  }

  private static Pair take(BlockingQueue<String> queue) {
    return pair(queue::take, () -> queue.put("it"));
  }

  static Stream<Case> owned() {
    return Stream.of(
        of(
            "ReentrantLock.lock",
            () -> {
              var lock = new ReentrantLock();
              lock.lock();
              return pair(lock::lock, lock::unlock);
            }),
        of(
            "fair ReentrantLock.lockInterruptibly",
            () -> {
              var lock = new ReentrantLock(true);
              lock.lock();
              return pair(lock::lockInterruptibly, lock::unlock);
            }),
        of(
            "ReentrantLock.tryLock(time)",
            () -> {
              var lock = new ReentrantLock();
              lock.lock();
              return pair(() -> lock.tryLock(1, TimeUnit.MINUTES), lock::unlock);
            }),
        of(
            "ReentrantReadWriteLock.writeLock",
            () -> {
              var lock = new ReentrantReadWriteLock();
              lock.readLock().lock();
              return pair(lock.writeLock()::lock, lock.readLock()::unlock);
            }));
  }

  static Stream<Case> free() {
    return Stream.of(
        of(
            "StampedLock.readLock",
            () -> {
              var lock = new StampedLock();
              long stamp = lock.writeLock();
              return pair(lock::readLock, () -> lock.unlockWrite(stamp));
            }),
        of(
            "Condition.await",
            () -> {
              var lock = new ReentrantLock();
              var condition = lock.newCondition();
              return pair(
                  () -> {
                    lock.lock();
                    try {
                      condition.await();
                    } finally {
                      lock.unlock();
                    }
                  },
                  () -> {
                    lock.lock();
                    try {
                      condition.signal();
                    } finally {
                      lock.unlock();
                    }
                  });
            }),
        of(
            "Semaphore.acquire",
            () -> {
              var semaphore = new Semaphore(0);
              return pair(semaphore::acquire, semaphore::release);
            }),
        of(
            "CountDownLatch.await",
            () -> {
              var latch = new CountDownLatch(1);
              return pair(latch::await, latch::countDown);
            }),
        of(
            "CyclicBarrier.await",
            () -> {
              var barrier = new CyclicBarrier(2);
              return pair(barrier::await, barrier::await);
            }),
        of(
            "Phaser.awaitAdvance",
            () -> {
              var phaser = new Phaser(1);
              return pair(() -> phaser.awaitAdvance(0), phaser::arrive);
            }),
        of(
            "Exchanger.exchange",
            () -> {
              var exchanger = new Exchanger<String>();
              return pair(() -> exchanger.exchange("a"), () -> exchanger.exchange("b"));
            }),
        of(
            "LockSupport.park",
            () -> {
              var parked = new CompletableFuture<Thread>();
              return pair(
                  () -> {
                    parked.complete(Thread.currentThread());
                    LockSupport.park();
                  },
                  () -> LockSupport.unpark(parked.get()));
            }),
        of("LinkedBlockingQueue.take", () -> take(new LinkedBlockingQueue<>())),
        of("LinkedBlockingDeque.take", () -> take(new LinkedBlockingDeque<>())),
        of("PriorityBlockingQueue.take", () -> take(new PriorityBlockingQueue<>())),
        of("SynchronousQueue.take", () -> take(new SynchronousQueue<>())),
        of(
            "SynchronousQueue.put",
            () -> {
              var queue = new SynchronousQueue<String>();
              return pair(() -> queue.put("it"), queue::take);
            }),
        of(
            "full ArrayBlockingQueue.put",
            () -> {
              var queue = new ArrayBlockingQueue<String>(1);
              queue.put("first");
              return pair(() -> queue.put("second"), queue::take);
            }),
        of(
            "LinkedTransferQueue.transfer",
            () -> {
              var queue = new LinkedTransferQueue<String>();
              return pair(() -> queue.transfer("it"), queue::take);
            }),
        of(
            "CompletableFuture.get",
            () -> {
              var future = new CompletableFuture<String>();
              return pair(future::get, () -> future.complete("it"));
            }),
        of(
            "CompletableFuture.join",
            () -> {
              var future = new CompletableFuture<String>();
              return pair(future::join, () -> future.complete("it"));
            }),
        of(
            "FutureTask.get",
            () -> {
              var future = new FutureTask<>(() -> "it");
              return pair(future::get, future::run);
            }),
        of(
            "PipedInputStream.read",
            () -> {
              var in = new PipedInputStream();
              var out = new PipedOutputStream(in);
              return pair(
                  in::read,
                  () -> {
                    out.write(1);
                    out.flush();
                  });
            }));
  }

  static Stream<Case> all() {
    return Stream.concat(owned(), free());
  }

  @ParameterizedTest
  @MethodSource("all")
  void isEndedByAnotherTask(Case of) throws Exception {
    Async.run(() -> {
      var pair = of.setUp().call();
      Ticking.until(pair.release(), pair.block());
    });
  }

  @ParameterizedTest
  @MethodSource("free")
  void isEndedByAPlatformThread(Case of) throws Exception {
    Async.run(() -> {
      var pair = of.setUp().call();
      Ticking.until(() -> Async.toThread(pair.release()), pair.block());
    });
  }

  @Test
  void aLockThatAPlatformThreadHolds() throws Exception {
    var lock = new ReentrantLock();
    var held = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var owner = Executors.newSingleThreadExecutor()) {
      owner.submit(() -> {
        lock.lock();
        held.countDown();
        release.await();
        lock.unlock();
        return null;
      });
      held.await();
      Async.run(() -> Ticking.until(release::countDown, lock::lock));
    }
  }
}
