package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Rings of tasks that wait for each other's locks, or for locks and each other. */
class LockDeadlockTest extends OnLoop {
  private static List<String> names(DeadlockException e) {
    return e.path().stream().map(Task::name).toList();
  }

  private static AbstractThrowableAssert<?, ?> assertDeadlock(Task<?> task, String... path) {
    return assertThatThrownBy(task::await)
        .cause()
        .isInstanceOfSatisfying(
            DeadlockException.class, e -> assertThat(names(e)).containsExactly(path));
  }

  private static String number(AsyncLock lock) {
    return lock.toString().replaceFirst(" .*", "");
  }

  /** Takes one lock, and a while later another. */
  private static Task<String> both(String name, AsyncLock first, AsyncLock second) {
    return Async.createTask(
        name,
        () -> {
          try (var _ = first.acquire()) {
            Async.sleep(ms(1));
            try (var _ = second.acquire()) {
              return name;
            }
          }
        });
  }

  @Test
  void twoLocksTakenInOppositeOrder() {
    var a = new AsyncLock();
    var b = new AsyncLock();
    run(() -> {
      var foo = both("foo", a, b);
      var boo = both("boo", b, a);
      assertDeadlock(boo, "boo", "foo")
          .hasMessage(
              "deadlock: 'boo' waits for %s held by 'foo' waits for %s held by 'boo'"
                  .formatted(number(a), number(b)));
      assertThat(foo.await()).isEqualTo("foo"); // the ring is open: boo has let go of b
    });
  }

  @Test
  void aRingIsFoundAlsoIfNobodyAwaitsItsTasks() {
    var a = new AsyncLock();
    var b = new AsyncLock();
    run(() -> {
      var foo = both("foo", a, b);
      var boo = both("boo", b, a);
      Async.sleep(seconds(1));
      assertThat(foo.isDone()).isTrue();
      assertDeadlock(boo, "boo", "foo");
    });
  }

  @Test
  void aRingOfManyLocks() {
    int length = 5;
    var locks = new ArrayList<AsyncLock>();
    for (int i = 0; i < length; i++) {
      locks.add(new AsyncLock());
    }
    run(() -> {
      var tasks = new ArrayList<Task<String>>();
      for (int i = 0; i < length; i++) {
        tasks.add(both("t" + i, locks.get(i), locks.get((i + 1) % length)));
      }
      assertDeadlock(tasks.get(4), "t4", "t0", "t1", "t2", "t3");
      assertThat(tasks.subList(0, 4).stream().map(Task::await))
          .containsExactly("t0", "t1", "t2", "t3");
    });
  }

