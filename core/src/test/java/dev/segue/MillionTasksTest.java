package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tasks of many kinds, with cancels, time-outs and wake-ups from everywhere: each ends once, and
 * what was handed over came to somebody or was given up, and never both.
 *
 * <p>The seed says what each task does and whom the main task cancels; when another thread's
 * wake-ups and cancels come, nobody can say. {@code -Dsegue.seed=…} sets it.
 */
@Tag("stress")
class MillionTasksTest {
  private static final int LIVE = 1_000; // tasks at a time
  private static final int PERMITS = 20;

  @Test
  @Timeout(60)
  void tenThousandTasksEndOnceEach() throws Exception {
    new Storm(10_000).run();
  }

  @Test
  @Tag("long")
  @Timeout(1_800)
  void aMillionTasksEndOnceEach() throws Exception {
    new Storm(1_000_000).run();
  }

  /** What is counted on the loop, and by nobody else. */
  private static final class Storm implements Instrument {
    private final int tasks;
    private final long seed =
        Long.getLong("segue.seed", new SplittableRandom().nextLong(1, Integer.MAX_VALUE));
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Foreign foreign = new Foreign(seed);
    private final BitSet created = new BitSet();
    private final BitSet ended = new BitSet();
    private final List<String> doubled = new ArrayList<>();
    private final Map<Future.State, Integer> states = new EnumMap<>(Future.State.class);
    private final AsyncSemaphore semaphore = new AsyncSemaphore(PERMITS);
    private final AsyncQueue<Integer> queue = AsyncQueue.fifo(Integer.MAX_VALUE);
    private long put;
    private long taken;
    private int awaited;
    private int received;
    private int givenUp;

    Storm(int tasks) {
      this.tasks = tasks;
    }

    @Override
    public void created(Task<?> task) {
      count(created, task);
    }

    @Override
    public void done(Task<?> task, Outcome<?> outcome) {
      count(ended, task);
    }

    private void count(BitSet which, Task<?> task) {
      if (which.get((int) task.id())) {
        doubled.add(task.toString());
      }
      which.set((int) task.id());
    }

