package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where the JDK's socket pollers run; here they are plain runnables, and the guard looks when it is
 * told to.
 */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(60)
class SocketPollersTest {
  private static final long LATER = TimeUnit.SECONDS.toNanos(1);

  private final List<Runnable> elsewhere = new CopyOnWriteArrayList<>();
  private final SocketPollers pollers = new SocketPollers(elsewhere::add);
  private final EventLoop loop = EventLoop.builder().start();
  private final EventLoop other = EventLoop.builder().start();
  private volatile boolean held = true;

  @AfterEach
  void close() {
    held = false;
    loop.close();
    other.close();
  }

  private static Kernel kernel(EventLoop loop) throws Exception {
    return loop.submit(() -> Async.currentTask().kernel()).get();
  }

  /** Has the loop's thread busy as long as {@link #held}. */
  private void hold(EventLoop held) throws InterruptedException {
    var begun = new CountDownLatch(1);
    held.execute(() -> {
      begun.countDown();
      while (this.held) {
        Thread.onSpinWait();
      }
    });
    begun.await();
  }

  private static long later() {
    return System.nanoTime() + LATER;
  }

  /** Runs a poller, and returns the thread that it runs on, for now or in the end. */
  private CompletableFuture<Thread> poll() {
    var thread = new CompletableFuture<Thread>();
    pollers.poll(() -> thread.complete(Thread.currentThread()));
    return thread;
  }

  @Test
  void withoutALoopTheyRunElsewhere() {
    pollers.poll(() -> {});
    assertThat(elsewhere).hasSize(1);
  }

