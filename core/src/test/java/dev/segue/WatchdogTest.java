package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.io.FileInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Real time is what these test: each stall lasts until its report has come. */
@Timeout(60)
class WatchdogTest {
  private final LinkedBlockingQueue<Stall> stalls = new LinkedBlockingQueue<>();
  private final AtomicBoolean reported = new AtomicBoolean();

  private EventLoop.Builder watched() {
    return EventLoop.builder()
        .name("watched")
        .stallThreshold(Duration.ofMillis(50))
        .stallHandler(stall -> {
          stalls.add(stall);
          reported.set(true);
        });
  }

  private void computeUntilReported() {
    while (!reported.get()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aStallIsReportedWhileItLastsWithItsTaskAndStack() throws Exception {
    watched()
        .build()
        .run(() ->
            Async.createTask("hog", this::computeUntilReported).await()); // ends on the report
    var stall = stalls.take();
    assertThat(stall.task().name()).isEqualTo("hog");
    assertThat(stall.loop().name()).isEqualTo("watched");
    assertThat(stall.lasted()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(stall.cause()).isEqualTo(Stall.Cause.CPU);
    assertThat(stall.stack())
        .anyMatch(frame -> frame.getMethodName().equals("computeUntilReported"));
    assertThat(stall.toString()).contains("'hog'", "Async.toThread", "computeUntilReported");
  }

  @Test
  @CarrierOnly(Difference.STALLS)
  void copyingIsComputingThoughItsTopFrameIsNative() throws Exception {
    var from = new byte[1 << 22];
    var to = new byte[from.length];
    watched()
        .build()
        .run(() -> {
          while (!reported.get()) {
            System.arraycopy(from, 0, to, 0, from.length);
          }
        });
    assertThat(stalls.take().cause()).isEqualTo(Stall.Cause.CPU);
  }

  @Test
  void aLongStallIsReportedAgain() throws Exception {
    watched()
        .build()
        .run(() -> {
          while (stalls.size() < 3) {
            Thread.onSpinWait();
          }
        });
    var first = stalls.take();
    var second = stalls.take();
    assertThat(second.lasted()).isGreaterThanOrEqualTo(first.lasted().multipliedBy(2));
  }

  @Test
  void aReadOfAPipeIsToldFromComputing(@TempDir Path folder) throws Exception {
    var pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (var out = new java.io.FileOutputStream(pipe.toFile())) {
            while (!reported.get()) {
              Thread.onSpinWait();
            }
            out.write(7);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    int read =
        watched()
            .build()
            .run(() -> {
              try (var in = new FileInputStream(pipe.toFile())) {
                return in.read();
              }
            });
    assertThat(read).isEqualTo(7);
    assertThat(stalls.take().cause()).isEqualTo(Stall.Cause.NATIVE_CALL);
  }

  /** Waits in its initializer, where a virtual thread cannot be unmounted. */
  private static final class SlowClass {
    static CountDownLatch go = new CountDownLatch(1);

    static void touch() {}

    private static final class Inner {
      static {
        try {
          go.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }

      static void touch() {}
    }
  }

  @Test
  @CarrierOnly(Difference.PINNED)
  void aWaitInAClassInitializerIsAPinnedWait() throws Exception {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!reported.get()) {
            Thread.onSpinWait();
          }
          SlowClass.go.countDown();
        });
    watched().build().run(() -> SlowClass.Inner.touch());
    assertThat(stalls.take().cause()).isEqualTo(Stall.Cause.PINNED_WAIT);
  }

  private static final class OtherSlowClass {
    static final CountDownLatch STARTED = new CountDownLatch(1);
    static final CountDownLatch GO = new CountDownLatch(1);

    private static final class Inner {
      static {
        STARTED.countDown();
        try {
          GO.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }

      static void touch() {}
    }
  }

  @Test
  @CarrierOnly(Difference.STALLS)
  @EnabledForJreRange(max = JRE.JAVA_25) // from JDK 26 on this wait lets the other tasks run
  void waitingForAClassThatAnotherThreadInitializesIsToldApart() throws Exception {
    Thread.ofPlatform().daemon().start(OtherSlowClass.Inner::touch);
    OtherSlowClass.STARTED.await();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!reported.get()) {
            Thread.onSpinWait();
          }
          OtherSlowClass.GO.countDown();
        });
    watched().build().run(() -> OtherSlowClass.Inner.touch());
    assertThat(stalls.take().cause()).isEqualTo(Stall.Cause.CLASS_INITIALIZATION);
  }

  /** Computes in its initializer until it is told not to. */
  private static final class HeavyClass {
    private static final AtomicBoolean GO_ON = new AtomicBoolean(true);

