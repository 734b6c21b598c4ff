package dev.segue.conformance;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.OnManualClock;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What trio's own tests fix for nurseries, which are Segue's task groups. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrioNurseriesConformanceTest extends OnManualClock {
  private static final String NO_GROUP =
      "trio always raises an ExceptionGroup; Segue throws the body's own exception, with what the tasks"
          + " threw suppressed in it, else a CompletionException around the first task's failure";
  private static final String NEVER_BEGINS =
      "in trio a task that is cancelled before it begins still runs to its first wait; in Segue it never"
          + " begins";

  private final List<String> record = new ArrayList<>();

  /** A task that has begun when its group ends, and fails because of that. */
  private static Action<RuntimeException> failingWhenCancelled(RuntimeException failure) {
    return () -> {
      try {
        Async.sleep(FOREVER);
      } catch (Cancelled _) {
        throw failure;
      }
    };
  }

  // --- failures

  @Test
  @Origin(value = "trio test_run.test_nursery_main_block_error_basic", differs = NO_GROUP)
  void theBodysFailureIsThrownItself() throws Exception {
    var failure = new IOException("the body's");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(_ -> {
                  throw failure;
                }))
            .isSameAs(failure)
            .hasNoSuppressedExceptions());
  }

  @Test
  @Origin(value = "trio test_run.test_child_crash_basic", differs = NO_GROUP)
  void aTasksFailureIsTheCauseOfWhatIsThrown() throws Exception {
    var failure = new IOException("a task's");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group ->
                    group.spawn(() -> {
                      throw failure;
                    })))
            .isInstanceOf(CompletionException.class)
            .cause()
            .isSameAs(failure));
  }

  @Test
  @Origin(value = "trio test_run.test_task_crash_propagation", differs = NO_GROUP)
  void aTasksFailureCancelsItsSiblingsAndLeavesRun() {
    var failure = new IllegalStateException("argh");
    assertThatThrownBy(() ->
            run(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> {
                    try {
                      while (true) {
                        Async.checkpoint();
                      }
                    } catch (Cancelled _) {
                      record.add("cancelled");
                    }
                  });
                  group.spawn(() -> {
                    throw failure;
                  });
                })))
        .isInstanceOf(CompletionException.class)
        .hasCause(failure);
    assertThat(record).containsExactly("cancelled");
  }

  @Test
  @Origin(value = "trio test_run.test_main_and_task_both_crash", differs = NO_GROUP)
  void whereBothFailTheBodysIsThrownAndTheTasksIsSuppressed() throws Exception {
    var body = new IllegalStateException("the body's");
    var task = new IllegalArgumentException("a task's");
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(failingWhenCancelled(task));
                settle();
                throw body;
              }))
          .isSameAs(body);
      assertThat(body.getSuppressed()).containsExactly(task);
    });
  }

  @Test
  @Origin(value = "trio test_run.test_main_and_task_both_crash", differs = NEVER_BEGINS)
  void aBodyThatFailsBeforeItsTaskBeginsFailsAlone() throws Exception {
    var body = new IllegalStateException("the body's");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> record.add("begun"));
                  throw body;
                }))
            .isSameAs(body));
    assertThat(record).isEmpty();
  }

  @Test
  @Origin(value = "trio test_run.test_two_child_crashes", differs = NO_GROUP)
  void ofTwoFailuresOfTasksTheSecondIsSuppressed() throws Exception {
    var first = new IllegalStateException("first");
    var second = new IllegalArgumentException("second");
    run(() -> {
      var thrown =
          catchThrowable(() ->
              TaskGroup.run(group -> {
                group.spawn(failingWhenCancelled(second));
                group.spawn(() -> {
                  throw first;
                });
              }));
      assertThat(thrown).isInstanceOf(CompletionException.class).hasCause(first);
      assertThat(thrown.getSuppressed()).containsExactly(second);
    });
  }

  @Test
  @Origin(value = "trio test_run.test_two_child_crashes", differs = NEVER_BEGINS)
  void aTaskWhoseSiblingFailsBeforeItBeginsNeverBegins() throws Exception {
    var first = new IllegalStateException("first");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> {
                    throw first;
                  });
                  group.spawn(() -> record.add("begun"));
                }))
            .hasCause(first)
            .hasNoSuppressedExceptions());
    assertThat(record).isEmpty();
  }

  @Test
  @Origin(value = "trio test_run.test_child_crash_wakes_parent", differs = NO_GROUP)
  void aTasksFailureEndsTheBodysWait() throws Exception {
    var failure = new IllegalStateException("this is a crash");
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> {
                    throw failure;
                  });
                  try {
                    Async.sleep(FOREVER);
                  } finally {
                    record.add("the body woke");
                  }
                }))
            .isInstanceOf(CompletionException.class)
            .hasCause(failure));
    assertThat(record).containsExactly("the body woke");
  }

  @Test
  @Origin(value = "trio test_run.test_nursery_explicit_exception", differs = NO_GROUP)
  void aCheckedExceptionKeepsItsType() throws Exception {
    run(() -> {
      try {
        TaskGroup.run(_ -> {
          throw new IOException("typed");
        });
      } catch (IOException e) { // the compiler accepts this
        record.add(e.getMessage());
      }
    });
    assertThat(record).containsExactly("typed");
  }

  @Test
  @Origin(value = "trio test_run.test_nursery_stop_iteration", differs = NO_GROUP)
  void theExceptionThatEndsAnIterationIsAFailureLikeOthers() throws Exception {
    var task = new IllegalArgumentException("a task's");
    run(() -> {
      var thrown =
          catchThrowable(() ->
              TaskGroup.run(group -> {
                group.spawn(failingWhenCancelled(task));
                settle();
                List.of().iterator().next();
              }));
      assertThat(thrown).isInstanceOf(NoSuchElementException.class);
      assertThat(thrown.getSuppressed()).containsExactly(task);
    });
  }

  @Test
  @Origin(value = "trio test_run.test_nursery_collapse", differs = NO_GROUP)
  void failuresOfNestedGroupsComeWithoutTheirCancels() throws Exception {
    var outerFailure = new IllegalStateException("of the outer group's task");
    var innerFailure = new IllegalStateException("of the inner group's task");
    run(() -> {
      var thrown =
          catchThrowable(() ->
              TaskGroup.run(outer -> {
                outer.spawn(() -> Async.sleep(FOREVER));
                outer.spawn(failingWhenCancelled(outerFailure));
                TaskGroup.run(inner -> {
                  inner.spawn(() -> Async.sleep(FOREVER));
                  inner.spawn(failingWhenCancelled(innerFailure));
                  settle();
                  outer.scope().cancel("both groups");
                });
              }));
      assertThat(thrown).isInstanceOf(CompletionException.class).hasCause(innerFailure);
      assertThat(thrown.getSuppressed()).containsExactly(outerFailure);
      assertThat(innerFailure.getSuppressed()).isEmpty();
    });
  }

  @Test
  @Origin("trio test_run.test_nursery_exception_chaining_doesnt_make_context_loops")
  void theSameExceptionFromBodyAndTaskIsNotSuppressedInItself() throws Exception {
    var failure = new IllegalStateException("the same");
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(failingWhenCancelled(failure));
                settle();
                throw failure;
              }))
          .isSameAs(failure)
          .hasNoCause()
          .hasNoSuppressedExceptions();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_system_task_crash",
      differs =
          "in trio the crash of a system task ends the run with TrioInternalError; in Segue a task"
              + " outside any group goes to the exception handler, and the others go on")
  void theFailureOfATaskOutsideGroupsCancelsNobody() throws Exception {
    var failure = new IllegalStateException("a background task's");
    run(() -> {
      Async.createTask(() -> {
        throw failure;
      });
      settle();
      record.add("main goes on");
    });
    assertThat(record).containsExactly("main goes on");
    assertThat(unobserved).containsExactly(failure);
  }

  @Test
  @Origin(
      value = "trio test_run.test_system_task_crash_plus_Cancelled",
      differs = "trio raises TrioInternalError; Segue tells the exception handler")
  void aBackgroundTaskThatFailsWhenTheRunEndsIsReported() throws Exception {
    var failure = new IllegalStateException("while being cancelled");
    run(() -> {
      Async.createTask(() ->
          TaskGroup.run(group -> {
            group.spawn(failingWhenCancelled(failure));
            group.spawn(() -> Async.sleep(FOREVER));
          }));
      settle();
    });
    assertThat(unobserved).singleElement().isInstanceOf(CompletionException.class);
    assertThat(unobserved.getFirst()).hasCause(failure);
  }

  // --- running

  @Test
  @Origin(
      value = "trio test_run.test_basic_interleave",
      differs = "trio shuffles the tasks of a turn; Segue's turn is first in, first out")
  void tasksTakeTurns() throws Exception {
    run(() -> {
      TaskGroup.run(group -> {
        for (var name : List.of("a", "b")) {
          group.spawn(() -> {
            for (int i = 0; i < 3; i++) {
              record.add(name + i);
              Async.checkpoint();
            }
          });
        }
      });
      assertThat(record).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
    });
  }

  @Test
  @Origin(
      value = "trio test_scheduler_determinism.test_the_trio_scheduler_is_deterministic_if_seeded",
      differs = "trio needs a seed for it; Segue is deterministic as it is")
  void everyRunTakesTheSameTurns() throws Exception {
    var traces = new ArrayList<List<String>>();
    for (int i = 0; i < 10; i++) {
      record.clear();
      run(() ->
          TaskGroup.run(group -> {
            for (int task = 0; task < 5; task++) {
              var name = "task " + task;
              group.spawn(() -> {
                for (int step = 0; step < 50; step++) {
                  record.add(name + " step " + step);
                  Async.checkpoint();
                }
              });
            }
          }));
      traces.add(List.copyOf(record));
    }
    assertThat(traces).hasSize(10).containsOnly(traces.getFirst());
    assertThat(traces.getFirst()).hasSize(5 * 50);
  }

  @Test
  @Origin("trio test_run.test_current_task")
  void eachTaskIsTheCurrentOneInItsBody() throws Exception {
    run(() -> {
      var parent = Async.currentTask();
      TaskGroup.run(group -> {
        assertThat(Async.currentTask()).as("the body is no task of its own").isSameAs(parent);
        Task<Task<?>> child = group.spawn(() -> Async.currentTask());
        assertThat((Object) child.await()).isSameAs(child);
      });
    });
  }

  @Test
  @Origin("trio test_run.test_spawn_name")
  void aTaskHasTheNameItIsGivenOrOneWithItsNumber() throws Exception {
    run(() ->
        TaskGroup.run(group -> {
          var named = group.spawn("loader", () -> Async.currentTask().name());
          var unnamed = group.spawn(() -> Async.currentTask().name());
          assertThat(named.await()).isEqualTo("loader");
          assertThat(unnamed.await()).isEqualTo("task-" + unnamed.id());
        }));
  }

  @Test
  @Origin("trio test_run.test_task_nursery_stack")
  void anInnerGroupThatFailsLeavesTheOuterOneAsItWas() throws Exception {
    run(() ->
        TaskGroup.run(outer -> {
          assertThatThrownBy(() ->
                  TaskGroup.run(_ -> {
                    throw new IOException("inner");
                  }))
              .isInstanceOf(IOException.class);
          assertThat(outer.spawn(() -> "goes on").await()).isEqualTo("goes on");
          assertThat(outer.scope().isCancelRequested()).isFalse();
        }));
  }

  @Test
  @Origin(
      value = "trio test_run.test_nursery_start_keeps_nursery_open",
      differs =
          "trio's start() waits until the task says that it has started; in Segue a task sets a"
              + " future for that")
  void aGroupIsOpenUntilItsLastTaskHasEnded() throws Exception {
    run(() -> {
      TaskGroup.run(outer ->
          TaskGroup.run(inner -> {
            outer.spawn(() -> {
              Async.sleep(Duration.ofSeconds(2));
              inner.spawn(() -> Async.sleep(Duration.ofSeconds(3)));
            });
            inner.spawn(() -> Async.sleep(Duration.ofSeconds(4)));
          }));
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(5));
    });
  }

  @Test
  @Origin("trio test_run.test_nursery_closure")
  void aTaskMaySpawnIntoItsGroupAfterTheBodyHasEnded() throws Exception {
    run(() -> {
      TaskGroup.run(group ->
          group.spawn(() -> {
            Async.checkpoint();
            group.spawn(() -> record.add("second"));
          }));
      assertThat(record).containsExactly("second");
    });
  }

  @Test
  @Origin("trio test_run.test_nursery_closure")
  void nobodySpawnsIntoAGroupThatHasEnded() throws Exception {
    run(() -> {
      TaskGroup ended = TaskGroup.call(group -> group);
      assertThatThrownBy(() -> ended.spawn(() -> record.add("begun")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
      settle();
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin("trio test_run.test_nursery_closure, test_cancel_scope_misnesting_3")
  void aGroupThatHasEndedMayBeCancelledInVain() throws Exception {
    run(() -> {
      TaskGroup ended = TaskGroup.call(group -> group);
      ended.scope().cancel("too late");
      Async.checkpoint();
      record.add("not cancelled");
    });
    assertThat(record).containsExactly("not cancelled");
  }

  @Test
  @Origin("trio test_run.test_Nursery_init, test_Nursery_private_init, test_Nursery_subclass")
  void nobodyMakesOrExtendsAGroup() {
    assertThat(TaskGroup.class.getConstructors()).isEmpty();
    assertThat(Modifier.isFinal(TaskGroup.class.getModifiers())).isTrue();
  }

  // --- cancelling

  @Test
  @Origin(value = "trio test_run.test_precancelled_task", differs = NEVER_BEGINS)
  void aTaskThatIsSpawnedIntoACancelledGroupNeverBegins() throws Exception {
    run(() -> {
      var spawned = new ArrayList<Task<?>>();
      TaskGroup.run(group -> {
        group.scope().cancel("before the task");
        spawned.add(group.spawn(() -> record.add("begun")));
      });
      assertThat(record).isEmpty();
      assertThat(spawned.getFirst().isCancelled()).isTrue();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_internal_error_old_nursery_multiple_tasks",
      differs =
          "in trio one can spawn into a nursery whose task has crashed; in Segue that is refused")
  void nobodySpawnsIntoAGroupThatHasFailed() throws Exception {
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(
                    "crasher",
                    () -> {
                      throw new IllegalStateException("crash");
                    });
                try {
                  Async.sleep(FOREVER);
                } finally {
                  assertThatThrownBy(() -> group.spawn(() -> record.add("begun")))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("'crasher' failed")
                      .hasMessageContaining("it takes no more tasks");
                }
              }))
          .isInstanceOf(CompletionException.class)
          .rootCause()
          .hasMessage("crash");
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_edge_cases")
  void aGroupThatIsCancelledThroughItsScopeEndsWithoutAnException() throws Exception {
    run(() -> {
      TaskGroup.run(group -> {
        group.spawn(() -> Async.sleep(FOREVER));
        settle();
        group.scope().cancel("enough");
        Async.sleep(FOREVER);
        record.add("not reached");
      });
      record.add("after");
    });
    assertThat(record).containsExactly("after");
  }

  @Test
  @Origin(
      value = "trio test_run.test_trivial_yields",
      differs =
          "leaving a nursery takes a turn in trio, also an empty one; in Segue nothing waits there")
  void anEmptyGroupIsNoCancelPointAndTakesNoTurn() throws Exception {
    run(() -> {
      Async.createTask(() -> record.add("other"));
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("nobody sees it");
            TaskGroup.run(_ -> {});
          });
      assertThat(finished).isTrue();
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin(value = "trio test_run.test_trivial_yields", differs = NEVER_BEGINS)
  void aGroupWhoseTaskNeverBeganInACancelledScopeThrowsCancelled() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("now");
            TaskGroup.run(group -> group.spawn(() -> record.add("begun")));
            record.add("not reached");
          });
      assertThat(finished).isFalse();
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin("trio test_run.test_trivial_yields")
  void aGroupWhoseTasksFinishAlthoughCancelledFinishesToo() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            TaskGroup.run(group -> {
              group.spawn(() -> {
                Async.shield(Async::checkpoint);
                record.add("task finished");
              });
              Async.checkpoint();
              scope.cancel("now");
            });
            record.add("group finished");
          });
      assertThat(finished).isTrue();
      assertThat(record).containsExactly("task finished", "group finished");
    });
  }

  @Test
  @Origin(value = "trio test_run.test_trivial_yields", differs = NO_GROUP)
  void aBodysFailureInACancelledScopeIsNotAbsorbed() throws Exception {
    var failure = new IllegalStateException("the body's");
    run(() -> {
      var scope = CancelScope.create();
      assertThatThrownBy(() ->
              scope.run(() -> {
                scope.cancel("now");
                TaskGroup.run(_ -> {
                  throw failure;
                });
              }))
          .isSameAs(failure);
    });
  }

  @Test
  @Origin("trio test_run.test_slow_abort_edge_cases")
  void aTaskBehindAShieldIsWaitedForThoughItsGroupIsCancelled() throws Exception {
    run(() -> {
      TaskGroup.run(group -> {
        group.spawn(() ->
            Async.shield(() -> {
              Async.sleep(Duration.ofSeconds(3));
              record.add("cleaned up");
            }));
        settle();
        group.scope().cancel("enough");
      });
      record.add("group ended");
    });
    assertThat(record).containsExactly("cleaned up", "group ended");
    assertThat(clock.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
  }

  @Test
  @Origin(
      value = "trio test_run.test_basic",
      differs =
          "trio's tasks have no value and cannot be awaited; Segue's are futures, and the value of a"
              + " cancelled group's body may be missing")
  void aGroupThatIsCancelledBeforeItsBodyHasAValueThrowsThat() throws Exception {
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.call(group -> {
                  group.scope().cancel("too early");
                  Async.checkpoint();
                  return "value";
                }))
            .isExactlyInstanceOf(CancellationException.class)
            .hasMessageContaining("too early"));
  }

  @Test
  @Origin("trio test_cancelled.test_cancel_reason_nursery")
  void theReasonInASpawningBodyIsTheTasksFailure() throws Exception {
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(
                    "fail",
                    () -> {
                      throw new IllegalStateException("x");
                    });
                assertThatThrownBy(() -> settle())
                    .isInstanceOf(Cancelled.class)
                    .hasMessageContaining("'fail' failed with java.lang.IllegalStateException: x");
              }))
          .isInstanceOf(CompletionException.class);
    });
  }

  @Test
  @Origin("trio test_cancelled.test_cancel_reason_nursery2")
  void theReasonInASiblingIsTheTasksFailure() throws Exception {
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(
                    "fail",
                    () -> {
                      settle();
                      throw new IllegalStateException("x");
                    });
                group.spawn(() -> recordReason());
              }))
          .isInstanceOf(CompletionException.class);
    });
    assertThat(record).singleElement().asString().contains("'fail' failed with").contains("x");
  }

  @Test
  @Origin("trio test_cancelled.test_nested_child_source")
  void theReasonInATaskIsTheBodysFailure() throws Exception {
    run(() -> {
      assertThatThrownBy(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> recordReason());
                settle();
                throw new IllegalStateException("x");
              }))
          .isInstanceOf(IllegalStateException.class);
    });
    assertThat(record).singleElement().asString().contains("its body threw").contains("x");
  }

  private void recordReason() {
    try {
      Async.sleep(FOREVER);
    } catch (Cancelled e) {
      record.add(e.reason());
      throw e;
    }
  }

  // --- run itself

  @Test
  @Origin("trio test_run.test_basic")
  void runReturnsTheValueOfItsBody() throws Exception {
    assertThat(
            Async.run(() -> {
              Async.checkpoint();
              return 2 * 21;
            }))
        .isEqualTo(42);
  }

  @Test
  @Origin("trio test_run.test_initial_task_error")
  void runThrowsTheFailureOfItsBody() {
    var failure = new IOException("main's");
    assertThatThrownBy(() ->
            Async.run(() -> {
              throw failure;
            }))
        .isSameAs(failure);
  }

  @Test
  @Origin("trio test_run.test_run_nesting")
  void runInsideATaskIsRefused() throws Exception {
    run(() ->
        assertThatThrownBy(() -> Async.run(() -> record.add("inner")))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("inside task"));
    assertThat(record).isEmpty();
  }
}
