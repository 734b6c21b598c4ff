package dev.segue.explored;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.createTask;
import static dev.segue.Async.gather;
import static dev.segue.Async.shield;
import static dev.segue.Async.timeout;
import static dev.segue.Async.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncBarrier;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.AsyncSemaphore;
import dev.segue.Task;
import dev.segue.testing.Choices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Programs with a fault that shows in few orders of their tasks, and the same programs without it.
 * Each call of {@link #program} makes one with state of its own.
 */
enum PlantedFault {
  /** An update across a wait, which another one falls into. */
  LOST_UPDATE {
    @Override
    Action<Exception> program(boolean faulty) {
      int[] value = {0};
      return () -> {
        gather(
            () -> {
              io();
              if (faulty) {
                int read = value[0];
                io();
                value[0] = read + 1;
              } else {
                io();
                value[0]++;
              }
            },
            () -> {
              io(4);
              value[0]++;
            });
        assertEquals(2, value[0]);
      };
    }
  },

  /** A cache that loads a value twice, as the second look comes while the first load goes on. */
  STAMPEDE {
    @Override
    Action<Exception> program(boolean faulty) {
      var cache = new HashMap<String, Object>();
      int[] loads = {0};
      Callable<Object> load =
          () -> {
            loads[0]++;
            io(2);
            return "value";
          };
      Action<Exception> get =
          () -> {
            var hit = cache.get("key");
            if (faulty && hit == null) {
              cache.put("key", load.call());
            } else if (!faulty) {
              var loading = hit == null ? createTask("load", load) : (Task<?>) hit;
              cache.put("key", loading);
              loading.await();
            }
          };
      return () -> {
        gather(get, after(4, get), after(5, get));
        assertEquals(1, loads[0]);
      };
    }
  },

  /** A worker that is cancelled between taking an item and having handled it. */
  QUEUE_AND_CANCEL {
    @Override
    Action<Exception> program(boolean faulty) {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      var handled = new ArrayList<Integer>();
      Action<Exception> work =
          () -> {
            while (true) {
              int item = queue.take();
              Action<RuntimeException> handle =
                  () -> {
                    io();
                    handled.add(item);
                  };
              if (faulty) {
                handle.run();
              } else {
                shield(handle);
              }
              queue.taskDone();
            }
          };
      return () -> {
        var first = createTask("worker-1", work);
        gather(
            () -> {
              for (int i = 1; i <= 2; i++) {
                queue.put(i);
                io();
              }
            },
            () -> {
              io(6);
              first.cancel("scaled down");
              first.outcome();
              createTask("worker-2", work);
            });
        queue.join();
        assertEquals(2, handled.size());
      };
    }
  },

  /** Two locks that are taken in two orders. */
  LOCK_ORDER {
    @Override
    Action<Exception> program(boolean faulty) {
      var a = new AsyncLock();
      var b = new AsyncLock();
      return () -> gather(() -> nested(a, b), () -> nested(faulty ? b : a, faulty ? a : b, 2));
    }

    private void nested(AsyncLock outer, AsyncLock inner, int before) {
      io(before);
      nested(outer, inner);
    }

    private void nested(AsyncLock outer, AsyncLock inner) {
      try (var _ = outer.acquire()) {
        io();
        try (var _ = inner.acquire()) {
          io();
        }
      }
    }
  },

  /** The same with locks of the JDK, of which nobody says that they wait for each other. */
  JDK_LOCK_ORDER {
    @Override
    Action<Exception> program(boolean faulty) {
      var a = new ReentrantLock();
      var b = new ReentrantLock();
      return () ->
          gather(
              () -> nested(a, b),
              () -> {
                io(2);
                nested(faulty ? b : a, faulty ? a : b);
              });
    }

    private void nested(ReentrantLock outer, ReentrantLock inner) {
      outer.lock();
      try {
        io();
        inner.lock();
        try {
          io();
        } finally {
          inner.unlock();
        }
      } finally {
        outer.unlock();
      }
    }
  },

  /** A transfer that looks at the balance before it holds both locks. */
  TRANSFER {
    @Override
    Action<Exception> program(boolean faulty) {
      int[] money = {100, 100};
      AsyncLock[] locks = {new AsyncLock(), new AsyncLock()};
      return () -> {
        gather(
            () -> transfer(money, locks, faulty, 0, 80),
            after(4, () -> transfer(money, locks, faulty, 0, 60)),
            () -> transfer(money, locks, faulty, 1, 10));
        assertTrue(money[0] >= 0 && money[1] >= 0, () -> Arrays.toString(money));
        assertEquals(200, money[0] + money[1]);
      };
    }

    private void transfer(int[] money, AsyncLock[] locks, boolean faulty, int from, int amount) {
      if (faulty && money[from] < amount) {
        return;
      }
      try (var _ = locks[0].acquire()) {
        io();
        try (var _ = locks[1].acquire()) {
          if (!faulty && money[from] < amount) {
            return;
          }
          io();
          money[from] -= amount;
          money[1 - from] += amount;
        }
      }
    }
  },

  /** A barrier made by hand, used twice: a slow party finds the event of the next round. */
  BARRIER {
    @Override
    Action<Exception> program(boolean faulty) {
      int[] arrived = {0};
      var event = new AsyncEvent();
      var barrier = new AsyncBarrier(3);
      Action<Exception> await =
          () -> {
            if (!faulty) {
              barrier.await();
            } else if (++arrived[0] == 3) {
              arrived[0] = 0;
              event.set();
              io();
              event.clear();
            } else {
              while (!event.isSet()) {
                event.await();
              }
            }
          };
      return () -> gather(party(1, await), party(1, await), party(2, await));
    }

    private Action<Exception> party(int pace, Action<Exception> await) {
      return () -> {
        for (int round = 1; round <= 2; round++) {
          io(pace);
          await.run();
        }
      };
    }
  },

  /** A pool that loses a connection if its user is cancelled while it connects. */
  POOL_LEAK {
    @Override
    Action<Exception> program(boolean faulty) {
      var permits = AsyncSemaphore.bounded(2);
      Action<Exception> use =
          () -> {
            permits.acquire();
            if (faulty) {
              io(2);
              permits.release();
            } else {
              try {
                io(2);
              } finally {
                permits.release();
              }
            }
          };
      return () -> {
        gather(cancellable(use), cancellable(use), use);
        assertTrue(permits.tryAcquire(), "the first connection is lost");
        assertTrue(permits.tryAcquire(), "the second connection is lost");
      };
    }

    @Override
    int cancels() {
      return 1;
    }
  },

  /** An event that is set between the look at what it stands for and its clearing. */
  LOST_WAKE_UP {
    @Override
    Action<Exception> program(boolean faulty) {
      var event = new AsyncEvent();
      boolean[] ready = {false};
      return () ->
          gather(
              () -> {
                io(3);
                while (!ready[0]) {
                  if (faulty) {
                    io();
                  }
                  event.clear();
                  event.await();
                }
              },
              () -> {
                io(2);
                ready[0] = true;
                event.set();
              });
    }
  },

  /** Results of threads whose order the program relies on. */
  THREAD_ORDER {
    @Override
    Action<Exception> program(boolean faulty) {
      var results = new ArrayList<Integer>();
      return () -> {
        gather(() -> load(results, 1), () -> load(results, 2), () -> load(results, 3));
        assertTrue(!faulty || !results.equals(List.of(3, 2, 1)), () -> "" + results);
      };
    }

    private void load(List<Integer> results, int number) {
      results.add(toThread(() -> number));
    }
  },

  /** A task that spins for ever if it sees a flag too late. */
  SPIN {
    @Override
    Action<Exception> program(boolean faulty) {
      boolean[] flags = {false, false};
      return () ->
          gather(
              () -> {
                while (!flags[0]) {
                  checkpoint();
                }
                while (faulty && flags[1]) {
                  checkpoint();
                }
              },
              () -> {
                io(3);
                flags[0] = true;
                io();
                flags[1] = true;
              });
    }
  },

  /** A failure that nobody looks at. */
  UNOBSERVED {
    @Override
    Action<Exception> program(boolean faulty) {
      boolean[] open = {true};
      return () -> {
        var mail =
            createTask(
                "mail",
                () -> {
                  io(2);
                  if (faulty && !open[0]) {
                    throw new IllegalStateException("closed");
                  }
                });
        io(4);
        open[0] = false;
        io(2);
        if (!faulty) {
          mail.await();
        }
      };
    }
  },

  /** A task that is still at work when the body ends. */
  LEFT_BEHIND {
    @Override
    Action<Exception> program(boolean faulty) {
      return () -> {
        var straggler = createTask("straggler", () -> io(3));
        io(4);
        if (!faulty) {
          straggler.await();
        }
      };
    }

    @Override
    boolean leftBehind() {
      return true;
    }
  },

  /** A task that is late by many steps of another. */
  VERY_LATE {
    @Override
    Action<Exception> program(boolean faulty) {
      boolean[] open = {true};
      return () ->
          gather(
              () -> {
                io();
                assertTrue(!faulty || open[0], "closed");
                io();
              },
              () -> {
                io(18);
                open[0] = false;
              });
    }
  },

  /** Four tasks, of whose orders one fails. */
  ONE_ORDER {
    @Override
    Action<Exception> program(boolean faulty) {
      int[] state = {0};
      return () ->
          gather(
              () -> {
                io(2);
                advance(state, 2, 3);
                io(3);
              },
              () -> {
                io(3);
                advance(state, 0, 1);
                io(3);
                advance(state, 3, 4);
              },
              () -> {
                io(2);
                advance(state, 1, 2);
                io(3);
              },
              () -> {
                io(3);
                assertTrue(!faulty || state[0] != 4, "reached 4");
                io();
              });
    }

    private void advance(int[] state, int from, int to) {
      if (state[0] == from) {
        state[0] = to;
      }
    }
  },

  /** A time-out that fires between getting a permit and using it. */
  LEAK_ON_TIME_OUT {
    @Override
    Action<Exception> program(boolean faulty) {
      var permits = AsyncSemaphore.bounded(1);
      return () -> {
        gather(() -> useInTime(permits, faulty), () -> use(permits));
        assertTrue(permits.tryAcquire(), "a permit is lost");
      };
    }

    private void useInTime(AsyncSemaphore permits, boolean faulty) {
      try {
        timeout(
            Duration.ofSeconds(1),
            () -> {
              if (faulty) {
                permits.acquire();
                io();
                permits.release();
              } else {
                use(permits);
              }
            });
      } catch (TimeoutException _) {
        // It may give up.
      }
    }

    private void use(AsyncSemaphore permits) {
      try (var _ = permits.acquire()) {
        io();
      }
    }
  };

  /** Makes the body. */
  abstract Action<Exception> program(boolean faulty);

  /** How many cancels the fault needs. */
  int cancels() {
    return 0;
  }

  /** Whether the fault is a task that is left behind. */
  boolean leftBehind() {
    return false;
  }

  /** What {@link #io} does; in ordinary runs it takes time. */
  static volatile Runnable wait = Async::checkpoint;

  /** Stands for a wait for something that comes in its own time. */
  static void io() {
    wait.run();
  }

  static void io(int times) {
    for (int i = 0; i < times; i++) {
      wait.run();
    }
  }

  static Action<Exception> after(int waits, Action<Exception> then) {
    return () -> {
      io(waits);
      then.run();
    };
  }

  static Action<Exception> cancellable(Action<Exception> body) {
    return () -> Choices.mayCancel(body);
  }
}
