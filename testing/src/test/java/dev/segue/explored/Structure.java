package dev.segue.explored;

import static dev.segue.Async.any;
import static dev.segue.Async.asCompleted;
import static dev.segue.Async.createTask;
import static dev.segue.Async.gather;
import static dev.segue.Async.map;
import static dev.segue.Async.shield;
import static dev.segue.Async.sleep;
import static dev.segue.Async.timeout;
import static dev.segue.Async.toThread;
import static dev.segue.Async.waitFor;
import static dev.segue.explored.PlantedFault.cancellable;
import static dev.segue.explored.PlantedFault.io;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncBarrier;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.AsyncSemaphore;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.Task;
import dev.segue.TaskGroup;
import dev.segue.futures.ReturnWhen;
import dev.segue.testing.Choices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Programs that each hold what begins, bounds or awaits tasks to what it promises. */
enum Structure implements Promise {
  /** A group outlives its tasks; if it ends as if nothing had happened, they have all succeeded. */
  GROUP_CANCELLED {
    @Override
    public Action<Exception> program() {
      var inside = new Occupancy(2);
      int[] done = {0};
      Action<Exception> work =
          () ->
              inside.during(() -> {
                try {
                  io();
                  done[0]++;
                } finally {
                  shield(() -> io());
                }
              });
      return () -> {
        Choices.mayCancel(() -> {
          try {
            TaskGroup.run(group -> {
              group.spawn(work);
              io();
              group.spawn(work);
            });
            assertEquals(2, done[0]);
          } finally {
            inside.assertEmpty();
          }
        });
      };
    }
  },

  /** A task's failure ends the others and the body, and is thrown, whatever is cancelled then. */
  GROUP_TASK_FAILS {
    @Override
    public Action<Exception> program() {
      var never = new AsyncEvent();
      var inside = new Occupancy(2);
      boolean[] failed = {false};
      boolean[] caught = {false};
      Action<Exception> other = () -> inside.during(never::await);
      return () -> {
        Choices.mayCancel(() -> {
          try {
            TaskGroup.run(group -> {
              group.spawn(other);
              group.spawn(() -> {
                io(2);
                failed[0] = true;
                throw new IllegalArgumentException("planned");
              });
              try {
                io();
                group.spawn(other);
                never.await();
              } finally {
                if (failed[0]) {
                  assertThrows(IllegalStateException.class, () -> group.spawn(other));
                }
              }
            });
          } catch (CompletionException e) {
            caught[0] = e.getCause() instanceof IllegalArgumentException;
          } finally {
            inside.assertEmpty();
          }
        });
        assertEquals(failed[0], caught[0], "the failure is lost");
      };
    }
  },

