package dev.segue.conformance;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.OnManualClock;
import dev.segue.TaskGroup;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What trio's own tests fix for cancel scopes, deadlines and {@code Cancelled}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrioCancelScopesConformanceTest extends OnManualClock {
  private final List<String> record = new ArrayList<>();

  // --- where a cancel is seen

  @Test
  @Origin("trio test_run.test_cancel_points")
  void aCheckpointInACancelledScopeThrows() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        Async.checkpoint();
        scope.cancel("enough");
        assertCancelledAt(Async::checkpoint);
      });
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_points")
  void aSleepInACancelledScopeThrows() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("enough");
        assertCancelledAt(() -> Async.sleep(FOREVER));
      });
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_points")
  void aShieldedCheckpointInACancelledScopeIsNoCancelPoint() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("enough");
        Async.shield(Async::checkpoint);
        Async.shield(Async::checkpoint);
        assertCancelledAt(Async::checkpoint);
      });
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_edge_cases")
  void aSecondCancelOfAScopeChangesNothing() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("first");
            scope.cancel("second");
            Async.checkpoint();
          });
      assertThat(finished).isFalse();
      assertThat(scope.isCancelRequested()).isTrue();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_edge_cases")
  void everyWaitInACancelledScopeThrowsNotOnlyTheFirst() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("enough");
            assertCancelledAt(() -> Async.sleep(FOREVER));
            assertCancelledAt(() -> Async.sleep(FOREVER));
          });
      assertThat(finished).as("a body that caught it has finished").isTrue();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_scope_exceptiongroup_filtering")
  void aFailureAmongCancelledTasksIsWhatLeavesTheScopesAndNoCancelledComesWithIt()
      throws Exception {
    var crash = new IllegalStateException("crash");
    run(() -> {
      var outer = CancelScope.create();
      assertThatThrownBy(() ->
              outer.run(() ->
                  TaskGroup.run(group -> {
                    group.spawn(() -> Async.sleep(FOREVER));
                    group.spawn(() -> {
                      try {
                        Async.sleep(FOREVER);
                      } catch (Cancelled _) {
                        throw crash;
                      }
                    });
                    settle();
                    group.scope().cancel("the group");
                    group.spawn(() -> Async.sleep(FOREVER));
                    outer.cancel("the outer scope");
                  })))
          .isInstanceOf(CompletionException.class)
          .hasCause(crash)
          .hasNoSuppressedExceptions();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_scope_no_cancellederror")
  void aCancelledScopeDoesNotAbsorbWhatIsNoCancel() throws Exception {
    var failure = new IllegalStateException("test");
    run(() -> {
      var scope = CancelScope.create();
      assertThatThrownBy(() ->
              scope.run(() -> {
                scope.cancel("enough");
                throw failure;
              }))
          .isSameAs(failure);
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_inheritance")
  void aCancelReachesAllTasksBelowAtOnce() throws Exception {
    run(() -> {
      TaskGroup.run(group -> {
        for (var worker : List.of("w1", "w2")) {
          group.spawn(() ->
              TaskGroup.run(inner -> {
                inner.spawn(() -> recordCancelOf(worker + "-l1"));
                inner.spawn(() -> recordCancelOf(worker + "-l2"));
              }));
        }
        settle();
        group.scope().cancel("all of them");
      });
      assertThat(record).containsExactlyInAnyOrder("w1-l1", "w1-l2", "w2-l1", "w2-l2");
    });
  }

  private void recordCancelOf(String name) {
    try {
      Async.sleep(FOREVER);
    } catch (Cancelled _) {
      record.add(name);
    }
  }

  // --- shields

  @Test
  @Origin(
      value = "trio test_run.test_cancel_shielding",
      differs = "trio can set and clear a scope's shield inside it; Segue's is chosen before entry")
  void aShieldKeepsOutWhatComesFromOutside() throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      boolean finished =
          outer.run(() -> {
            outer.cancel("outside");
            assertCancelledAt(Async::checkpoint);
            CancelScope.create()
                .shielded()
                .run(() -> {
                  Async.checkpoint();
                  record.add("shielded");
                });
            Async.checkpoint();
            record.add("not reached");
          });
      assertThat(finished).isFalse();
      assertThat(record).containsExactly("shielded");
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_shielding")
  void aShieldDoesNotKeepOutWhatIsCancelledInsideIt() throws Exception {
    run(() -> {
      CancelScope.create()
          .shielded()
          .run(() -> {
            var inner = CancelScope.create();
            inner.run(() -> {
              inner.cancel("inside");
              assertCancelledAt(Async::checkpoint);
            });
            Async.checkpoint();
          });
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_shielding")
  void aShieldDoesNotKeepOutItsOwnCancel() throws Exception {
    run(() -> {
      var shield = CancelScope.create().shielded();
      boolean finished =
          shield.run(() -> {
            Async.checkpoint();
            shield.cancel("itself");
            Async.checkpoint();
          });
      assertThat(finished).isFalse();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_cancel_shield_abort",
      differs =
          "trio can take a shield away while tasks wait behind it, which ends their waits;"
              + " in Segue what the shield kept out arrives at the first wait after it")
  void theCancelThatAShieldKeptOutArrivesAfterIt() throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      boolean finished =
          outer.run(() -> {
            outer.cancel("outside");
            Async.shield(() ->
                TaskGroup.run(group ->
                    group.spawn(() -> {
                      Async.sleep(Duration.ofSeconds(1));
                      record.add("slept behind the shield");
                    })));
            record.add("left the shield");
            Async.checkpoint();
            record.add("not reached");
          });
      assertThat(finished).isFalse();
      assertThat(record).containsExactly("slept behind the shield", "left the shield");
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_unshield_while_cancel_propagating",
      differs =
          "trio turns the inner scope into a shield meanwhile; Segue's test cancels it instead")
  void anOuterCancelOnItsWayOutIsNotAbsorbedByAnInnerScopeThatIsCancelledMeanwhile()
      throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      var inner = CancelScope.create();
      boolean finished =
          outer.run(() -> {
            inner.run(() -> {
              outer.cancel("outer");
              try {
                Async.checkpoint();
              } finally {
                inner.cancel("too late");
              }
            });
            record.add("not reached");
          });
      assertThat(finished).isFalse();
      assertThat(record).isEmpty();
    });
  }

  // --- nesting

  @Test
  @Origin("trio test_run.test_cancel_scope_nesting")
  void ofTwoCancelledScopesTheOuterAbsorbs() throws Exception {
    run(() -> {
      var scope1 = CancelScope.create();
      var scope2 = CancelScope.create();
      var scope3 = CancelScope.create();
      boolean finished1 =
          scope1.run(() -> {
            boolean finished2 =
                scope2.run(() -> {
                  scope3.run(() -> {
                    scope3.cancel("third");
                    scope2.cancel("second");
                    Async.sleep(FOREVER);
                  });
                  record.add("after the third");
                });
            assertThat(finished2).isFalse();
          });
      assertThat(finished1).isTrue();
      assertThat(record).isEmpty();
      assertThat(scope3.isCancelRequested()).isTrue();
      assertThat(scope1.isCancelRequested()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_cancel_scope_nesting",
      differs =
          "in trio a Cancelled has no owner, so an inner scope lets it pass once an outer one is"
              + " cancelled too; in Segue it absorbs what its own cancel threw, and the next wait throws")
  void anInnerCancelOnItsWayOutIsAbsorbedThoughAnOuterScopeIsCancelledMeanwhile() throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      var inner = CancelScope.create();
      boolean finished =
          outer.run(() -> {
            boolean innerFinished =
                inner.run(() -> {
                  inner.cancel("inner");
                  try {
                    Async.checkpoint();
                  } finally {
                    outer.cancel("outer");
                  }
                });
            assertThat(innerFinished).isFalse();
            record.add("between");
            Async.checkpoint();
            record.add("not reached");
          });
      assertThat(finished).isFalse();
      assertThat(record).containsExactly("between");
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_scope_nesting")
  void aCancelledScopeThatIsLeftBeforeAWaitIsNotDelivered() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("nobody sees it");
            Async.shield(Async::checkpoint);
          });
      Async.checkpoint();
      assertThat(finished).isTrue();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_very_deep_cancel_scope_nesting",
      differs =
          "trio's 5,000 scopes are entered without nested calls; in Segue each scope is a call"
              + " on the stack, so the depth is that of tasks in groups")
  void aCancelReachesThroughAThousandNestedScopes() throws Exception {
    int depth = 1_000;
    run(() -> {
      var outermost = CancelScope.create();
      boolean finished = outermost.run(() -> nest(outermost, depth));
      assertThat(finished).isFalse();
      assertThat(record).hasSize(depth);
    });
  }

  private void nest(CancelScope outermost, int depth) {
    if (depth == 0) {
      outermost.cancel("from the deepest");
      Async.checkpoint();
    }
    TaskGroup.run(group -> {
      group.spawn(() -> CancelScope.create().run(() -> nest(outermost, depth - 1)));
      try {
        Async.sleep(FOREVER);
      } finally {
        record.add("left");
      }
    });
  }

  // --- scopes before and after their use

  @Test
  @Origin("trio test_run.test_cancel_unbound")
  void aScopeMayBeCancelledBeforeItIsEntered() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.cancel("in advance");
      boolean finished =
          scope.run(() -> {
            record.add("entered");
            Async.sleep(FOREVER);
          });
      assertThat(finished).isFalse();
      assertThat(record).containsExactly("entered");
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_cancel_unbound",
      differs = "trio has no other waits than its own; a JDK wait gets an interrupt")
  void aJdkWaitInAScopeThatWasCancelledBeforeItWasEnteredIsEnded() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.cancel("in advance");
      boolean finished = scope.run(() -> Thread.sleep(Duration.ofSeconds(30)));
      assertThat(finished).isFalse();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_unbound")
  void aScopeMayBeCancelledByAnotherTask() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      TaskGroup.run(group -> {
        var sleeper = group.spawn(() -> scope.run(() -> Async.sleep(FOREVER)));
        settle();
        scope.cancel("by another");
        assertThat(sleeper.await()).isFalse();
      });
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_unbound")
  void aScopeThatHasBeenLeftCannotBeEnteredAgain() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(Async::checkpoint);
      scope.cancel("after its end");
      Async.checkpoint();
      assertThat(scope.isCancelRequested()).isTrue();
      assertThatThrownBy(() -> scope.run(() -> record.add("entered")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("entered only once");
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_unbound")
  void aScopeCannotBeEnteredInsideItself() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            assertThatThrownBy(() -> scope.run(() -> record.add("entered")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("entered only once");
            Async.checkpoint();
          });
      assertThat(finished).isTrue();
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_unbound")
  void aScopeCannotBeEnteredByTwoTasks() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      TaskGroup.run(group -> {
        var first = group.spawn(() -> scope.run(() -> Async.sleep(FOREVER)));
        settle();
        assertThatThrownBy(() -> scope.run(() -> record.add("entered")))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("entered only once");
        scope.cancel("the first is still in it");
        assertThat(first.await()).isFalse();
      });
      assertThat(record).isEmpty();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_cancel_unbound",
      differs =
          "trio's deadline is a moment, which may pass before entry; Segue's counts from entry")
  void theTimeOfAScopeThatIsNotEnteredDoesNotRun() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(1));
      clock.advance(Duration.ofSeconds(2));
      Async.checkpoint();
      assertThat(scope.isCancelRequested()).isFalse();
      assertThat(scope.run(Async::checkpoint)).isTrue();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_cancel_scope_repr",
      differs =
          "trio's repr tells how far a scope is; Segue has remaining() and isCancelRequested()")
  void aScopeTellsItsDeadlineAndItsCancel() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      assertThat(scope.remaining()).isEmpty();
      scope.run(() -> {
        scope.reschedule(Duration.ofSeconds(10));
        assertThat(scope.remaining()).contains(Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(4));
        assertThat(scope.remaining()).contains(Duration.ofSeconds(6));
        clock.advance(Duration.ofSeconds(7));
        assertThat(scope.remaining()).contains(Duration.ZERO);
        assertThat(scope.isCancelRequested()).isFalse();
        scope.cancel("now");
        assertThat(scope.isCancelRequested()).isTrue();
      });
      assertThat(scope.isCancelRequested()).isTrue();
    });
  }

  @Test
  @Origin(
      value = "trio test_run.test_cancel_scope_validation",
      differs =
          "trio refuses a negative time-out; in Segue it is over at the first wait, as zero is")
  void aNegativeTimeOutIsOverAtTheFirstWait() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(-3));
      boolean finished =
          scope.run(() -> {
            record.add("entered");
            Async.checkpoint();
            record.add("not reached");
          });
      assertThat(finished).isFalse();
      assertThat(record).containsExactly("entered");
    });
  }

  @Test
  @Origin("trio test_run.test_CancelScope_subclass")
  void nobodyExtendsAScope() {
    assertThat(Modifier.isFinal(CancelScope.class.getModifiers())).isTrue();
    assertThat(CancelScope.class.getConstructors()).isEmpty();
  }
}
