package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the portable engine's own; all else is tested for both, see CONTRIBUTING.md. */
@Timeout(60)
class PortableEngineTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private static EventLoop.Builder portable() {
    return EventLoop.builder().engine(EventLoop.Engine.PORTABLE).stallThreshold(Duration.ZERO);
  }

  @Test
  void theBuilderChoosesIt() {
    assertThat(portable().build().engine()).isEqualTo(EventLoop.Engine.PORTABLE);
  }

  @Test
  void onlyOneTaskRunsAtATime() throws Exception {
    var running = new int[1];
    var most = new int[1];
    portable()
        .build()
        .run(() -> {
          var bodies = new ArrayList<Action<RuntimeException>>();
          for (int i = 0; i < 20; i++) {
            bodies.add(() -> {
              for (int round = 0; round < 100; round++) {
                most[0] = Math.max(most[0], ++running[0]);
                Thread.yield();
                running[0]--;
                Async.checkpoint();
              }
            });
          }
          bodies.forEach(Async::createTask);
        });
    assertThat(most[0]).isLessThanOrEqualTo(1);
  }

  @Test
  void aJdkWaitHoldsTheLoop() throws Exception {
    var order = new ArrayList<String>();
    portable()
        .build()
        .run(() -> {
          var other = Async.createTask(() -> order.add("other"));
          Thread.sleep(20);
          order.add("main");
          other.await();
        });
    assertThat(order).containsExactly("main", "other");
  }

  @Test
  void aTimeOutReachesAJdkWait() {
    assertThatThrownBy(() ->
            portable()
                .build()
                .run(() -> Async.timeout(Duration.ofMillis(20), () -> Thread.sleep(LONG))))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void anOuterTimeOutReachesAJdkWait() throws Exception {
    portable()
        .build()
        .run(() ->
            assertThatThrownBy(() ->
                    Async.timeout(
                        Duration.ofMillis(20), () -> Async.timeout(LONG, () -> Thread.sleep(LONG))))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.02S"));
  }

  @Test
  void aTimeOutDoesNotReachAShieldedJdkWait() throws Exception {
    var slept =
        portable()
            .build()
            .run(() -> {
              try {
                return Async.timeout(
                    Duration.ofMillis(20),
                    () ->
                        Async.shield(() -> {
                          Thread.sleep(100);
                          return "slept";
                        }));
              } catch (TimeoutException _) {
                return "timed out";
              }
            });
    assertThat(slept).isEqualTo("slept");
  }

  @Test
  void noInterruptIsLeftOfATimeOutThatCameTooLate() throws Exception {
    portable()
        .build()
        .run(() -> {
          for (int round = 0; round < 20; round++) {
            try {
              Async.timeout(Duration.ofMillis(11), () -> Thread.sleep(10));
            } catch (TimeoutException _) {
              // It came just in time.
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
          }
        });
  }

  @Test
  void aCancelFromAnotherThreadReachesAJdkWait() throws Exception {
    var inWait = new CountDownLatch(1);
    try (var loop = portable().start()) {
      var task =
          loop.submit(() -> {
            inWait.countDown();
            Thread.sleep(LONG);
          });
      inWait.await();
      task.cancel();
      assertThatThrownBy(() -> task.get(30, TimeUnit.SECONDS))
          .isInstanceOf(java.util.concurrent.CancellationException.class);
    }
  }

  @Test
  void closingTheLoopReachesAJdkWait() throws Exception {
    var inWait = new CountDownLatch(1);
    var loop = portable().start();
    var task =
        loop.submit(() -> {
          inWait.countDown();
          Thread.sleep(LONG);
        });
    inWait.await();
    loop.close();
    assertThat(task.isCancelled()).isTrue();
  }

  @Test
  void theWatchdogNamesAJdkWait() throws Exception {
    var stall = new AtomicReference<Stall>();
    var seen = new CountDownLatch(1);
    portable()
        .stallThreshold(Duration.ofMillis(50))
        .stallHandler(found -> {
          stall.set(found);
          seen.countDown();
        })
        .build()
        .run(() -> seen.await());
    assertThat(stall.get().cause()).isEqualTo(Stall.Cause.JDK_WAIT);
    assertThat(stall.get().toString()).contains("Async.toThread", "CountDownLatch.await");
  }

  @Test
  void anInterruptOfSomebodyElseOutlastsASegueWait() throws Exception {
    boolean interrupted =
        portable()
            .build()
            .run(() -> {
              Thread.currentThread().interrupt();
              Async.sleep(Duration.ofMillis(1));
              return Thread.interrupted();
            });
    assertThat(interrupted).isTrue();
  }

  @Test
  void anUnparkDuringASegueWaitIsThereForTheNextPark() throws Exception {
    portable()
        .build()
        .run(() -> {
          var thread = Thread.currentThread();
          var other =
              Thread.ofPlatform()
                  .start(() -> {
                    while (thread.getState() != Thread.State.WAITING) {
                      Thread.onSpinWait();
                    }
                    LockSupport.unpark(thread);
                  });
          Async.sleep(Duration.ofMillis(200));
          LockSupport.park(); // returns, or the test hangs
          other.join();
        });
  }

  @Test
  void theExceptionHandlerIsInNoTask() throws Exception {
    var inTask = new AtomicReference<Throwable>();
    portable()
        .exceptionHandler((_, _) -> {
          try {
            Async.currentTask();
          } catch (IllegalStateException e) {
            inTask.set(e);
          }
        })
        .build()
        .run(() -> {
          Async.createTask(() -> {
            throw new IllegalArgumentException("nobody looks");
          });
          Async.checkpoint();
        });
    assertThat(inTask.get()).hasMessageContaining("must be called inside a task");
  }
}
