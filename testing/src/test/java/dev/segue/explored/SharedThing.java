package dev.segue.explored;

import static dev.segue.Async.gather;
import static dev.segue.Async.sleep;
import static dev.segue.explored.PlantedFault.cancellable;
import static dev.segue.explored.PlantedFault.io;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.segue.Action;
import dev.segue.AsyncBarrier;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.AsyncSemaphore;
import dev.segue.Cancelled;
import dev.segue.DeadlockException;
import dev.segue.Task;
import dev.segue.TaskGroup;
import dev.segue.testing.Choices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Programs that each hold one of the things that tasks share to what it promises. */
enum SharedThing implements Promise {
  /** One task at a time, in the order in which they asked; free in the end. */
  LOCK {
    @Override
    public Action<Exception> program() {
      var lock = new AsyncLock();
      var inside = new Occupancy(1);
      var turns = new Turns();
      return () -> {
        gather(
            use(lock, inside, turns, 1), use(lock, inside, turns, 2), use(lock, inside, turns, 3));
        turns.assertInOrder();
        assertTrue(lock.tryAcquire(), () -> "not free: " + lock);
        lock.release();
      };
    }

    private Action<Exception> use(AsyncLock lock, Occupancy inside, Turns turns, int number) {
      return cancellable(() -> {
        turns.asks(number);
        try (var _ = lock.acquire()) {
          turns.gets(number);
          inside.during(() -> io());
        }
      });
    }
  },

  /** A ring of locks is an exception in one of its tasks, which may try again. */
  LOCK_RING {
    @Override
    public Action<Exception> program() {
      var a = new AsyncLock();
      var b = new AsyncLock();
      var inside = new Occupancy(1);
      return () -> {
        gather(nested(a, b, inside), nested(b, a, inside));
        assertTrue(a.tryAcquire() && b.tryAcquire(), () -> "not free: " + a + ", " + b);
        a.release();
        b.release();
      };
    }

    private Action<Exception> nested(AsyncLock outer, AsyncLock inner, Occupancy inside) {
      return cancellable(() -> {
        boolean done = false;
        while (!done) {
          try (var _ = outer.acquire()) {
            io();
            try (var _ = inner.acquire()) {
              inside.during(() -> io());
            }
            done = true;
          } catch (DeadlockException _) {
            io(); // without a lock
          }
        }
      });
    }
  },

  /** One permit: as a lock. */
  SEMAPHORE {
    @Override
    public Action<Exception> program() {
      var permits = AsyncSemaphore.bounded(1);
      var inside = new Occupancy(1);
      var turns = new Turns();
      return () -> {
        gather(
            use(permits, inside, turns, 1),
            use(permits, inside, turns, 2),
            use(permits, inside, turns, 3));
        turns.assertInOrder();
        assertTrue(permits.tryAcquire(), () -> "a permit is lost: " + permits);
      };
    }

    private Action<Exception> use(
        AsyncSemaphore permits, Occupancy inside, Turns turns, int number) {
      return cancellable(() -> {
        turns.asks(number);
        try (var _ = permits.acquire()) {
          turns.gets(number);
          inside.during(() -> io());
        }
      });
    }
  },

