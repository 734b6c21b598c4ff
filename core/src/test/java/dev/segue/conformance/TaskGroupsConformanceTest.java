package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.Async;
import dev.segue.Cancelled;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Task groups, beside {@code test_taskgroups}. */
class TaskGroupsConformanceTest extends OnLoop {
  private static final String NO_EXCEPTION_GROUP =
      "asyncio raises an ExceptionGroup; Segue throws the first failure, later ones suppressed in it";
  private static final String BODY_IS_PRIMARY =
      "asyncio raises an ExceptionGroup of the body's and the tasks' exceptions; Segue throws the"
          + " body's own, the tasks' suppressed in it";

  private final List<String> log = new ArrayList<>();
  private final List<Task<?>> tasks = new ArrayList<>();

  // --- what a group waits for

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_01")
  void aGroupReturnsOnceAllItsTasksHaveEnded() {
    run(() -> {
      TaskGroup.run(group -> {
        tasks.add(group.spawn(() -> slowly(100, 42)));
        tasks.add(group.spawn(() -> slowly(200, 11)));
      });
      assertThat(clock.elapsed()).isEqualTo(ms(200));
      assertThat(tasks).extracting(task -> (Object) task.resultNow()).containsExactly(42, 11);
    });
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_02")
  void aBodyMayWaitBetweenItsSpawns() {
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(() -> log.add(slowly(100, "first")));
          Async.sleep(ms(150));
          log.add("body");
          group.spawn(() -> log.add(slowly(200, "second")));
        }));
    assertThat(log).containsExactly("first", "body", "second");
    assertThat(clock.elapsed()).isEqualTo(ms(350));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_24")
  void aTaskOfAGroupMaySpawnIntoIt() {
    run(() ->
        TaskGroup.run(group ->
            group.spawn(() -> {
              Async.sleep(ms(100));
              group.spawn(() -> log.add(slowly(100, "first")));
              group.spawn(() -> log.add(slowly(200, "second")));
            })));
    assertThat(log).containsExactly("first", "second");
    assertThat(clock.elapsed()).isEqualTo(ms(300));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_23")
  void aGroupForgetsItsTasksAsTheyEnd() {
    run(() ->
        TaskGroup.run(group -> {
          for (int i = 0; i < 10; i++) {
            Async.sleep(ms(100));
            group.spawn(() -> Async.sleep(ms(250)));
          }
          assertThat(Async.allTasks()).hasSize(1 + 3);
          Async.sleep(seconds(1));
          assertThat(Async.allTasks()).containsExactly(Async.currentTask());
        }));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_name")
  void aTaskOfAGroupHasTheNameItWasGiven() {
    run(() ->
        TaskGroup.run(
            group -> group.spawn("example name", () -> log.add(Async.currentTask().name()))));
    assertThat(log).containsExactly("example name");
  }

  // --- a task is cancelled by itself

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_03")
  void aTaskThatIsCancelledByItselfIsNoFailure() {
    run(() -> {
      TaskGroup.run(group -> {
        var cancelled = group.spawn(() -> sleepLong("first"));
        Async.sleep(ms(150));
        cancelled.cancel();
        group.spawn(() -> log.add(slowly(200, "second")));
      });
      log.add("after");
    });
    assertThat(log).containsExactly("first cancelled", "second", "after");
    assertThat(clock.elapsed()).isEqualTo(ms(350));
  }

  // --- a task fails

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_04", differs = NO_EXCEPTION_GROUP)
  void aFailingTaskCancelsTheOthers() {
    var failure = new Boom("after 100 ms");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> failAfter(100, failure));
                  tasks.add(group.spawn(() -> sleepLong("other")));
                }))
            .isExactlyInstanceOf(CompletionException.class)
            .cause()
            .isSameAs(failure));
    assertThat(tasks).allMatch(Task::isCancelled);
    assertThat(log).containsExactly("other cancelled");
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_taskgroups.test_cancel_children_on_child_error",
      differs = NO_EXCEPTION_GROUP)
  void aFailingTaskCancelsTheBodyAndFailuresAtTheSameMomentAreKept() {
    var first = new Boom("first");
    var second = new Boom("second");
    var third = new Boom("third");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> failAfter(100, first));
                  group.spawn(() -> failAfter(100, second));
                  group.spawn(() -> failAfter(100, third));
                  group.spawn(() -> sleepLong("task"));
                  sleepLong("body");
                }))
            .isExactlyInstanceOf(CompletionException.class)
            .satisfies(e -> assertThat(e.getSuppressed()).containsExactly(second, third))
            .cause()
            .isSameAs(first));
    assertThat(log).containsExactlyInAnyOrder("task cancelled", "body cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_25")
  void aFailureEndsAGroupThatSpawnsForEver() {
    var failure = new Boom("hercules");
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> hydra(group));
                group.spawn(() -> {
                  while (log.size() < 10) {
                    Async.sleep(ms(15));
                  }
                  throw failure;
                });
              }))
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(failure);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
    assertThat(log).hasSizeGreaterThanOrEqualTo(10);
  }

  private void hydra(TaskGroup group) {
    log.add("head");
    Async.sleep(ms(10));
    group.spawn(() -> hydra(group));
    group.spawn(() -> hydra(group));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_no_create_task_after_failure")
  void nothingCanBeSpawnedAfterAFailure() {
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> failAfter(1, new Boom("boom")));
                  group.spawn(() -> {
                    try {
                      sleepLong("other");
                    } catch (Cancelled _) {
                      assertThatThrownBy(() -> group.spawn(() -> log.add("late")))
                          .isExactlyInstanceOf(IllegalStateException.class)
                          .hasMessageContaining("the task group is ending")
                          .hasMessageContaining("boom");
                    }
                  });
                }))
            .isExactlyInstanceOf(CompletionException.class)
            .hasNoSuppressedExceptions()
            .cause()
            .hasMessage("boom"));
    assertThat(log).containsExactly("other cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_cancels_task_if_created_during_creation")
  void aFailingTaskCancelsTheTaskThatSpawnedIt() {
    var failure = new Boom("third task failed");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group ->
                    group.spawn(() -> {
                      group.spawn(() -> raise(failure));
                      sleepLong("second");
                    })))
            .cause()
            .isSameAs(failure));
    assertThat(log).containsExactly("second cancelled");
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_cancellation_does_not_leak_out_of_tg")
  void theCancelOfAFailedGroupStaysInIt() {
    run(() -> {
      assertThatThrownBy(() -> TaskGroup.run(group -> group.spawn(() -> raise(new Boom("boom")))))
          .isExactlyInstanceOf(CompletionException.class);
      Async.sleep(seconds(1));
      assertThat(Async.currentTask().isCancelRequested()).isFalse();
    });
    assertThat(clock.elapsed()).isEqualTo(seconds(1));
  }

  // --- the body fails

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_09", differs = BODY_IS_PRIMARY)
  void aFailingBodyCancelsTheTasksAndThrowsItsVeryException() {
    var failure = new Boom("body");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  tasks.add(group.spawn(() -> sleepLong("first")));
                  tasks.add(group.spawn(() -> sleepLong("second")));
                  Async.sleep(ms(100));
                  throw failure;
                }))
            .isSameAs(failure));
    assertThat(log).containsExactly("first cancelled", "second cancelled");
    assertThat(tasks).allMatch(Task::isCancelled);
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_10", differs = BODY_IS_PRIMARY)
  void aBodyThatFailsBeforeItsTasksStartKeepsThemFromStarting() {
    var failure = new Boom("body");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  tasks.add(group.spawn(() -> log.add("started")));
                  throw failure;
                }))
            .isSameAs(failure));
    assertThat(log).isEmpty();
    assertThat(tasks).allMatch(Task::isCancelled);
  }

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_19", differs = BODY_IS_PRIMARY)
  void aBodyThatFailsWhileATasksFailureCancelsItIsPrimary() {
    var ofTask = new Boom("task");
    var ofBody = new Boom("body");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> failAfter(100, ofTask));
                  sleepLongAndFail(ofBody);
                }))
            .isSameAs(ofBody)
            .hasSuppressedException(ofTask));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_taskgroups.test_taskgroup_20",
      differs =
          "asyncio raises a KeyboardInterrupt alone and drops the tasks' exceptions; Segue keeps"
              + " them suppressed in it")
  void anErrorOfTheBodyIsThrownAsItIs() {
    var ofTask = new Boom("task");
    var ofBody = new AssertionError("body");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> failAfter(100, ofTask));
                  sleepLongAndFail(ofBody);
                }))
            .isSameAs(ofBody)
            .hasSuppressedException(ofTask));
  }

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_21a", differs = BODY_IS_PRIMARY)
  void anErrorOfATaskIsAFailureLikeAnyOther() {
    var ofTask = new AssertionError("task");
    var ofBody = new Boom("body");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> failAfter(100, ofTask));
                  sleepLongAndFail(ofBody);
                }))
            .isSameAs(ofBody)
            .hasSuppressedException(ofTask));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_taskgroups.test_taskgroup_context_manager_exit_raises",
      differs = BODY_IS_PRIMARY)
  void aCleanUpOfTheBodyThatFailsIsReportedWithTheTasksFailure() {
    var ofTask = new Boom("task");
    var ofCleanUp = new Boom("clean-up");
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> raise(ofTask));
                sleepLongAndFail(ofCleanUp);
              }))
          .isSameAs(ofCleanUp)
          .hasSuppressedException(ofTask);
      assertThat(Async.currentTask().isCancelRequested()).isFalse();
    });
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_context_manager_exit_raises")
  void aResourceOfTheBodyThatFailsToCloseDuringTheCancelIsReported() {
    var ofTask = new Boom("task");
    var ofClose = new Boom("close");
    run(() -> {
      var thrown =
          catchThrowable(() ->
              TaskGroup.run(group -> {
                AutoCloseable database = () -> raise(ofClose);
                try (database) {
                  group.spawn(() -> raise(ofTask));
                  sleepLong("body");
                }
              }));
      assertThat(everything(thrown)).contains(ofTask, ofClose);
    });
  }

  /** A throwable with its causes and what is suppressed in them. */
  private static Set<Throwable> everything(Throwable thrown) {
    var all = new LinkedHashSet<Throwable>();
    for (var t = thrown; t != null; t = t.getCause()) {
      all.add(t);
      for (var suppressed : t.getSuppressed()) {
        all.addAll(everything(suppressed));
      }
    }
    return all;
  }

  // --- cancelled from outside

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_cancellation")
  void cancellingAGroupThatWaitsCancelsItsTasks() {
    run(() -> {
      var runner = Async.createTask(() -> TaskGroup.run(this::spawnFive));
      Async.sleep(ms(100));
      assertThat(runner.isDone()).isFalse();
      runner.cancel("enough");
      assertThatThrownBy(runner::await)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("enough");
    });
    assertThat(log).hasSize(5).containsOnly("task cancelled");
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_07")
  void cancellingAGroupCancelsItsBodyAndItsTasks() {
    run(() -> {
      var runner =
          Async.createTask(() ->
              TaskGroup.run(group -> {
                spawnFive(group);
                sleepLong("body");
              }));
      Async.sleep(ms(100));
      runner.cancel();
      runner.outcome();
      assertThat(runner.isCancelled()).isTrue();
    });
    assertThat(log).hasSize(6).contains("task cancelled", "body cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_17")
  void cancellingAGroupWithoutTasksCancelsItsBody() {
    run(() -> {
      var runner = Async.createTask(() -> TaskGroup.run(_ -> sleepLong("body")));
      Async.sleep(ms(100));
      runner.cancel();
      runner.outcome();
      assertThat(runner.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("body cancelled");
  }

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_08", differs = NO_EXCEPTION_GROUP)
  void failuresOfTasksDuringACancelWinOverIt() {
    run(() -> {
      var runner =
          Async.createTask(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> sleepLongAndFail(new Boom("first")));
                group.spawn(() -> sleepLongAndFail(new Boom("second")));
                sleepLong("body");
              }));
      Async.sleep(ms(100));
      runner.cancel();
      assertThatThrownBy(runner::await)
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .hasMessage("first");
      assertThat(runner.isCancelled()).isFalse();
    });
    assertThat(log).containsExactly("body cancelled");
  }

  @Test
  @Origin(value = "CPython 3.14 test_taskgroups.test_taskgroup_18", differs = BODY_IS_PRIMARY)
  void aBodyThatTurnsItsCancelIntoAFailureFails() {
    var failure = new Boom("instead");
    run(() -> {
      var runner = Async.createTask(() -> TaskGroup.run(_ -> sleepLongAndFail(failure)));
      Async.sleep(ms(100));
      runner.cancel();
      runner.outcome();
      assertThat(runner.exceptionNow()).isSameAs(failure);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_taskgroups.test_taskgroup_15",
      differs =
          "in asyncio a body that handles the cancel keeps the group's tasks running meanwhile; in"
              + " Segue the cancel reaches body and tasks at once, and every later wait")
  void aBodyThatWaitsInItsCleanUpDoesNotHoldUpTheCancel() {
    run(() -> {
      var runner =
          Async.createTask(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> failAfter(300, new Boom("never")));
                try {
                  sleepLong("body");
                } finally {
                  Async.sleep(ms(500));
                }
              }));
      Async.sleep(ms(100));
      runner.cancel();
      runner.outcome();
      assertThat(runner.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("body cancelled");
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_error_and_cancel")
  void aCancelAtTheMomentOfAFailureTakesEffectAfterTheGroup() {
    run(() -> {
      var inner =
          Async.createTask(() -> {
            try {
              TaskGroup.run(group -> {
                group.spawn(() -> failAfter(100, new Boom("boom")));
                sleepLong("body");
              });
            } catch (CompletionException e) {
              log.add("caught " + e.getCause().getMessage());
            }
            sleepLong("after");
          });
      Async.checkpoint();
      Async.checkpoint();
      Async.sleep(ms(100)); // its timer comes after the failing task's
      inner.cancel();
      inner.outcome();
      assertThat(inner.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("body cancelled", "caught boom", "after cancelled");
  }

  // --- groups in groups

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_13")
  void aFailureInTheOuterGroupCancelsTheInner() {
    var failure = new Boom("outer");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(outer -> {
                  outer.spawn(() -> failAfter(100, failure));
                  TaskGroup.run(inner -> inner.spawn(() -> sleepLong("inner task")));
                }))
            .isExactlyInstanceOf(CompletionException.class)
            .hasNoSuppressedExceptions()
            .cause()
            .isSameAs(failure));
    assertThat(log).containsExactly("inner task cancelled");
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_taskgroups.test_taskgroup_14",
      differs =
          "asyncio nests an ExceptionGroup for each group; in Segue one wrapper passes through")
  void aFailureInTheInnerGroupCancelsTheOuter() {
    var failure = new Boom("inner");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(outer -> {
                  outer.spawn(() -> sleepLong("outer task"));
                  TaskGroup.run(inner -> inner.spawn(() -> failAfter(100, failure)));
                }))
            .isExactlyInstanceOf(CompletionException.class)
            .hasNoSuppressedExceptions()
            .cause()
            .isSameAs(failure));
    assertThat(log).containsExactly("outer task cancelled");
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_12")
  void failuresOfInnerTasksDuringACancelWinOverItInTheOuterGroupToo() {
    run(() -> {
      var runner =
          Async.createTask(() ->
              TaskGroup.run(outer -> {
                outer.spawn(() -> sleepLong("outer task"));
                TaskGroup.run(inner -> {
                  inner.spawn(() -> sleepLongAndFail(new Boom("inner task")));
                  sleepLong("inner body");
                });
              }));
      Async.sleep(ms(100));
      runner.cancel();
      assertThatThrownBy(runner::await)
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .hasMessage("inner task");
    });
    assertThat(log).containsExactlyInAnyOrder("outer task cancelled", "inner body cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_nested_groups_both_cancelled")
  void whenBothGroupsFailEachThrowsItsOwnFailure() {
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(outer -> {
                assertThatThrownBy(() ->
                        TaskGroup.run(inner -> {
                          inner.spawn(() -> raise(new Boom("inner")));
                          outer.spawn(() -> raise(new Boom("outer")));
                        }))
                    .isExactlyInstanceOf(CompletionException.class)
                    .cause()
                    .hasMessage("inner");
                log.add("inner group ended");
              }))
          .isExactlyInstanceOf(CompletionException.class)
          .hasNoSuppressedExceptions()
          .cause()
          .hasMessage("outer");
      Async.sleep(ms(1));
    });
    assertThat(log).containsExactly("inner group ended");
    assertThat(clock.elapsed()).isEqualTo(ms(1));
  }

  // --- misuse

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_finished")
  void nothingCanBeSpawnedIntoAGroupThatHasEnded() {
    run(() -> {
      var ended = TaskGroup.<TaskGroup, RuntimeException>call(group -> group);
      assertThatThrownBy(() -> ended.spawn(() -> log.add("late")))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the task group has ended");
    });
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_taskgroups.test_taskgroup_without_parent_task")
  void aGroupOutsideATaskIsRefused() {
    assertThatThrownBy(() -> TaskGroup.run(_ -> log.add("body")))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be called inside a task");
    assertThat(log).isEmpty();
  }

  // --- bodies

  private void spawnFive(TaskGroup group) {
    for (int i = 0; i < 5; i++) {
      group.spawn(() -> sleepLong("task"));
    }
  }

  /** Sleeps for an hour and logs how that ended. */
  private void sleepLong(String name) {
    try {
      Async.sleep(seconds(3600));
      log.add(name + " slept");
    } catch (Cancelled e) {
      log.add(name + " cancelled");
      throw e;
    }
  }

  private static <X extends Throwable> void sleepLongAndFail(X failure) throws X {
    try {
      Async.sleep(seconds(3600));
    } catch (Cancelled _) {
      throw failure;
    }
  }

  private static <X extends Throwable> void failAfter(long millis, X failure) throws X {
    Async.sleep(ms(millis));
    throw failure;
  }
}