  /** The body's failure ends the tasks, and is thrown as it is. */
  GROUP_BODY_FAILS {
    @Override
    public Action<Exception> program() {
      var never = new AsyncEvent();
      var inside = new Occupancy(2);
      Action<Exception> work =
          () ->
              inside.during(() -> {
                Choices.mayCancel(never::await);
                never.await();
              });
      return () -> {
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TaskGroup.run(group -> {
                  group.spawn(work);
                  group.spawn(work);
                  io(2);
                  throw new IllegalArgumentException("planned");
                }));
        inside.assertEmpty();
      };
    }
  },

  /** A failure in a group in a group ends both, from the inside out. */
  GROUPS_NESTED {
    @Override
    public Action<Exception> program() {
      var never = new AsyncEvent();
      var inside = new Occupancy(3);
      boolean[] failed = {false};
      boolean[] caught = {false};
      Action<Exception> work = () -> inside.during(never::await);
      Action<Exception> inner =
          () ->
              TaskGroup.run(group -> {
                group.spawn(work);
                group.spawn(() -> {
                  io(2);
                  failed[0] = true;
                  throw new IllegalArgumentException("planned");
                });
                never.await();
              });
      return () -> {
        Choices.mayCancel(() -> {
          try {
            TaskGroup.run(group -> {
              group.spawn(work);
              group.spawn(inner);
              inside.during(never::await);
            });
          } catch (CompletionException e) {
            caught[0] = true;
          } finally {
            inside.assertEmpty();
          }
        });
        assertEquals(failed[0], caught[0], "the failure is lost");
      };
    }
  },

  /** Results come in the order of the arguments, and no task outlives the call. */
  GATHER {
    @Override
    public Action<Exception> program() {
      var inside = new Occupancy(3);
      return () -> {
        Choices.mayCancel(() -> {
          try {
            assertEquals(
                List.of(1, 2, 3), gather(work(inside, 1), work(inside, 2), work(inside, 3)));
          } finally {
            inside.assertEmpty();
          }
        });
      };
    }

    private Callable<Integer> work(Occupancy inside, int number) {
      return () -> {
        inside.during(() -> io(number));
        return number;
      };
    }
  },

  /** So many at a time as allowed, results in the order of the items. */
  MAP {
    @Override
    public Action<Exception> program() {
      var inside = new Occupancy(2);
      return () -> {
        Choices.mayCancel(() -> {
          try {
            var results =
                map(
                    List.of(1, 2, 3),
                    2,
                    item -> {
                      inside.during(() -> io());
                      return 10 * item;
                    });
            assertEquals(List.of(10, 20, 30), results);
          } finally {
            inside.assertEmpty();
          }
        });
      };
    }
  },

  /** The first value is returned, also if a cancel comes after it. */
  ANY {
    @Override
    public Action<Exception> program() {
      var inside = new Occupancy(3);
      var come = new AsyncEvent(); // wakes two at once, so that both have a value
      var values = new ArrayList<Integer>();
      var got = new ArrayList<Integer>();
      return () -> {
        Choices.mayCancel(() -> {
          try {
            got.add(
                any(
                    () -> value(inside, come, values, 1),
                    () -> value(inside, come, values, 2),
                    () -> {
                      io();
                      come.set();
                      throw new IllegalArgumentException("planned");
                    }));
          } finally {
            inside.assertEmpty();
          }
        });
        assertEquals(values.stream().limit(1).toList(), got);
      };
    }

    private int value(Occupancy inside, AsyncEvent come, List<Integer> values, int value)
        throws Exception {
      inside.during(come::await);
      values.add(value);
      return value;
    }
  },

  /** Several await one task: a cancel of one of them concerns neither the task nor the others. */
  AWAIT {
    @Override
    public Action<Exception> program() {
      return () -> {
        var value =
            createTask(() -> {
              io(2);
              return 42;
            });
        var failing =
            createTask(() -> {
              io(2);
              throw new IllegalArgumentException("planned");
            });
        Action<Exception> await =
            () -> {
              assertEquals(42, value.await());
              try {
                failing.await();
                fail("it did not fail");
              } catch (CompletionException e) {
                assertTrue(e.getCause() instanceof IllegalArgumentException, e::toString);
              }
            };
        gather(cancellable(await), cancellable(await), await);
      };
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** As with a task, so with a stage that another task completes, and however often it is left. */
  AWAIT_STAGE {
    @Override
    public Action<Exception> program() {
      var stage = new CompletableFuture<Integer>();
      Action<Exception> await =
          () -> {
            boolean[] got = {false};
            while (!got[0]) {
              Choices.mayCancel(() -> {
                assertEquals(42, Async.<Integer>await(stage));
                got[0] = true;
              });
            }
          };
      return () ->
          gather(
              await,
              await,
              () -> {
                io(3);
                stage.complete(42);
              });
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** A task is cancelled only where it was before its end, and has cleaned up when that is told. */
  TASK_CANCEL {
    @Override
    public Action<Exception> program() {
      var inside = new Occupancy(1);
      boolean[] finished = {false};
      return () -> {
        var task =
            createTask(() ->
                inside.during(() -> {
                  try {
                    io(2);
                    finished[0] = true;
                  } finally {
                    shield(() -> io());
                  }
                }));
        Action<Exception> await =
            () -> {
              try {
                task.await();
                assertTrue(finished[0]);
              } catch (Cancelled cancelled) {
                throw cancelled; // by the explorer
              } catch (CancellationException _) {
                assertTrue(task.isCancelled());
              }
              inside.assertEmpty();
            };
        gather(
            await,
            cancellable(await),
            () -> {
              io(2);
              task.cancel();
            });
      };
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** Each task comes once, and after its end, though single waits for the next are cancelled. */
  AS_COMPLETED {
    @Override
    public Action<Exception> program() {
      var seen = new ArrayList<Integer>();
      return () -> {
        var late =
            createTask(() -> {
              sleep(Duration.ofMillis(2_500)); // so that one is waited for after others
              return 3;
            });
        var tasks = List.of(number(1), number(2), late);
        var ends = asCompleted(tasks).iterator();
        while (ends.hasNext()) {
          Choices.mayCancel(() -> seen.add(ends.next().resultNow()));
          long start = now();
          sleep(Duration.ofSeconds(1)); // while others end
          assertEquals(1_000, now() - start);
        }
        seen.sort(null);
        assertEquals(List.of(1, 2, 3), seen);
      };
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** A wait for tasks tells what has ended, waits until enough has, and cancels none. */
  WAIT_FOR {
    @Override
    public Action<Exception> program() {
      return () -> {
        var tasks = List.of(number(1), number(2), number(3));
        Choices.mayCancel(() -> {
          var first = waitFor(tasks, ReturnWhen.FIRST_COMPLETED);
          assertFalse(first.done().isEmpty());
          long start = now();
          var all = waitFor(tasks, ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(1));
          assertTrue(all.done().stream().allMatch(Task::isDone));
          assertEquals(tasks.size(), all.done().size() + all.pending().size());
          assertTrue(all.pending().isEmpty() || now() - start >= 1_000, "it did not wait");
        });
        gather(() -> tasks.get(0).await(), () -> tasks.get(1).await(), () -> tasks.get(2).await());
      };
    }

    @Override
    public int slowSteps() {
      return 2;
    }

    @Override
    public int schedules() {
      return 4_000;
    }
  },

  /** Where one scope cancels another's body, each absorbs its own cancel alone. */
  SCOPES {
    @Override
    public Action<Exception> program() {
      var outer = CancelScope.create();
      var inner = CancelScope.create();
      return () ->
          gather(
              () -> {
                boolean ended =
                    outer.run(() -> {
                      boolean innerEnded = inner.run(() -> io(2));
                      assertTrue(innerEnded || inner.isCancelRequested());
                      boolean cancelled = outer.isCancelRequested();
                      io();
                      assertFalse(cancelled, "a wait in a cancelled scope");
                    });
                assertTrue(ended || outer.isCancelRequested());
              },
              () -> {
                io();
                outer.cancel("planned");
              },
              () -> {
                io();
                inner.cancel("planned");
              });
    }
  },

  /** A cancel reaches all that is below: scopes in scopes, groups in them and their tasks. */
  CANCEL_REACHES_ALL {
    @Override
    public Action<Exception> program() {
      var never = new AsyncEvent();
      var scope = CancelScope.create();
      return () ->
          gather(
              () ->
                  assertFalse(
                      scope.run(() ->
                          CancelScope.create()
                              .run(() ->
                                  TaskGroup.run(group -> {
                                    group.spawn(never::await);
                                    shield(() -> io());
                                    group.spawn(() -> timeout(Duration.ofHours(1), never::await));
                                    never.await();
                                  })))),
              () -> {
                io(3);
                scope.cancel("planned");
              });
    }
  },

  /** In a cancelled scope every wait throws, also for what is there already. */
  CANCELLED_SCOPE {
    @Override
    public Action<Exception> program() {
      var lock = new AsyncLock();
      var permits = new AsyncSemaphore(1);
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      var event = new AsyncEvent();
      var barrier = new AsyncBarrier(1);
      return () -> {
        event.set();
        var ended = number(0);
        ended.await();
        List<Action<Exception>> waits =
            List.of(
                Async::checkpoint,
                () -> sleep(Duration.ZERO),
                () -> lock.acquire().close(),
                () -> permits.acquire().close(),
                () -> queue.put(1),
                queue::take,
                event::await,
                barrier::await,
                ended::await,
                () -> gather(() -> io()),
                () -> any(() -> 1),
                () -> waitFor(List.of(ended), ReturnWhen.ALL_COMPLETED),
                () -> asCompleted(List.of(ended)).iterator().next(),
                () -> TaskGroup.run(group -> group.spawn(() -> io())),
                () -> CancelScope.create().run(() -> io()),
                () -> timeout(Duration.ofHours(1), () -> io()));
        var scope = CancelScope.create();
        gather(
            () ->
                scope.run(() -> {
                  try {
                    io(2);
                  } catch (Cancelled _) {
                    // and so will all waits from now on
                  }
                  boolean cancelled = scope.isCancelRequested();
                  for (var wait : waits) {
                    if (cancelled) {
                      assertThrows(Cancelled.class, wait::run);
                    } else {
                      wait.run();
                    }
                  }
                }),
            () -> {
              io(2);
              scope.cancel("planned");
            });
      };
    }
  },

  /** What is in a shield comes to its end; the cancel takes effect behind it. */
  SHIELD {
    @Override
    public Action<Exception> program() {
      var scope = CancelScope.create();
      var come = new AsyncEvent();
      int[] begun = {0};
      int[] ended = {0};
      Action<Exception> shielded =
          () -> {
            begun[0]++;
            shield(() -> {
              assertFalse(Thread.currentThread().isInterrupted());
              io();
              Choices.mayCancel(() -> io());
              ended[0]++;
            });
          };
      return () -> {
        gather(
            () ->
                scope.run(() -> {
                  try {
                    come.await();
                    shielded.run();
                    boolean cancelled = scope.isCancelRequested();
                    io();
                    assertFalse(cancelled, "a wait in a cancelled scope");
                  } finally {
                    shielded.run();
                  }
                }),
            () -> {
              io();
              come.set();
              if (Choices.oneOf("cancel", "later", "at once").equals("later")) {
                io(2);
              }
              scope.cancel("planned");
            });
        assertEquals(begun[0], ended[0]);
      };
    }
  },

  /** The interrupt of a cancel ends a wait of the JDK in the cancelled scope, and no other. */
  INTERRUPTS {
    @Override
    public Action<Exception> program() {
      var lock = new ReentrantLock();
      var inside = new Occupancy(1);
      var use =
          cancellable(() -> {
            boolean[] locked = {false};
            try {
              lock.lockInterruptibly();
              locked[0] = true;
              inside.during(() -> io());
            } finally {
              shield(() -> {
                assertFalse(Thread.currentThread().isInterrupted());
                io();
                if (locked[0]) {
                  lock.unlock();
                }
              });
            }
          });
      Action<Exception> useTwice =
          () -> {
            use.run();
            assertFalse(Thread.currentThread().isInterrupted());
            use.run();
          };
      return () -> {
        gather(useTwice, useTwice);
        var cancelledBefore = CancelScope.create();
        cancelledBefore.cancel("planned");
        assertFalse(cancelledBefore.run(() -> new CountDownLatch(1).await()));
      };
    }
  },

  /** A time-out that comes at any moment loses no permit, and comes only if time has passed. */
  TIMEOUT {
    @Override
    public Action<Exception> program() {
      var permits = AsyncSemaphore.bounded(1);
      var inside = new Occupancy(1);
      Action<Exception> use =
          () -> {
            long start = now();
            try {
              timeout(
                  Duration.ofSeconds(1),
                  () -> {
                    try (var _ = permits.acquire()) {
                      inside.during(() -> io());
                    }
                  });
            } catch (TimeoutException _) {
              assertTrue(now() - start >= 1_000, "too early");
            }
          };
      return () -> {
        gather(use, cancellable(use), use);
        assertTrue(permits.tryAcquire(), () -> "a permit is lost: " + permits);
      };
    }

    @Override
    public int slowSteps() {
      return 2;
    }
  },

  /** An item that comes just as the time is up is taken, or stays in the queue. */
  TIMEOUT_OF_TAKE {
    @Override
    public Action<Exception> program() {
      AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
      var got = new ArrayList<Integer>();
      Action<Exception> take =
          () -> {
            try {
              got.add(timeout(Duration.ofSeconds(1), queue::take));
            } catch (TimeoutException _) {
              // It may give up.
            }
          };
      return () -> {
        gather(
            take,
            cancellable(take),
            () -> {
              sleep(Duration.ofSeconds(1));
              queue.put(1);
            });
        assertEquals(1, got.size() + queue.size());
      };
    }

    @Override
    public int slowSteps() {
      return 2;
    }
  },

  /** Of time-outs in each other each is told by its own; what is over cancels nothing. */
  TIMEOUTS_NESTED {
    @Override
    public Action<Exception> program() {
      var never = new AsyncEvent();
      return () -> {
        var told = new ArrayList<String>();
        try {
          timeout(
              Duration.ofSeconds(2),
              () -> {
                try {
                  timeout(
                      Duration.ofSeconds(1),
                      () -> {
                        io();
                        shield(() -> io());
                        never.await();
                      });
                } catch (TimeoutException _) {
                  told.add("inner");
                }
                io();
                told.add("goes on");
                never.await();
              });
        } catch (TimeoutException _) {
          told.add("outer");
        }
        assertTrue(
            told.equals(List.of("inner", "goes on", "outer"))
                || told.equals(List.of("inner", "outer"))
                || told.equals(List.of("outer")),
            told::toString);
        timeout(Duration.ofHours(1), () -> sleep(Duration.ofMinutes(1)));
      };
    }

    @Override
    public int slowSteps() {
      return 2;
    }
  },

  /** What a thread has made for a task is the task's, or was never made. */
  THREADS {
    @Override
    public Action<Exception> program() {
      var made = new AtomicInteger();
      int[] got = {0};
      var use =
          cancellable(() -> {
            toThread(made::incrementAndGet);
            got[0]++;
            io();
          });
      return () -> {
        gather(use, use, () -> io(2));
        assertEquals(made.get(), got[0]);
      };
    }

    @Override
    public int schedules() {
      return 400;
    }
  };

  private static Task<Integer> number(int number) {
    return createTask(() -> {
      io(number);
      return number;
    });
  }

  private static long now() {
    return Async.currentLoop().clock().millis();
  }
}
