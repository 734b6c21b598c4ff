package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.ReturnWhen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits of every kind, ended from both sides at once: nothing hangs, and every task ends once. */
@Tag("stress")
@Timeout(120)
class StressTest {
  private static final int TASKS = 4_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyTaskEndsOnceWhateverEndsItsWaits(long seed) throws Exception {
    var ended = new AtomicInteger();
    var threads = new LinkedBlockingQueue<Thread>();
    var futures = new LinkedBlockingQueue<CompletableFuture<Integer>>();
    var tasks = new LinkedBlockingQueue<Task<?>>();
    var meddler =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              var random = new SplittableRandom(seed);
              while (!Thread.currentThread().isInterrupted()) {
                switch (random.nextInt(4)) {
                  case 0 -> LockSupport.unpark(threads.peek());
                  case 1 -> {
                    var future = futures.poll();
                    if (future != null) {
                      future.complete(1);
                    }
                  }
                  case 2 -> {
                    var task = tasks.poll();
                    if (task != null && random.nextInt(3) == 0) {
                      task.cancel("meddler");
                    }
                  }
                  default -> {
                    var thread = threads.poll();
                    if (thread != null) {
                      var _ = thread.getStackTrace();
                    }
                  }
                }
              }
            });
    EventLoop.builder()
        .stallThreshold(Duration.ZERO)
        .build()
        .run(() -> {
          var random = new SplittableRandom(seed);
          var all = new ArrayList<Task<Integer>>();
          for (int i = 0; i < TASKS; i++) {
            int kind = random.nextInt(7);
            var before = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
            var task =
                Async.createTask(() -> {
                  threads.add(Thread.currentThread());
                  return wait(kind, before, futures);
                });
            task.whenDone(_ -> ended.incrementAndGet());
            all.add(task);
            tasks.add(task);
            if (i % 16 == 0) {
              Async.checkpoint();
            }
            if (random.nextInt(8) == 0) {
              all.get(random.nextInt(all.size())).cancel("sibling");
            }
          }
          for (var future = futures.poll(); future != null; future = futures.poll()) {
            future.complete(2);
          }
          var done = Async.waitFor(all, ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(60));
          assertThat(done.pending()).isEmpty();
          for (var task : all) {
            assertThat(task.outcome()).isNotInstanceOf(Outcome.Failure.class);
          }
        });
    meddler.interrupt();
    meddler.join();
    assertThat(ended).hasValue(TASKS);
  }

  private static int wait(
      int kind, Task<Integer> before, LinkedBlockingQueue<CompletableFuture<Integer>> futures)
      throws Exception {
    switch (kind) {
      case 0 -> Async.sleep(Duration.ofMillis(3));
      case 1 -> Thread.sleep(3);
      case 2 -> {
        try {
          return before == null ? 0 : before.await();
        } catch (CompletionException | DeadlockException e) {
          return -1;
        } catch (Cancelled e) {
          throw e;
        } catch (CancellationException e) {
          return -2; // the one before was cancelled, not this
        }
      }
      case 3 -> {
        var future = new CompletableFuture<Integer>();
        futures.add(future);
        try {
          return Async.timeout(Duration.ofMillis(5), () -> Async.await(future));
        } catch (TimeoutException e) {
          return -3;
        }
      }
      case 4 -> Async.toThread(() -> LockSupport.parkNanos(100_000));
      case 5 ->
          TaskGroup.run(group -> {
            group.spawn(() -> Async.sleep(Duration.ofMillis(1)));
            group.spawn(() -> Thread.sleep(1));
          });
      default -> {
        for (int i = 0; i < 5; i++) {
          Async.checkpoint();
        }
      }
    }
    return kind;
  }
}