  @Test
  void aTaskThatAwaitsATaskThatWaitsForItsLock() {
    var lock = new AsyncLock();
    run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                try (var _ = lock.acquire()) {
                  var child =
                      Async.createTask(
                          "child",
                          () -> {
                            try (var _ = lock.acquire()) {
                              return "had it";
                            }
                          });
                  Async.sleep(ms(1));
                  return child.await();
                }
              });
      assertDeadlock(owner, "owner", "child")
          .hasMessage(
              "deadlock: 'owner' waits for 'child' waits for %s held by 'owner'"
                  .formatted(number(lock)));
    });
  }

  @Test
  void aTaskThatWaitsForTheLockOfATaskThatAwaitsIt() {
    var lock = new AsyncLock();
    run(() -> {
      var tasks = new ArrayList<Task<?>>();
      tasks.add(
          Async.createTask(
              "owner",
              () -> {
                try (var _ = lock.acquire()) {
                  tasks.get(1).outcome();
                }
              }));
      tasks.add(Async.createTask("child", () -> lock.acquire()));
      assertDeadlock(tasks.get(1), "child", "owner");
      tasks.get(0).await();
    });
  }

  @Test
  void aGroupsTaskThatWaitsForTheLockOfTheGroupsOwner() {
    var lock = new AsyncLock();
    run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                try (var _ = lock.acquire()) {
                  TaskGroup.run(group -> group.spawn("child", () -> lock.acquire().close()));
                }
              });
      assertDeadlock(owner, "child", "owner");
    });
  }

  @Test
  void aGroupThatIsJoinedWithTheLockThatItsTaskWaitsFor() {
    var lock = new AsyncLock();
    run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                try (var _ = lock.acquire()) {
                  TaskGroup.run(group -> {
                    group.spawn("child", () -> lock.acquire().close());
                    Async.sleep(ms(1)); // the child waits before the join does
                  });
                }
              });
      assertDeadlock(owner, "owner", "child");
      assertThat(lock.tryAcquire()).isTrue();
      lock.release();
    });
  }

  @Test
  void aRingThatAHandOffMakesPossibleIsClosedByTheNewHoldersNextWait() {
    var a = new AsyncLock();
    var b = new AsyncLock();
    run(() -> {
      var lease = a.acquire();
      var heir =
          Async.createTask(
              "heir",
              () -> {
                try (var _ = a.acquire();
                    var _ = b.acquire()) {
                  return "heir";
                }
              });
      var other =
          Async.createTask(
              "other",
              () -> {
                try (var _ = b.acquire();
                    var _ = a.acquire()) {
                  return "other";
                }
              });
      settle();
      assertThat(a).asString().endsWith("(held by task 'main', 2 waiting)");
      lease.close(); // now 'other' waits for 'heir', who has yet to ask for b
      assertDeadlock(heir, "heir", "other");
      assertThat(other.await()).isEqualTo("other");
    });
  }

  @Test
  void aTimeOutInTheRingIsLeftToBreakIt() {
    var a = new AsyncLock();
    var b = new AsyncLock();
    run(() -> {
      var foo =
          Async.createTask(
              "foo",
              () -> {
                try (var _ = a.acquire()) {
                  Async.sleep(ms(1));
                  return Async.timeout(seconds(1), () -> b.acquire());
                }
              });
      var boo = both("boo", b, a);
      assertThatThrownBy(foo::await).hasCauseInstanceOf(TimeoutException.class);
      assertThat(boo.await()).isEqualTo("boo");
      assertThat(clock.elapsed()).isGreaterThanOrEqualTo(seconds(1));
    });
  }

  @Test
  void aTimeOutOutsideAShieldDoesNotCount() {
    var a = new AsyncLock();
    var b = new AsyncLock();
    run(() -> {
      var foo =
          Async.createTask(
              "foo",
              () -> {
                try (var _ = a.acquire()) {
                  Async.sleep(ms(1));
                  Async.timeout(
                      Duration.ofMinutes(5), () -> Async.shield(() -> b.acquire().close()));
                }
              });
      var boo = both("boo", b, a);
      assertDeadlock(boo, "boo", "foo");
      foo.await();
    });
  }

  @Test
  void aRingLongerThanTheEagerSearchIsFoundWhenTheLoopIdles() {
    int length = 3_000;
    var locks = new ArrayList<AsyncLock>();
    for (int i = 0; i < length; i++) {
      locks.add(new AsyncLock());
    }
    run(() -> {
      var tasks = new ArrayList<Task<String>>();
      for (int i = 0; i < length; i++) {
        tasks.add(both("t" + i, locks.get(i), locks.get((i + 1) % length)));
      }
      var failures =
          tasks.stream()
              .map(Task::outcome)
              .filter(outcome -> outcome instanceof Outcome.Failure<?>)
              .toList();
      assertThat(failures)
          .singleElement()
          .isInstanceOfSatisfying(
              Outcome.Failure.class,
              failure ->
                  assertThat(failure.cause())
                      .isInstanceOfSatisfying(
                          DeadlockException.class, e -> assertThat(e.path()).hasSize(length)));
    });
  }

  @Test
  void aLongQueueForOneLockIsNoDeadlock() {
    var lock = new AsyncLock();
    var count = new int[1];
    run(() -> {
      var tasks = new ArrayList<Task<?>>();
      for (int i = 0; i < 3_000; i++) {
        tasks.add(
            Async.createTask(() -> {
              try (var _ = lock.acquire()) {
                Async.checkpoint();
                count[0]++;
              }
            }));
      }
      tasks.forEach(Task::await);
    });
    assertThat(count[0]).isEqualTo(3_000);
  }

  @Test
  void tryAcquireClosesNoRing() {
    var a = new AsyncLock();
    var b = new AsyncLock();
    run(() -> {
      try (var _ = a.acquire()) {
        var other = both("other", b, a);
        settle();
        assertThat(b.tryAcquire()).isFalse();
        assertThat(other.isDone()).isFalse();
        other.cancel();
      }
    });
  }

  @Test
  void aWaitForASemaphoreBreaksTheRing() {
    var lock = new AsyncLock();
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var holder =
          Async.createTask(
              "holder",
              () -> {
                try (var _ = lock.acquire();
                    var _ = semaphore.acquire()) {
                  return "holder";
                }
              });
      var other = Async.createTask("other", () -> lock.acquire().close());
      settle();
      semaphore.release();
      assertThat(holder.await()).isEqualTo("holder");
      other.await();
    });
  }

  @Test
  void theHolderThatWaitsForAConditionOfAnotherLockIsNoRing() {
    var lock = new AsyncLock();
    var other = new AsyncLock();
    var condition = other.newCondition();
    run(() -> {
      var holder =
          Async.createTask(
              "holder",
              () -> {
                try (var _ = lock.acquire();
                    var _ = other.acquire()) {
                  condition.await();
                }
              });
      var waiter = Async.createTask("waiter", () -> lock.acquire().close());
      settle();
      try (var _ = other.acquire()) {
        condition.signal();
      }
      holder.await();
      waiter.await();
    });
  }

  @Test
  void theArticlesTrapOfTwoTasksWithLocksIsToldInsteadOfHanging() {
    var foo = new AsyncLock();
    var boo = new AsyncLock();
    assertThatThrownBy(() ->
            run(() ->
                Async.gather(
                    () -> {
                      try (var _ = foo.acquire()) {
                        Async.sleep(seconds(1));
                        boo.acquire().close();
                      }
                    },
                    () -> {
                      try (var _ = boo.acquire()) {
                        Async.sleep(seconds(1));
                        foo.acquire().close();
                      }
                    })))
        .hasCauseInstanceOf(DeadlockException.class);
  }

  @Test
  void theArticlesLostUpdateIsKeptByALock() {
    var lock = new AsyncLock();
    var value = new int[1];
    Action<RuntimeException> update =
        () -> {
          try (var _ = lock.acquire()) {
            int read = value[0];
            Async.sleep(seconds(1));
            value[0] = read * read + 1;
          }
        };
    run(() -> Async.gather(update, update));
    assertThat(value[0]).isEqualTo(2);
  }
}
