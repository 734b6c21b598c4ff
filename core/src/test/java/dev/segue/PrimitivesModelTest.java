package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The primitives against models that are as simple as can be, with random operations, cancels and
 * schedules.
 *
 * <p>A task tells the model of an operation in the same step in which it begins it, so that the two
 * see the same order whatever the schedule is. Now and then everything comes to rest, and then just
 * those tasks have gone on that the model let go on, with what it gave them.
 *
 * <p>Small cases come first, so that the first to fail is small. {@code -Dsegue.seed=…} and {@code
 * -Dsegue.rounds=…} try others.
 */
@Tag("stress")
@Timeout(300)
class PrimitivesModelTest {
  private static final long SEED = Long.getLong("segue.seed", 1);
  private static final int ROUNDS = Integer.getInteger("segue.rounds", 100);
  private static final int LONGEST = 80;

  /** What a task's operation came to; null as long as it waits. */
  private static final class Operation {
    final @Nullable Integer item;
    @Nullable Task<?> task;
    boolean begun;
    boolean cancelled;
    @Nullable Object expected;
    @Nullable Object result;

    Operation(@Nullable Integer item) {
      this.item = item;
    }
  }

  /** One random case. */
  private abstract static class Case {
    static final String CANCELLED = "cancelled";
    static final String DONE = "done";

    SplittableRandom random = new SplittableRandom();
    final List<Operation> operations = new ArrayList<>();

    /** Does something at random. */
    abstract void step();

    /** A waiter leaves the model's queues; returns whether it was there. */
    abstract boolean leave(Operation waiter);

    /** Compares what can be seen from outside, once all is at rest. */
    void atRest() {}

    /** Starts a task that tells the model and then does the same to the primitive. */
    void begin(Operation operation, Runnable model, Body<Object, RuntimeException> primitive) {
      operations.add(operation);
      operation.task =
          Async.createTask(() -> {
            operation.begun = true;
            model.run();
            try {
              operation.result = primitive.call();
            } catch (Cancelled e) {
              operation.result = CANCELLED;
              throw e;
            } catch (AsyncQueue.ShutDownException | AsyncBarrier.BrokenException e) {
              operation.result = e.getClass();
            }
          });
    }

    void cancelAny() {
      if (!operations.isEmpty()) {
        var operation = operations.get(random.nextInt(operations.size()));
        if (operation.begun && leave(operation)) {
          operation.expected = CANCELLED;
        }
        operation.cancelled |= !operation.begun;
        operation.task.cancel("a test");
      }
    }