  /** Two permits; a lease gives back one of them, however often it is closed. */
  SEMAPHORE_OF_TWO {
    @Override
    public Action<Exception> program() {
      var permits = new AsyncSemaphore(2);
      var inside = new Occupancy(2);
      var use =
          cancellable(() -> {
            var lease = permits.acquire();
            try {
              inside.during(() -> io());
            } finally {
              lease.close();
              lease.close();
            }
          });
      return () -> {
        gather(use, use, use, use);
        assertTrue(permits.tryAcquire(), () -> "two are lost: " + permits);
        assertTrue(permits.tryAcquire(), () -> "one is lost: " + permits);
        assertFalse(permits.tryAcquire(), () -> "one too many: " + permits);
      };
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** No item is lost or doubled; what a cancelled task did not put or take was not. */
  QUEUE_ITEMS {
    @Override
    public Action<Exception> program() {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      var put = new ArrayList<Integer>();
      var got = new ArrayList<Integer>();
      return () -> {
        TaskGroup.run(group -> {
          group.spawn(cancellable(() -> put(queue, put, 1, 2)));
          group.spawn(cancellable(() -> put(queue, put, 3)));
          var taker = group.spawn(cancellable(() -> got.add(queue.take())));
          var last = group.spawn(() -> takeAll(queue, got));
          settle();
          taker.cancel();
          last.cancel();
        });
        assertEquals(0, queue.size());
        put.sort(null);
        got.sort(null);
        assertEquals(put, got);
      };
    }
  },

  /**
   * Items come in the order in which tasks came to put them, and are never more than there is room
   * for.
   */
  QUEUE_ORDER {
    @Override
    public Action<Exception> program() {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      var turns = new Turns();
      return () ->
          TaskGroup.run(group -> {
            var taker =
                group.spawn(() -> {
                  while (true) {
                    turns.gets(queue.take());
                    assertTrue(queue.size() <= 1, queue::toString);
                  }
                });
            gather(put(queue, turns, 1), put(queue, turns, 2), put(queue, turns, 3));
            settle();
            taker.cancel();
            turns.assertInOrder();
          });
    }

    private Action<Exception> put(AsyncQueue<Integer> queue, Turns turns, int item) {
      return cancellable(() -> {
        turns.asks(item);
        queue.put(item);
        assertTrue(queue.size() <= 1, queue::toString);
      });
    }
  },

  /** An item that cannot be compared is its putter's concern, and the room goes to the next. */
  QUEUE_COMPARES {
    @Override
    public Action<Exception> program() {
      AsyncQueue<Integer> queue =
          AsyncQueue.priority(
              2,
              (one, other) -> {
                if (one == 13 || other == 13) {
                  throw new ArithmeticException("unlucky");
                }
                return Integer.compare(one, other);
              });
      var put = new ArrayList<Integer>();
      var got = new ArrayList<Integer>();
      return () -> {
        put(queue, put, 2, 1);
        TaskGroup.run(group -> {
          group.spawn(
              cancellable(() -> {
                try {
                  put(queue, put, 13);
                } catch (ArithmeticException _) {
                  // as expected
                }
              }));
          settle();
          group.spawn(cancellable(() -> put(queue, put, 3)));
          settle(); // both wait for room, the bad item first
          assertEquals(1, queue.take());
        });
        queue.shutdown();
        takeAll(queue, got);
        put.sort(null);
        got.addFirst(1);
        assertEquals(put, got);
      };
    }
  },

  /** A shutdown ends every wait, and nothing is put after it; what it drops counts as done. */
  QUEUE_SHUTDOWN {
    @Override
    public Action<Exception> program() {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      var put = new ArrayList<Integer>();
      var got = new ArrayList<Integer>();
      boolean[] down = {false};
      int[] dropped = {0};
      return () -> {
        gather(
            cancellable(() -> putUntilShutdown(queue, put, down, 1, 2)),
            cancellable(() -> putUntilShutdown(queue, put, down, 3, 4)),
            () -> takeAll(queue, got),
            () -> {
              io(2);
              down[0] = true;
              if (Choices.oneOf("drop", false, true)) {
                dropped[0] = queue.size();
                queue.shutdownNow();
              } else {
                queue.shutdown();
              }
            });
        queue.join();
        assertEquals(put.size(), got.size() + dropped[0]);
        assertEquals(got.size(), new HashSet<>(got).size(), got::toString);
      };
    }

    private void putUntilShutdown(
        AsyncQueue<Integer> queue, List<Integer> put, boolean[] down, int... items) {
      try {
        for (int item : items) {
          boolean refused = down[0];
          queue.put(item);
          put.add(item);
          assertFalse(refused, "put after the shutdown");
        }
      } catch (AsyncQueue.ShutDownException _) {
        assertTrue(down[0]);
      }
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** A join returns once all items that were put are done, and not before. */
  QUEUE_JOIN {
    @Override
    public Action<Exception> program() {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      int[] done = {0};
      Action<Exception> work =
          () -> {
            while (true) {
              Choices.mayCancel(() -> {
                queue.take();
                try {
                  io();
                } finally {
                  done[0]++;
                  queue.taskDone();
                }
              });
            }
          };
      return () ->
          TaskGroup.run(group -> {
            group.spawn(work);
            group.spawn(work);
            for (int item = 1; item <= 3; item++) {
              queue.put(item);
            }
            Action<Exception> join =
                cancellable(() -> {
                  queue.join();
                  assertEquals(3, done[0]);
                });
            gather(join, join);
            group.scope().cancel("all is done");
          });
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** The lock is held whenever a wait for the condition is over, and no signal is lost. */
  CONDITION {
    @Override
    public Action<Exception> program() {
      var lock = new AsyncLock();
      var filled = lock.newCondition();
      var inside = new Occupancy(1);
      int[] items = {0};
      int[] taken = {0};
      Action<Exception> take =
          cancellable(() -> {
            lock.acquire();
            try {
              while (items[0] == 0) {
                filled.await();
              }
              items[0]--;
              taken[0]++;
              inside.during(() -> io());
            } finally {
              lock.release(); // throws if this task does not hold it
            }
          });
      Action<Exception> put =
          () -> {
            try (var _ = lock.acquire()) {
              inside.during(() -> io());
              items[0]++;
              filled.signal();
            }
          };
      return () -> {
        TaskGroup.run(group -> {
          var takers = List.of(group.spawn(take), group.spawn(take));
          var putting = group.spawn(put);
          settle();
          assertTrue(putting.isDone(), () -> "nobody can take " + lock);
          assertTrue(items[0] == 0 || takers.stream().allMatch(Task::isDone), "a signal is lost");
          takers.forEach(Task::cancel);
        });
        assertEquals(1, items[0] + taken[0]);
        assertTrue(lock.tryAcquire(), () -> "not free: " + lock);
        lock.release();
      };
    }
  },

  /** One signal wakes the task that has waited longest, a signal to all wakes all. */
  SIGNALS {
    @Override
    public Action<Exception> program() {
      var lock = new AsyncLock();
      var condition = lock.newCondition();
      var waiting = new ArrayList<Integer>();
      var woken = new ArrayList<Integer>();
      return () ->
          TaskGroup.run(group -> {
            for (int i = 1; i <= 3; i++) {
              int number = i;
              group.spawn(
                  cancellable(() -> {
                    try (var _ = lock.acquire()) {
                      waiting.add(number);
                      try {
                        condition.await();
                        woken.add(number);
                      } catch (Cancelled cancelled) {
                        waiting.remove((Integer) number);
                        throw cancelled;
                      }
                    }
                  }));
            }
            settle();
            try (var _ = lock.acquire()) {
              condition.signal();
            }
            settle();
            assertEquals(waiting.stream().limit(1).toList(), woken);
            try (var _ = lock.acquire()) {
              condition.signalAll();
            }
          });
    }
  },

  /**
   * Nobody passes before the event is set; all that wait then pass, also if it is cleared at once.
   */
  EVENT {
    @Override
    public Action<Exception> program() {
      var event = new AsyncEvent();
      boolean[] wasSet = {false};
      var pass =
          cancellable(() -> {
            event.await();
            assertTrue(wasSet[0], "too early");
          });
      return () -> {
        TaskGroup.run(group -> {
          group.spawn(pass);
          group.spawn(pass);
          settle();
          wasSet[0] = true;
          event.set();
          event.clear();
        });
        wasSet[0] = false;
        gather(
            pass,
            pass,
            () -> {
              io(2);
              wasSet[0] = true;
              event.set();
            });
      };
    }
  },

  /** Parties pass together, each in a place of its own; a cancelled one does not count. */
  BARRIER {
    @Override
    public Action<Exception> program() {
      var barrier = new AsyncBarrier(2);
      var places = new ArrayList<Integer>();
      return () -> {
        TaskGroup.run(group -> {
          for (int i = 1; i <= 3; i++) {
            group.spawn(cancellable(() -> pass(barrier, places)));
          }
          settle();
          assertTrue(barrier.toString().matches(".*[01] of 2 waiting.*"), barrier::toString);
          if (Choices.oneOf("abort", true, false)) {
            barrier.abort();
            assertThrows(AsyncBarrier.BrokenException.class, barrier::await);
          }
          barrier.reset();
        });
        places.sort(null);
        assertTrue(places.isEmpty() || places.equals(List.of(0, 1)), places::toString);
        gather(barrier::await, barrier::await); // as new
      };
    }

    private void pass(AsyncBarrier barrier, List<Integer> places) {
      try {
        places.add(barrier.await());
      } catch (AsyncBarrier.BrokenException _) {
        // It has been aborted, or reset.
      }
    }
  },

  /** A barrier begins anew: nobody is a round ahead of the others. */
  BARRIER_ROUNDS {
    @Override
    public Action<Exception> program() {
      var barrier = new AsyncBarrier(3);
      int[] arrived = new int[3];
      Action<Exception> party =
          () -> {
            for (int round = 0; round < arrived.length; round++) {
              arrived[round]++;
              barrier.await();
              assertEquals(3, arrived[round]);
            }
          };
      return () -> gather(party, party, party);
    }
  };

  /** Waits until every other task waits, or has ended: until then, no time passes. */
  private static void settle() {
    sleep(Duration.ofSeconds(1));
  }

  private static void put(AsyncQueue<Integer> queue, List<Integer> put, int... items) {
    for (int item : items) {
      queue.put(item);
      put.add(item);
    }
  }

  private static void takeAll(AsyncQueue<Integer> queue, List<Integer> got) {
    try {
      while (true) {
        got.add(queue.take());
        queue.taskDone();
      }
    } catch (AsyncQueue.ShutDownException _) {
      // There is nothing left.
    }
  }
}
