package dev.segue.simulated;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.gather;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.testing.Coverage;
import dev.segue.testing.Explorer;
import dev.segue.testing.Interleaving;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Run with the Java agent: the explorer controls ordinary sleeps, time-outs and clocks. */
@NeedsAgent
@Timeout(60)
class ExploredTimeTest {
  private static void io(int turns) {
    for (int i = 0; i < turns; i++) {
      checkpoint();
    }
  }

  /** Bodies that take another course each time, or real time, without the agent. */
  enum Controlled {
    NANO_TIME(() -> gather(() -> io((int) (System.nanoTime() % 50)), () -> io(2))),
    SLEEP(() ->
        gather(
            () -> {
              Thread.sleep(3_000);
              io(2);
            },
            () -> {
              Thread.sleep(2_000);
              io((int) (System.currentTimeMillis() % 4));
            })),
    BACK_OFF(() -> {
      var permits = new Semaphore(0);
      gather(
          () -> {
            long deadline = System.nanoTime() + 10_000_000_000L;
            for (long pause = 100; !permits.tryAcquire(); pause *= 2) {
              if (System.nanoTime() - deadline > 0) {
                return;
              }
              Thread.sleep(pause);
            }
          },
          () -> {
            Thread.sleep(1_000);
            permits.release();
          });
    }),
    QUEUE(() -> {
      var queue = new ArrayBlockingQueue<Integer>(1);
      gather(
          () -> {
            for (int i = 0; i < 3; i++) {
              Thread.sleep(1_000);
              queue.put(i);
            }
          },
          () -> {
            for (int i = 0; i < 3; i++) {
              while (queue.poll(400, TimeUnit.MILLISECONDS) == null) {
                io(1);
              }
            }
          });
    }),
    LOCK(() -> {
      var lock = new ReentrantLock();
      Action<Exception> body =
          () -> {
            if (lock.tryLock(1_500, TimeUnit.MILLISECONDS)) {
              Thread.sleep(1_000);
              lock.unlock();
            }
          };
      gather(body, body, body);
    }),
    LATCH(() -> {
      var latch = new CountDownLatch(2);
      gather(
          () -> latch.await(1, TimeUnit.SECONDS),
          latch::countDown,
          () -> {
            Thread.sleep(900);
            latch.countDown();
          });
    });

    private final Action<Exception> body;

    Controlled(Action<Exception> body) {
      this.body = body;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNotSuspected(Controlled controlled) {
    var explorer = Explorer.builder().schedules(300).build();
    var exploration = explorer.explore(controlled.body);
    assertThat(exploration.failure()).isEmpty();
    assertThat(exploration.uncontrolled()).isEmpty();
    assertThat(explorer.explore(controlled.body)).isEqualTo(exploration);
  }

  /** A worker that looks at its lease before it writes, and not while it does. */
  private static void writeAtLeisure() {
    var owner = new AtomicReference<>("first");
    long leaseEnds = System.nanoTime() + 1_000_000_000;
    var requests = new ArrayBlockingQueue<String>(1);
    gather(
        () -> {
          Thread.sleep(900);
          requests.put("write");
        },
        () -> {
          requests.take();
          if (System.nanoTime() < leaseEnds) {
            Thread.sleep(50);
            if (!owner.get().equals("first")) {
              throw new IllegalStateException("written without the lease");
            }
          }
        },
        () -> {
          Thread.sleep(1_000);
          owner.set("second");
        });
  }

  @Test
  void findsALeaseThatEndsMeanwhile() {
    var exploration = Explorer.create().explore(ExploredTimeTest::writeAtLeisure);
    var failure = exploration.failure().orElseThrow();
    assertThat(failure.kind()).isEqualTo(Interleaving.Kind.FAILED);
    assertThat(failure.toString())
        .contains("written without the lease", "ExploredTimeTest:", " sleep", "pass");
    var again =
        Explorer.builder()
            .replay(failure.replay())
            .build()
            .explore(ExploredTimeTest::writeAtLeisure);
    assertThat(again.failure().orElseThrow().steps()).isEqualTo(failure.steps());
    assertThat(again.uncontrolled()).isEmpty();
  }

  @Test
  void exhaustsSleepers() {
    Action<Exception> sleeper = () -> Thread.sleep(1_000);
    var exploration =
        Explorer.builder().slowSteps(0).build().explore(() -> gather(sleeper, sleeper, sleeper));
    assertThat(exploration.coverage()).isInstanceOf(Coverage.Exhausted.class);
    assertThat(exploration.schedules()).isEqualTo(36); // each order to begin in, and to end in
  }
}