    void run() throws Exception {
      long start = System.nanoTime();
      foreign.start();
      EventLoop.Engine engine;
      try (var loop =
          EventLoop.builder().instrument(this).stallThreshold(Duration.ofSeconds(20)).build()) {
        engine = loop.engine();
        System.out.printf("%,d tasks on engine %s, -Dsegue.seed=%d%n", tasks, engine, seed);
        loop.run(() -> spawnAndAwait(start));
      } finally {
        foreign.stop();
      }

      assertThat(doubled).isEmpty();
      assertThat(ended).isEqualTo(created);
      assertThat(states.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(tasks);
      assertThat(states.keySet()).isSubsetOf(Future.State.SUCCESS, Future.State.CANCELLED);
      assertThat(received + givenUp).isEqualTo(awaited);
      assertThat(foreign.completed).isBetween(received, awaited);
      assertThat(foreign.refused + foreign.completed).isEqualTo(foreign.asked);
      System.out.printf(
          "%s, %,d of %,d foreign wake-ups received, %,d given up, %,d cancels by another thread,"
              + " %d ms%n",
          states,
          received,
          awaited,
          givenUp,
          foreign.cancels,
          (System.nanoTime() - start) / 1_000_000);
    }

    private void spawnAndAwait(long start) {
      var live = new ArrayDeque<Task<Void>>();
      for (int i = 0; i < tasks; i++) {
        int n = i;
        long choice = random.nextLong();
        var before = live.isEmpty() ? null : live.peekLast();
        Task<Void> task = Async.createTask(() -> body(n, new SplittableRandom(choice), before));
        live.add(task);
        foreign.mayCancel(task);
        if (random.nextInt(16) == 0) {
          (random.nextBoolean() ? live.peekFirst() : live.peekLast()).cancel("by main");
        }
        if (live.size() == LIVE) {
          while (live.size() > LIVE / 2) {
            end(live.remove());
          }
        }
        if (tasks >= 1_000_000 && (i + 1) % (tasks / 10) == 0) {
          System.out.printf(
              "%,d tasks, %d s%n", i + 1, (System.nanoTime() - start) / 1_000_000_000);
        }
      }
      live.forEach(this::end);
      assertThat(semaphore.toString()).contains("(" + PERMITS + " permits, 0 waiting)");
      assertThat(put - taken).isEqualTo(queue.size());
      assertThat(queue.toString()).contains(" 0 waiting to take");
    }

    private void end(Task<?> task) {
      var outcome = task.outcome();
      if (outcome instanceof Outcome.Failure<?>(var cause)) {
        throw new AssertionError(task + " failed", cause);
      }
      states.merge(task.state(), 1, Integer::sum);
    }

    private Void body(int n, SplittableRandom choice, Task<Void> before) throws Exception {
      var time = Duration.ofNanos(choice.nextLong(2_000_000));
      switch (choice.nextInt(10)) {
        case 0 -> Async.sleep(time);
        case 1 -> {
          try {
            Async.timeout(Duration.ofNanos(choice.nextLong(2_000_000)), () -> Async.sleep(time));
          } catch (TimeoutException _) {
            Async.checkpoint();
          }
        }
        case 2 -> awaitForeign(n);
        case 3 -> {
          try {
            Async.timeout(time, () -> awaitForeign(n));
          } catch (TimeoutException _) {
            // counted as given up
          }
        }
        case 4 -> awaitUnpark();
        case 5 -> {
          try {
            if (before != null) {
              before.await();
            }
          } catch (Cancelled e) {
            throw e;
          } catch (CancellationException _) {
            // it was the other that was cancelled
          }
        }
        case 6 ->
            TaskGroup.run(group -> {
              group.spawn(() -> Async.sleep(time));
              group.spawn(Async::checkpoint);
            });
        case 7 -> {
          try (var _ = semaphore.acquire()) {
            Async.checkpoint();
          }
        }
        case 8 -> {
          put += queue.offer(n) ? 1 : 0;
          Async.checkpoint();
          queue.take();
          taken++;
        }
        default -> {
          if (n % 100 == 9) {
            assertThat(Async.toThread(() -> n)).isEqualTo(n);
          } else {
            for (int i = choice.nextInt(4); i >= 0; i--) {
              Async.checkpoint();
            }
          }
        }
      }
      return null;
    }

    /** Awaits what another thread completes. */
    private void awaitForeign(int n) {
      var future = new CompletableFuture<Integer>();
      awaited++;
      boolean came = false;
      try {
        foreign.complete(future, n);
        int value = Async.await(future);
        assertThat(value).isEqualTo(n);
        came = true;
      } finally {
        if (came) {
          received++;
        } else {
          givenUp++;
          // Whether it was completed all the same is a matter of luck.
        }
      }
    }

    /** Parks until another thread unparks it, as a lock of the JDK does. */
    private void awaitUnpark() throws InterruptedException {
      var flag = new CompletableFuture<Integer>();
      awaited++;
      boolean came = false;
      try {
        foreign.unpark(flag, Thread.currentThread());
        while (!flag.isDone()) {
          LockSupport.park(this);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
        came = true;
      } finally {
        if (came) {
          received++;
        } else {
          givenUp++;
        }
      }
    }
  }

  /** The other thread: runs errands for tasks, and cancels some. */
  private static final class Foreign implements Runnable {
    private static final Runnable STOP = () -> {};

    private final LinkedBlockingQueue<Runnable> errands = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("foreign").unstarted(this);
    private final SplittableRandom random;

    int asked; // on the loop

    // Its own, read after its end.
    int completed;
    int refused;
    int cancels;

    Foreign(long seed) {
      random = new SplittableRandom(seed);
    }

    void start() {
      thread.start();
    }

    void stop() throws InterruptedException {
      errands.add(STOP);
      thread.join();
    }

    void complete(CompletableFuture<Integer> future, int value) {
      asked++;
      errands.add(() -> count(future.complete(value)));
    }

    void unpark(CompletableFuture<Integer> flag, Thread parked) {
      asked++;
      errands.add(() -> {
        if (random.nextInt(4) == 0) {
          LockSupport.unpark(parked); // one that means nothing
        }
        count(flag.complete(1));
        LockSupport.unpark(parked);
      });
    }

    private void count(boolean done) {
      completed += done ? 1 : 0;
      refused += done ? 0 : 1;
    }

    /** May cancel the task, one way or the other. */
    void mayCancel(Task<?> task) {
      errands.add(() -> {
        switch (random.nextInt(16)) {
          case 0 -> cancels += task.cancel("by another thread") ? 1 : 0;
          case 1 -> cancels += task.cancel(false) ? 1 : 0;
          case 2 -> LockSupport.unpark(task.thread()); // whatever it is doing
          default -> {}
        }
      });
    }

    @Override
    public void run() {
      try {
        for (var errand = errands.take(); errand != STOP; errand = errands.take()) {
          errand.run();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