    final void run(int steps, SplittableRandom given) {
      random = given;
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(8)) {
          case 0 -> cancelAny();
          case 1 -> rest();
          case 2 -> Async.checkpoint();
          default -> step();
        }
      }
      rest();
    }

    private void rest() {
      Async.sleep(Duration.ofMillis(1)); // the clock moves only when nobody can run
      for (var operation : operations) {
        assertThat(operation.begun).isNotEqualTo(operation.cancelled);
        assertThat(operation.result).isEqualTo(operation.expected);
      }
      atRest();
    }
  }

  private static void check(Function<SplittableRandom, Case> cases, Order order) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + round;
      int steps = 1 + LONGEST * round / ROUNDS;
      var loop =
          EventLoop.builder()
              .clock(new ManualClock())
              .stallThreshold(Duration.ZERO)
              .schedule(order == Order.FIFO ? new FifoSchedule() : new RandomSchedule(seed))
              .build();
      try (loop) {
        loop.run(() -> {
          var random = new SplittableRandom(seed);
          cases.apply(random).run(steps, random);
        });
      } catch (Throwable thrown) {
        throw new AssertionError(
            steps + " steps, order " + order + ", -Dsegue.seed=" + seed + ": " + thrown, thrown);
      }
    }
  }

  /** Whose turn it is. */
  enum Order {
    FIFO,
    RANDOM
  }

  // --- semaphore

  private static final class SemaphoreCase extends Case {
    private final ArrayDeque<Operation> waiters = new ArrayDeque<>();
    private final int most;
    private int permits;
    private final AsyncSemaphore semaphore;

    SemaphoreCase(SplittableRandom random) {
      most = random.nextInt(1, 4);
      permits = most;
      semaphore = AsyncSemaphore.bounded(most);
    }

    @Override
    void step() {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          var operation = new Operation(null);
          begin(
              operation,
              () -> acquire(operation),
              () -> {
                semaphore.acquire();
                return DONE;
              });
        }
        case 2 -> {
          if (permits < most) {
            release();
            semaphore.release();
          }
        }
        default -> {
          assertThat(semaphore.tryAcquire()).isEqualTo(permits > 0);
          permits -= permits > 0 ? 1 : 0;
        }
      }
    }

    private void acquire(Operation operation) {
      if (permits > 0) {
        permits--;
        operation.expected = DONE;
      } else {
        waiters.add(operation);
      }
    }

    private void release() {
      if (waiters.isEmpty()) {
        permits++;
      } else {
        waiters.remove().expected = DONE;
      }
    }

    @Override
    boolean leave(Operation waiter) {
      return waiters.remove(waiter);
    }

    @Override
    void atRest() {
      assertThat(semaphore)
          .hasToString(
              "semaphore ("
                  + permits
                  + " of "
                  + most
                  + " permits, "
                  + waiters.size()
                  + " waiting)");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSemaphoreNeitherLosesNorDoublesAPermit(Order order) throws Exception {
    check(SemaphoreCase::new, order);
  }

  // --- queue

  private static final class QueueCase extends Case {
    private final Queue<Integer> items;
    private final int capacity;
    private final AsyncQueue<Integer> queue;
    private final ArrayDeque<Operation> takers = new ArrayDeque<>();
    private final ArrayDeque<Operation> putters = new ArrayDeque<>();
    private final ArrayDeque<Operation> joiners = new ArrayDeque<>();
    private int unfinished;
    private boolean shutDown;
    private int numbers;

    QueueCase(SplittableRandom random) {
      capacity = random.nextInt(1, 4);
      switch (random.nextInt(3)) {
        case 0 -> {
          items = new ArrayDeque<>();
          queue = AsyncQueue.fifo(capacity);
        }
        case 1 -> {
          items = Collections.asLifoQueue(new ArrayDeque<>());
          queue = AsyncQueue.lifo(capacity);
        }
        default -> {
          items = new PriorityQueue<>(Comparator.reverseOrder());
          queue = AsyncQueue.priority(capacity, Comparator.reverseOrder());
        }
      }
    }

    @Override
    void step() {
      switch (random.nextInt(60)) {
        case 0 -> {
          shutDown = true;
          putters.forEach(each -> each.expected = AsyncQueue.ShutDownException.class);
          takers.forEach(each -> each.expected = AsyncQueue.ShutDownException.class);
          putters.clear();
          takers.clear();
          queue.shutdown();
        }
        case 1, 2, 3, 4, 5 -> {
          var operation = new Operation(null);
          begin(
              operation,
              () -> {
                if (unfinished == 0) {
                  operation.expected = DONE;
                } else {
                  joiners.add(operation);
                }
              },
              () -> {
                queue.join();
                return DONE;
              });
        }
        case 6, 7, 8, 9, 10 -> {
          if (unfinished > 0) {
            finish();
            queue.taskDone();
          }
        }
        case 11, 12, 13, 14, 15 -> {
          if (!shutDown) {
            int number = numbers++;
            assertThat(queue.offer(number)).isEqualTo(accept(number));
          }
        }
        case 16, 17, 18, 19, 20 -> {
          if (!shutDown) {
            var expected = next();
            assertThat(queue.poll().orElse(null)).isEqualTo(expected);
          }
        }
        default -> {
          if (random.nextBoolean()) {
            put(new Operation(numbers++));
          } else {
            take(new Operation(null));
          }
        }
      }
    }

    private void put(Operation operation) {
      begin(
          operation,
          () -> {
            if (shutDown) {
              operation.expected = AsyncQueue.ShutDownException.class;
            } else if (accept(operation.item)) {
              operation.expected = DONE;
            } else {
              putters.add(operation);
            }
          },
          () -> {
            queue.put(operation.item);
            return DONE;
          });
    }

    private void take(Operation operation) {
      begin(
          operation,
          () -> {
            var item = next();
            if (item != null) {
              operation.expected = item;
            } else if (shutDown) {
              operation.expected = AsyncQueue.ShutDownException.class;
            } else {
              takers.add(operation);
            }
          },
          queue::take);
    }

    private boolean accept(Integer item) {
      if (!takers.isEmpty()) {
        takers.remove().expected = item;
      } else if (items.size() < capacity) {
        items.add(item);
      } else {
        return false;
      }
      unfinished++;
      return true;
    }

    private @Nullable Integer next() {
      var item = items.poll();
      if (item != null && !putters.isEmpty()) {
        var putter = putters.remove();
        accept(putter.item);
        putter.expected = DONE;
      }
      return item;
    }

    private void finish() {
      unfinished--;
      if (unfinished == 0) {
        joiners.forEach(each -> each.expected = DONE);
        joiners.clear();
      }
    }

    @Override
    boolean leave(Operation waiter) {
      return takers.remove(waiter) | putters.remove(waiter) | joiners.remove(waiter);
    }

    @Override
    void atRest() {
      assertThat(queue)
          .hasToString(
              "queue ("
                  + items.size()
                  + " of "
                  + capacity
                  + " items, "
                  + takers.size()
                  + " waiting to take, "
                  + putters.size()
                  + " to put"
                  + (shutDown ? ", shut down)" : ")"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQueueNeitherLosesNorDoublesAnItem(Order order) throws Exception {
    check(QueueCase::new, order);
  }

  // --- event

  private static final class EventCase extends Case {
    private final LinkedHashSet<Operation> waiters = new LinkedHashSet<>();
    private final AsyncEvent event = new AsyncEvent();
    private boolean set;

    @Override
    void step() {
      switch (random.nextInt(6)) {
        case 0 -> {
          set = true;
          waiters.forEach(each -> each.expected = DONE);
          waiters.clear();
          event.set();
        }
        case 1, 2 -> {
          set = false;
          event.clear();
        }
        default -> {
          var operation = new Operation(null);
          begin(
              operation,
              () -> {
                if (set) {
                  operation.expected = DONE;
                } else {
                  waiters.add(operation);
                }
              },
              () -> {
                event.await();
                return DONE;
              });
        }
      }
    }

    @Override
    boolean leave(Operation waiter) {
      return waiters.remove(waiter);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEventWakesAllThatWaitWhenItIsSet(Order order) throws Exception {
    check(_ -> new EventCase(), order);
  }

  // --- barrier

  private static final class BarrierCase extends Case {
    private final LinkedHashSet<Operation> waiters = new LinkedHashSet<>();
    private final int parties;
    private final AsyncBarrier barrier;
    private boolean broken;

    BarrierCase(SplittableRandom random) {
      parties = random.nextInt(1, 5);
      barrier = new AsyncBarrier(parties);
    }

    @Override
    void step() {
      switch (random.nextInt(24)) {
        case 0 -> {
          broken = true;
          refuse();
          barrier.abort();
        }
        case 1, 2 -> {
          broken = false;
          refuse();
          barrier.reset();
        }
        default -> {
          var operation = new Operation(null);
          begin(operation, () -> arrive(operation), barrier::await);
        }
      }
    }

    private void arrive(Operation operation) {
      if (broken) {
        operation.expected = AsyncBarrier.BrokenException.class;
        return;
      }
      waiters.add(operation);
      if (waiters.size() == parties) {
        int index = 0;
        for (var waiter : waiters) {
          waiter.expected = index++;
        }
        waiters.clear();
      }
    }

    private void refuse() {
      waiters.forEach(each -> each.expected = AsyncBarrier.BrokenException.class);
      waiters.clear();
    }

    @Override
    boolean leave(Operation waiter) {
      return waiters.remove(waiter);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBarrierLetsGoJustSoManyInTheOrderOfArrival(Order order) throws Exception {
    check(BarrierCase::new, order);
  }

  // --- lock and condition

  /** Tasks that take a lock in turn, and with it wait for a condition, or signal it. */
  private static final class LockCase extends Case {
    private final AsyncLock lock = new AsyncLock();
    private final AsyncCondition condition = lock.newCondition();
    private final LinkedHashSet<Operation> wanting = new LinkedHashSet<>(); // the lock, in order
    private final LinkedHashSet<Operation> waiting = new LinkedHashSet<>(); // for the condition
    private final Set<Operation> signalled = new HashSet<>();
    private final Set<Operation> asked = new HashSet<>(); // to end; they may have the lock already
    private int inside;

    @Override
    void step() {
      var operation = new Operation(null);
      int kind = random.nextInt(4);
      begin(
          operation,
          () -> wanting.add(operation),
          () -> {
            try (var _ = lock.acquire()) {
              wanting.removeIf(each -> asked.contains(each) && each != operation);
              assertThat(wanting.removeFirst()).isEqualTo(operation);
              inside();
              switch (kind) {
                case 0 -> await(operation);
                case 1 -> signal();
                case 2 -> {
                  while (!waiting.isEmpty()) {
                    signal();
                  }
                }
                default -> {}
              }
              inside();
              operation.expected = DONE;
              return DONE;
            } catch (Cancelled e) {
              assertThat(signalled).doesNotContain(operation);
              wanting.remove(operation);
              operation.expected = CANCELLED;
              throw e;
            }
          });
    }

    /** A step in which nobody else may have the lock. */
    private void inside() {
      assertThat(inside).isZero();
      inside++;
      Async.shield(Async::checkpoint);
      inside--;
    }

    private void await(Operation operation) {
      if (!asked.contains(operation)) {
        waiting.add(operation);
      }
      condition.await();
      assertThat(signalled).contains(operation);
    }

    private void signal() {
      if (!waiting.isEmpty()) {
        signalled.add(waiting.removeFirst());
      }
      condition.signal();
    }

    @Override
    boolean leave(Operation waiter) {
      asked.add(waiter);
      return waiting.remove(waiter);
    }

    @Override
    void atRest() {
      assertThat(condition.toString())
          .startsWith("condition (" + waiting.size() + " waiting)")
          .contains("free");
      assertThat(wanting).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLockHasOneHolderAndASignalWakesOneThatWaits(Order order) throws Exception {
    check(_ -> new LockCase(), order);
  }
}
