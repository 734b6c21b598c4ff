package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that serves a loop, and the threads of its tasks. */
@Timeout(60)
class CarrierTest {
  @Test
  void aRunHasANamedPlatformThreadOfItsOwn() {
    var caller = Thread.currentThread();
    EventLoop.builder()
        .name("named")
        .build()
        .run(() -> {
          var carrier = Async.currentLoop().thread();
          assertThat(carrier).isNotSameAs(caller);
          assertThat(carrier.isVirtual()).isFalse();
          assertThat(carrier.getName()).isEqualTo("named");
        });
  }

  @Test
  void aTaskIsAVirtualThreadWithItsName() {
    Async.run(() -> {
      var thread = Async.createTask("worker", Thread::currentThread).await();
      assertThat(thread.isVirtual()).isTrue();
      assertThat(thread.getName()).isEqualTo("worker");
    });
  }

  @Test
  @CarrierOnly(Difference.ONE_THREAD)
  void tasksTakeTurnsOnOneCarrier() throws Exception {
    Async.run(() -> {
      var carrier = Async.currentLoop().thread().getName();
      for (int i = 0; i < 10; i++) {
        Async.gather(
            () -> assertThat(Thread.currentThread().toString()).contains("@" + carrier),
            () -> assertThat(Thread.currentThread().toString()).contains("@" + carrier));
        Thread.sleep(1);
        assertThat(Thread.currentThread().toString()).contains("@" + carrier);
      }
    });
  }

  @Test
  void anInterruptOfTheCallerCancelsTheMainTaskAndIsKept() throws Exception {
    var begun = new CountDownLatch(1);
    var thrown = new AtomicReference<Throwable>();
    var flag = new AtomicReference<Boolean>();
    var caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Async.run(() -> {
                  begun.countDown();
                  Async.sleep(Duration.ofMinutes(5));
                });
              } catch (Cancelled e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    begun.await();
    caller.interrupt();
    caller.join();
    assertThat(thrown.get()).hasMessage("the thread that called run was interrupted");
    assertThat(flag.get()).isTrue();
  }

  @Test
  void anInterruptOfTheCallerReachesAJdkWaitOfTheMainTask() throws Exception {
    var begun = new CountDownLatch(1);
    var thrown = new AtomicReference<Throwable>();
    var caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Async.run(() -> {
                  begun.countDown();
                  Thread.sleep(Duration.ofMinutes(5));
                });
              } catch (Cancelled e) {
                thrown.set(e);
              }
            });
    begun.await();
    caller.interrupt();
    caller.join();
    assertThat(thrown.get())
        .isInstanceOf(Cancelled.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void aRunCalledOnAVirtualThreadWorks() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.submit(() -> Async.run(() -> Async.createTask(() -> 5).await())).get())
          .isEqualTo(5);
    }
  }

  @Test
  void aCallersMonitorIsNotTheBodys() {
    var monitor = new Object();
    synchronized (monitor) {
      Async.run(() -> assertThat(Thread.holdsLock(monitor)).isFalse());
    }
  }

  @Test
  void anInterruptOfTheLoopsOwnThreadMeansNothing() {
    Async.run(() -> {
      Async.currentLoop().thread().interrupt();
      Async.sleep(Duration.ofMillis(5));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    });
  }

  @Test
  void aForeignInterruptDoesNotEndASegueWaitAndIsKept() {
    Async.run(() -> {
      Thread.currentThread().interrupt();
      Async.sleep(Duration.ofMillis(5));
      Async.createTask(() -> 1).await();
      assertThat(Thread.interrupted()).isTrue();
    });
  }

  @Test
  void aLoopIsClosedByAnotherThreadThanItsOwn() {
    Async.run(() ->
        assertThatThrownBy(() -> Async.currentLoop().close())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("cannot be closed from one of its own tasks"));
  }

  @Test
  void workThatATaskWaitsForDoesNotCloseItsLoop() {
    Async.run(() -> {
      var loop = Async.currentLoop();
      assertThatThrownBy(() -> Async.toThread(loop::close))
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("from work that such a task waits for");
    });
  }

  @Test
  void aCloseThatFailsInAnAbsorbedCancelReachesTheExceptionHandler() {
    var handled = new CopyOnWriteArrayList<String>();
    EventLoop.builder()
        .exceptionHandler((_, failure) -> handled.add(String.valueOf(failure.getMessage())))
        .build()
        .run(() -> {
          boolean finished =
              CancelScope.within(Duration.ofMillis(1))
                  .run(() -> {
                    try (var bad = new BadResource()) {
                      bad.use();
                    }
                  });
          assertThat(finished).isFalse();
        });
    assertThat(handled).containsExactly("cannot close");
  }

  private static final class BadResource implements AutoCloseable {
    void use() {
      Async.sleep(Duration.ofMinutes(1));
    }

    @Override
    public void close() {
      throw new IllegalStateException("cannot close");
    }
  }

  private static final class WaitsInInitializer {
    static {
      Async.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  @CarrierOnly(Difference.PINNED)
  void aSegueWaitInAClassInitializerThrowsAtOnceAndTheLoopGoesOn() {
    Async.run(() -> {
      assertThatThrownBy(WaitsInInitializer::new)
          .isInstanceOf(ExceptionInInitializerError.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("class initializer");
      Async.sleep(Duration.ofMillis(1));
      assertThat(Async.createTask(() -> 1).await()).isEqualTo(1);
    });
  }
}