  @Test
  void withOneLoopTheyRunOnItsThread() throws Exception {
    var kernel = kernel(loop);
    pollers.begin(kernel);
    assertThat(poll().get()).isSameAs(kernel.carrier());
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void withTwoLoopsTheyRunElsewhere() throws Exception {
    pollers.begin(kernel(loop));
    pollers.begin(kernel(other));
    pollers.poll(() -> {});
    assertThat(elsewhere).hasSize(1);
  }

  @Test
  void whenOneOfTwoLoopsEndsTheyRunOnTheOther() throws Exception {
    pollers.begin(kernel(loop));
    pollers.begin(kernel(other));
    pollers.end(kernel(loop));
    assertThat(poll().get()).isSameAs(kernel(other).carrier());
  }

  @Test
  void oneThatWaitsForALoopThatEndsRunsElsewhereAndOnlyThere() throws Exception {
    var kernel = kernel(loop);
    pollers.begin(kernel);
    hold(loop);
    var ran = poll();
    pollers.end(kernel);
    assertThat(elsewhere).hasSize(1);
    held = false;
    loop.close();
    assertThat(ran).isNotDone();
  }

  @Test
  void aLoopThatIsClosedTakesNone() throws Exception {
    pollers.begin(kernel(loop));
    loop.close();
    pollers.poll(() -> {});
    assertThat(elsewhere).hasSize(1);
  }

  @Test
  void aLoopThatLetsOneWaitLosesThem() throws Exception {
    pollers.begin(kernel(loop));
    hold(loop);
    long before = System.nanoTime();
    var ran = poll();
    pollers.look(before, 0);
    assertThat(elsewhere).isEmpty(); // it has not waited for long

    pollers.look(later(), 0);
    assertThat(elsewhere).hasSize(1);
    pollers.poll(() -> {});
    assertThat(elsewhere).hasSize(2);

    held = false;
    loop.submit(() -> 1).get();
    assertThat(ran).isNotDone();
  }

  @Test
  void aLoopThatGoesOnGetsThemBack() throws Exception {
    var kernel = kernel(loop);
    pollers.begin(kernel);
    hold(loop);
    pollers.poll(() -> {});
    pollers.look(later(), 0);
    pollers.look(later(), 0);
    pollers.poll(() -> {});
    assertThat(elsewhere).hasSize(2); // it is held still

    held = false;
    loop.submit(() -> 1).get();
    pollers.look(later(), 0);
    assertThat(poll().get()).isSameAs(kernel.carrier());
  }

  @Test
  @Tag("stress")
  void eachRunsOnceWhereverTheLoopsAndTheGuardAre() throws Exception {
    held = false;
    int runs = 20_000;
    var counts = new AtomicIntegerArray(runs);
    var left = new CountDownLatch(runs);
    try (var jdk = Executors.newSingleThreadExecutor()) {
      var raced = new SocketPollers(jdk);
      var mover =
          Thread.ofPlatform()
              .start(() -> {
                var random = new SplittableRandom(1);
                try {
                  while (left.getCount() > 0) {
                    var kernel = kernel(random.nextBoolean() ? loop : other);
                    switch (random.nextInt(3)) {
                      case 0 -> raced.begin(kernel);
                      case 1 -> raced.end(kernel);
                      default -> raced.look(later(), 0);
                    }
                  }
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      for (int i = 0; i < runs; i++) {
        int n = i;
        raced.poll(() -> {
          counts.incrementAndGet(n);
          left.countDown();
        });
      }
      left.await();
      mover.join();
    }
    for (int i = 0; i < runs; i++) {
      assertThat(counts.get(i)).as("runs of " + i).isEqualTo(1);
    }
  }

  // --- the JDK's own, in a JVM of their own, as they are made once

  @Test
  void pollersThatATaskMakesHaveItsScheduler() throws Exception {
    assertThat(schedulers("task first")).containsOnly("CarrierTask");
  }

  @Test
  void pollersThatRanBeforeStayWhereTheyAre() throws Exception {
    assertThat(schedulers("thread first")).containsOnly("ForkJoinPool");
  }

  @Test
  void aThreadThatTheyWakeIsNotTakenForOneOfThem() throws Exception {
    try (var jvm = ChildJvm.start(Library.class)) {
      assertThat(jvm.output()).matches("VirtualThread.*@ForkJoinPool.*");
    }
  }

  /** A child's program: a library's virtual thread, started in a task, reads from a socket. */
  static final class Library {
    public static void main(String[] args) throws Exception {
      Async.run(() -> {
        Sockets.talk(); // makes the pollers
        var thread =
            Thread.ofVirtual()
                .start(() -> {
                  Sockets.talk();
                  System.out.println(Thread.currentThread());
                });
        thread.join();
      });
    }
  }

  private static List<String> schedulers(String first) throws Exception {
    try (var jvm =
        ChildJvm.start(
            Sockets.class,
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "-Dthread.first=" + first.startsWith("thread"))) {
      return jvm.output().lines().toList();
    }
  }

  /** The child's program. */
  static final class Sockets {
    public static void main(String[] args) throws Exception {
      if (Boolean.getBoolean("thread.first")) {
        Thread.startVirtualThread(Sockets::talk).join();
      }
      Async.run(() -> {
        talk();
      });
      for (var poller : (List<?>) pollers().getMethod("readPollers").invoke(null)) {
        System.out.println(scheduler(poller).getClass().getSimpleName());
      }
    }

    private static void talk() {
      try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          var here = new Socket(server.getInetAddress(), server.getLocalPort());
          var there = server.accept()) {
        var writer =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    Thread.sleep(50); // so that the reader waits
                    there.getOutputStream().write(7);
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        if (here.getInputStream().read() != 7) {
          throw new IllegalStateException("not 7");
        }
        writer.join();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Class<?> pollers() throws ClassNotFoundException {
      return Class.forName("sun.nio.ch.Poller");
    }

    private static Object scheduler(Object poller) throws Exception {
      var owner = pollers().getDeclaredField("owner");
      owner.setAccessible(true);
      var thread = owner.get(poller);
      while (thread == null) { // it is starting
        Thread.onSpinWait();
        thread = owner.get(poller);
      }
      var scheduler = thread.getClass().getDeclaredField("scheduler");
      scheduler.setAccessible(true);
      return scheduler.get(thread);
    }
  }
}