    private static final class Inner {
      static {
        while (GO_ON.get()) {
          Thread.onSpinWait();
        }
      }

      static void touch() {}
    }
  }

  @Test
  void theFirstUseOfAClassIsToldFromComputing() throws Exception {
    watched()
        .stallHandler(stall -> {
          stalls.add(stall);
          HeavyClass.GO_ON.set(false);
        })
        .build()
        .run(() -> HeavyClass.Inner.touch());
    assertThat(stalls.take().cause()).isEqualTo(Stall.Cause.CLASS_LOADING);
  }

  /** Its main task needs the class whose initializer waits for that task: a deadlock of the JVM. */
  static final class RunsInAnInitializer {
    private static final class Config {
      static final String VALUE =
          EventLoop.builder()
              .stallThreshold(Duration.ofMillis(50))
              .stallHandler(RunsInAnInitializer::tell) // no lambda: that would need Config, too
              .build()
              .run(() -> "loaded");
    }

    static void tell(Stall stall) {
      System.out.println(stall.cause());
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }

    public static void main(String[] args) {
      System.out.println(Config.VALUE);
    }
  }

  @Test
  void aRunInAClassInitializerIsNamed() throws Exception {
    var engine = "-Dsegue.engine=" + System.getProperty("segue.engine", "carrier");
    try (var child = ChildJvm.start(RunsInAnInitializer.class, engine)) {
      assertThat(child.output()).contains("CLASS_INITIALIZATION");
    }
  }

