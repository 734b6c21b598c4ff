package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.EventLoop;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Virtual threads that a library starts inside a task, where the JDK has them inherit the task's
 * scheduler: they run beside the loop, not on it.
 */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LibraryVirtualThreadsTest {
  private static final String LOOP = "the-loop";

  private final EventLoop loop = EventLoop.builder().name(LOOP).build();

  @AfterEach
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void close() {
    loop.close();
  }

  /** The name of the platform thread that carries the calling virtual one, as its text shows it. */
  private static String carrier() {
    var text = Thread.currentThread().toString();
    return text.substring(text.lastIndexOf('@') + 1);
  }

  private static <T> FutureTask<T> start(Callable<T> body) {
    var future = new FutureTask<>(body);
    Thread.ofVirtual().start(future);
    return future;
  }

  @Test
  void aTaskIsCarriedByTheLoop() {
    loop.run(() -> assertThat(carrier()).isEqualTo(LOOP));
  }

  @Test
  void aVirtualThreadOfATaskIsNot() throws Exception {
    loop.run(() ->
        assertThat(start(LibraryVirtualThreadsTest::carrier).get())
            .startsWith("ForkJoinPool")
            .isNotEqualTo(LOOP));
  }

  @Test
  void norAreItsOwnVirtualThreads() throws Exception {
    loop.run(() ->
        assertThat(start(() -> start(LibraryVirtualThreadsTest::carrier).get()).get())
            .startsWith("ForkJoinPool"));
  }

  @Test
  void norIsOneThatWasMadeInATaskAndStartedElsewhere() throws Exception {
    loop.run(() -> {
      var carrier = new CompletableFuture<String>();
      var thread = Thread.ofVirtual().unstarted(() -> carrier.complete(carrier()));
      Async.toThread(thread::start);
      assertThat(carrier.get()).startsWith("ForkJoinPool");
    });
  }

  @Test
  void itRunsWhileATaskHoldsTheLoop() {
    loop.run(() -> {
      var runs = start(() -> "ran");
      while (!runs.isDone()) {
        Thread.onSpinWait();
      }
    });
  }

  @Test
  void itGoesOnAfterEachOfItsWaits() throws Exception {
    loop.run(() -> {
      var in = new LinkedBlockingQueue<Integer>();
      var out = new LinkedBlockingQueue<String>();
      start(() -> {
        for (int i = 0; i < 100; i++) {
          out.put(in.take() + carrier().substring(0, 4));
        }
        return null;
      });
      for (int i = 0; i < 100; i++) {
        in.put(i);
        assertThat(out.take()).isEqualTo(i + "Fork");
      }
    });
  }

  @Test
  void itGoesOnAfterTheLoopHasEnded() throws Exception {
    var release = new CountDownLatch(1);
    var thread = new CompletableFuture<Thread>();
    var waiting =
        loop.run(() ->
            start(() -> {
              thread.complete(Thread.currentThread());
              release.await();
              Thread.sleep(1);
              synchronized (release) {
                release.wait(1);
              }
              return carrier();
            }));
    loop.close();
    release.countDown();
    assertThat(waiting.get()).startsWith("ForkJoinPool");
    thread.get().join();
  }

  @Test
  void itIsWokenByATaskAndWakesOne() throws Exception {
    loop.run(() -> {
      var task = Thread.currentThread();
      var virtual = new CompletableFuture<Thread>();
      var woken = new CountDownLatch(1);
      start(() -> {
        virtual.complete(Thread.currentThread());
        LockSupport.park();
        LockSupport.unpark(task);
        woken.countDown();
        return null;
      });
      LockSupport.unpark(virtual.get());
      LockSupport.park();
      woken.await();
    });
  }

  @Test
  void itIsInNoTask() throws Exception {
    loop.run(() ->
        start(
                () -> {
                  assertThatIllegalStateException()
                      .isThrownBy(Async::currentTask)
                      .withMessageContaining("VirtualThread");
                  assertThatIllegalStateException().isThrownBy(Async::checkpoint);
                  return null;
                })
            .get());
  }

  @Test
  void itMaySubmitToTheLoop() throws Exception {
    loop.run(
        () -> assertThat(start(() -> loop.submit(() -> carrier()).get()).get()).isEqualTo(LOOP));
  }

  @Test
  void anExecutorOfVirtualThreads() throws Exception {
    loop.run(() -> {
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        var carriers =
            executor.invokeAll(
                List.<Callable<String>>of(
                    LibraryVirtualThreadsTest::carrier, LibraryVirtualThreadsTest::carrier));
        assertThat(carriers)
            .extracting(carrier -> carrier.resultNow())
            .allMatch(name -> name.startsWith("ForkJoinPool"));
      }
    });
  }
}
