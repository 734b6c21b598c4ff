package dev.segue.conformance;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.OnManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What trio's own tests fix for the deadlines of cancel scopes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrioDeadlinesConformanceTest extends OnManualClock {
  private final List<String> record = new ArrayList<>();

  // --- deadlines

  @Test
  @Origin("trio test_run.test_basic_timeout")
  void theDeadlineOfAScopeThatHasBeenLeftDoesNothing() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(1));
      assertThat(scope.run(() -> {})).isTrue();
      clock.advance(Duration.ofSeconds(2));
      Async.checkpoint();
      Async.checkpoint();
      Async.checkpoint();
      assertThat(scope.isCancelRequested()).isFalse();
    });
  }

  @Test
  @Origin("trio test_run.test_basic_timeout")
  void aDeadlineCancelsItsScope() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(1));
      boolean finished =
          scope.run(() -> {
            clock.advance(Duration.ofSeconds(2));
            Async.sleep(FOREVER);
          });
      assertThat(finished).isFalse();
      assertThat(scope.isCancelRequested()).isTrue();
    });
  }

  @Test
  @Origin("trio test_run.test_basic_timeout")
  void aDeadlineThatIsMovedIntoThePastCancelsAtTheNextWait() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        Async.checkpoint();
        scope.reschedule(Duration.ofSeconds(10));
        Async.checkpoint();
        clock.advance(Duration.ofSeconds(5));
        Async.checkpoint();
        scope.reschedule(Duration.ofSeconds(-4));
        assertCancelledAt(Async::checkpoint);
        assertCancelledAt(Async::checkpoint);
      });
    });
  }

  @Test
  @Origin("trio test_run.test_yield_briefly_checks_for_timeout")
  void aCheckpointSeesADeadlineThatHasPassedMeanwhile() throws Exception {
    run(() -> {
      CancelScope.within(Duration.ofSeconds(5))
          .run(() -> {
            Async.checkpoint();
            clock.advance(Duration.ofSeconds(10));
            assertCancelledAt(Async::checkpoint);
          });
    });
  }

  @Test
  @Origin("trio test_run.test_cancel_scope_deadline_duplicates")
  void aDeadlineMayBeMovedThousandsOfTimes() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            for (int i = 0; i < 2_000; i++) {
              scope.reschedule(Duration.ofMillis(5));
              scope.reschedule(Duration.ofSeconds(9_999));
            }
            Async.sleep(Duration.ofMillis(10));
            assertThat(scope.remaining()).contains(Duration.ofSeconds(9_999).minusMillis(10));
          });
      assertThat(finished).isTrue();
    });
  }

  @Test
  @Origin("trio test_run.test_timekeeping")
  void aDeadlineKeepsRealTime() {
    Async.run(() -> {
      long begin = System.nanoTime();
      assertThat(CancelScope.within(Duration.ofMillis(50)).run(() -> Async.sleep(FOREVER)))
          .isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(50), Duration.ofSeconds(10));
    });
  }

  @Test
  @Origin("trio test_timeouts.test_sleep")
  void aSleepTakesItsTime() throws Exception {
    run(() -> {
      Async.sleep(Duration.ofSeconds(1));
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    });
  }

  @Test
  @Origin("trio test_timeouts.test_sleep")
  void aSleepOfZeroLetsOthersRunAndSeesACancel() throws Exception {
    run(() -> {
      Async.createTask(() -> record.add("other"));
      Async.sleep(Duration.ZERO);
      assertThat(record).containsExactly("other");
      CancelScope.within(Duration.ZERO)
          .run(() -> assertCancelledAt(() -> Async.sleep(Duration.ZERO)));
    });
  }

  @Test
  @Origin("trio test_timeouts.test_move_on_after")
  void aScopeWithADeadlineMovesOn() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(1));
      assertThat(scope.run(() -> Async.sleep(Duration.ofSeconds(100)))).isFalse();
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    });
  }

  @Test
  @Origin("trio test_timeouts.test_context_shields_from_outer")
  void aScopeWithADeadlineMayBeAShield() throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      outer.run(() -> {
        outer.cancel("outside");
        assertThat(CancelScope.within(Duration.ofSeconds(1)).shielded().run(Async::checkpoint))
            .isTrue();
        assertCancelledAt(Async::checkpoint);
      });
    });
  }

  @Test
  @Origin("trio test_timeouts.test_move_on_after_moves_on_even_if_shielded")
  void theDeadlineOfAShieldIsKept() throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      outer.run(() -> {
        outer.cancel("outside");
        boolean finished =
            CancelScope.within(Duration.ofSeconds(1)).shielded().run(() -> Async.sleep(FOREVER));
        assertThat(finished).isFalse();
      });
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    });
  }

  @Test
  @Origin("trio test_timeouts.test_fail_after_fails_even_if_shielded")
  void aTimeOutBehindAShieldIsKept() throws Exception {
    run(() -> {
      var outer = CancelScope.create();
      outer.run(() -> {
        outer.cancel("outside");
        assertThatThrownBy(() ->
                Async.shield(
                    () -> Async.timeout(Duration.ofSeconds(1), () -> Async.sleep(FOREVER))))
            .isInstanceOf(TimeoutException.class);
      });
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    });
  }

  @Test
  @Origin("trio test_timeouts.test_fail")
  void aTimeOutFailsOnlyWhatTakesTooLong() throws Exception {
    run(() -> {
      assertThatThrownBy(() ->
              Async.timeout(Duration.ofSeconds(1), () -> Async.sleep(Duration.ofSeconds(100))))
          .isInstanceOf(TimeoutException.class);
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
      Async.timeout(Duration.ofSeconds(100), () -> Async.sleep(Duration.ZERO));
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
    });
  }

  @Test
  @Origin(
      value = "trio test_timeouts.test_timeouts_raise_value_error",
      differs = "trio refuses a negative delay; Segue takes it as zero")
  void aNegativeDelayIsZero() throws Exception {
    run(() -> {
      Async.sleep(Duration.ofSeconds(-1));
      assertThatThrownBy(() -> Async.timeout(Duration.ofSeconds(-1), Async::checkpoint))
          .isInstanceOf(TimeoutException.class);
      assertThat(clock.elapsed()).isZero();
    });
  }

  @Test
  @Origin("trio test_timeouts.test_timeout_deadline_on_entry")
  void aTimeOutCountsFromEntryAndMayBeMoved() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(5));
      clock.advance(Duration.ofSeconds(3));
      boolean finished =
          scope.run(() -> {
            assertThat(scope.remaining()).contains(Duration.ofSeconds(5));
            scope.reschedule(Duration.ofSeconds(3));
            assertThat(scope.remaining()).contains(Duration.ofSeconds(3));
            scope.reschedule(Duration.ofSeconds(4));
            Async.sleep(FOREVER);
          });
      assertThat(finished).isFalse();
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3 + 4));
    });
  }

  @Test
  @Origin(
      value = "trio test_timeouts.test_invalid_access_unentered",
      differs =
          "trio has deadlines and delays, and refuses the wrong one of a scope that is not"
              + " entered; Segue has delays alone")
  void aScopeThatIsNotEnteredTellsAndTakesItsDelay() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(5));
      assertThat(scope.remaining()).contains(Duration.ofSeconds(5));
      scope.reschedule(Duration.ofSeconds(7));
      assertThat(scope.remaining()).contains(Duration.ofSeconds(7));
      assertThat(scope.run(() -> Async.sleep(FOREVER))).isFalse();
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(7));
    });
  }
}