  @Test
  void aStallOfALoopThatComesRightAfterManyOthersIsReported() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      watched().build().runHere(Async::checkpoint); // the watchdog is not woken for each
    }
    watched().name("the last").build().runHere(this::computeUntilReported);
    assertThat(stalls.take().loop().name()).isEqualTo("the last");
  }

  @Test
  void anIdleLoopIsNotReported() throws Exception {
    watched()
        .stallThreshold(Duration.ofMillis(500)) // more than a noisy machine's pauses
        .build()
        .run(() -> Async.sleep(Duration.ofMillis(1_100)));
    assertThat(stalls).isEmpty();
  }

  @Test
  void aBusyLoopWhoseTasksTakeTurnsIsNotReported() throws Exception {
    watched()
        .stallThreshold(Duration.ofMillis(1_000)) // more than a noisy machine's pauses
        .build()
        .run(() -> {
          long end = System.nanoTime() + 1_500_000_000L;
          while (System.nanoTime() < end) {
            Async.checkpoint();
          }
        });
    assertThat(stalls).isEmpty();
  }

  @Test
  void aThresholdOfZeroReportsNothing() throws Exception {
    watched()
        .stallThreshold(Duration.ZERO)
        .build()
        .run(() -> {
          long end = System.nanoTime() + 300_000_000L;
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        });
    assertThat(stalls).isEmpty();
  }

  @Test
  void aHandlerThatThrowsIsCalledAgain() throws Exception {
    var second = new CountDownLatch(2);
    EventLoop.builder()
        .stallThreshold(Duration.ofMillis(50))
        .stallHandler(_ -> {
          second.countDown();
          throw new IllegalStateException("handler");
        })
        .build()
        .run(() -> {
          while (second.getCount() > 0) {
            Thread.onSpinWait();
          }
        });
    assertThat(second.await(0, TimeUnit.SECONDS)).isTrue();
  }

  /** Holds its loop until it is reported, but for no longer than it is told. */
  static final class Stalling {
    public static void main(String[] args) {
      var reported = new AtomicBoolean();
      long end = System.nanoTime() + Duration.ofMillis(Long.getLong("limit")).toNanos();
      EventLoop.builder()
          .stallThreshold(Duration.ofMillis(50))
          .stallHandler(_ -> {
            System.out.println("reported");
            reported.set(true);
          })
          .build()
          .run(() -> {
            while (!reported.get() && System.nanoTime() < end) {
              Thread.onSpinWait();
            }
          });
      System.out.println("ended");
    }
  }

  @Test
  void theWatchdogIsSilentUnderADebugger() throws Exception {
    var agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
    try (var debugged = ChildJvm.start(Stalling.class, agent, "-Dlimit=1000")) {
      assertThat(debugged.output()).contains("ended").doesNotContain("reported");
    }
    try (var plain = ChildJvm.start(Stalling.class, "-Dlimit=20000")) {
      assertThat(plain.output()).contains("reported");
    }
  }

  @Test
  void aCancelFromAnotherThreadInterruptsATaskThatHoldsTheLoop() throws Exception {
    try (var loop = EventLoop.builder().stallThreshold(Duration.ZERO).start()) {
      var begun = new CountDownLatch(1);
      var task =
          loop.submit(() -> {
            begun.countDown();
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            Async.checkpoint();
          });
      begun.await();
      task.cancel("enough");
      assertThat(loop.submit(task::outcome).get())
          .isInstanceOfSatisfying(
              Outcome.Cancellation.class, end -> assertThat(end.cause()).hasMessage("enough"));
    }
  }

  @Test
  void aTaskInAShieldIsNotInterruptedWhileItHoldsTheLoop() throws Exception {
    try (var loop = EventLoop.builder().stallThreshold(Duration.ZERO).start()) {
      var begun = new CountDownLatch(1);
      var interrupted = new AtomicBoolean();
      var task =
          loop.submit(() ->
              Async.shield(() -> {
                begun.countDown();
                long end = System.nanoTime() + 300_000_000L;
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
                interrupted.set(Thread.interrupted());
              }));
      begun.await();
      task.cancel();
      task.get();
      assertThat(interrupted).isFalse();
    }
  }

  /** The fault that {@link CarrierEngine#mendBlockingState} is for, made by hand. */
  @Test
  @CarrierOnly(Difference.JDK_FAULT)
  void aTaskThatTheJdkLeftInTheFaultyStateIsRepaired() throws Exception {
    var monitor = new Object();
    var state = stateField();
    boolean[] free = {false};
    watched()
        .stallThreshold(Duration.ofSeconds(30))
        .build()
        .run(() -> {
          var stuck =
              Async.createTask(
                  "stuck",
                  () -> {
                    synchronized (monitor) {
                      state.set(Thread.currentThread(), 12);
                      while (!free[0]) {
                        monitor.wait(1); // holds the loop from here on
                      }
                    }
                  });
          Async.checkpoint();
          Async.checkpoint(); // comes back only if the watchdog has freed the loop
          free[0] = true;
          stuck.await();
        });
    assertThat(stalls.take().cause()).isEqualTo(Stall.Cause.JDK_FAULT);
  }

  private static java.lang.invoke.VarHandle stateField() throws ReflectiveOperationException {
    var virtualThread = Class.forName("java.lang.VirtualThread");
    return java.lang.invoke.MethodHandles.privateLookupIn(
            virtualThread, java.lang.invoke.MethodHandles.lookup())
        .findVarHandle(virtualThread, "state", int.class);
  }

  @Test
  void theLoopsOwnWorkIsReportedWithoutATask() throws Exception {
    var slow = new AtomicBoolean();
    var ready = new FifoSchedule();
    var schedule =
        new Schedule() {
          @Override
          public void add(Task<?> task) {
            ready.add(task);
          }

          @Override
          public Task<?> next() {
            return ready.next();
          }

          @Override
          public int size() {
            if (slow.compareAndSet(true, false)) {
              computeUntilReported();
            }
            return ready.size();
          }
        };
    watched()
        .schedule(schedule)
        .build()
        .run(() -> {
          slow.set(true);
          Async.checkpoint();
        });
    var stall = stalls.take();
    assertThat(stall.cause()).isEqualTo(Stall.Cause.LOOP);
    assertThat(stall.task()).isNull();
    assertThat(stall.toString()).contains("ms: it is at work of its own", "computeUntilReported");
  }

  // --- when the whole JVM did not run

  @Test
  void onlyALongPauseIsATimeInWhichTheJvmDidNotRun() {
    assertThat(Watchdog.lost(12_500_000, 100_000_000)).isZero(); // a busy machine
    assertThat(Watchdog.lost(12_500_000, 300_000_000)).isEqualTo(300_000_000);
    assertThat(Watchdog.lost(100_000_000, 300_000_000)).isZero();
  }

  /** Takes long to look, as the first look does in a JVM that loads classes for it. */
  private static final class SlowToLookAt implements Watchdog.Watched {
    private final CountDownLatch nothingLost = new CountDownLatch(1);
    private int looks;

    @Override
    public long look(long now, long lost) {
      looks++;
      if (looks > 2 && lost == 0) { // the first ones may come after a sleep
        nothingLost.countDown();
      }
      LockSupport.parkNanos(300_000_000);
      return 10_000_000;
    }
  }

  @Test
  void howLongTheWatchdogLooksIsNoTimeInWhichTheJvmDidNotRun() throws Exception {
    var slow = new SlowToLookAt();
    Watchdog.watch(slow);
    try {
      assertThat(slow.nothingLost.await(50, TimeUnit.SECONDS)).isTrue();
    } finally {
      Watchdog.forget(slow);
    }
  }
}
