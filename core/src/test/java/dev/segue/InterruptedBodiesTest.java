package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An {@link InterruptedException} that leaves a body is a cancel: Segue's, or somebody else's. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedBodiesTest extends OnManualClock {
  private static final String FROM_OUTSIDE = "its thread was interrupted from outside";

  /** As {@code HttpClient.send}. */
  private static String send() throws IOException, InterruptedException {
    Thread.sleep(1);
    return "response";
  }

  /** A JDK wait that somebody else has interrupted. */
  private static void interruptedWait() throws InterruptedException {
    Thread.currentThread().interrupt();
    Thread.sleep(100_000);
  }

  /** It compiles, with one exception to handle. */
  private static String sendInTime() throws IOException, TimeoutException {
    return Async.timeout(Duration.ofDays(1), () -> send());
  }

  private static String runAndSend() throws IOException {
    return Async.run(() -> TaskGroup.call(_ -> Async.shield(() -> send())));
  }

  @Test
  void theOtherCheckedExceptionIsAllThatTheCallerHandles() throws Exception {
    assertThat(runAndSend()).isEqualTo("response");
    Async.run(() -> assertThat(sendInTime()).isEqualTo("response"));
  }

  // --- Segue's own interrupt

  @Test
  void ofAScopeIsAbsorbedByIt() {
    run(() -> {
      var scope = CancelScope.create();
      scope.cancel("enough");
      boolean finished =
          scope.run(() -> {
            Thread.sleep(100_000);
          });
      assertThat(finished).isFalse();
    });
  }

  @Test
  void ofAnOuterScopeIsCancelledWhereAnInnerBodyEnds() {
    run(() -> {
      var outer = CancelScope.create();
      outer.cancel("enough");
      boolean finished =
          outer.run(() -> {
            var thrown =
                catchThrowable(() -> CancelScope.create().run(() -> Thread.sleep(100_000)));
            assertThat(thrown)
                .isInstanceOf(Cancelled.class)
                .hasMessage("enough")
                .hasCauseInstanceOf(InterruptedException.class);
            assertThat(((Cancelled) thrown).scope()).isSameAs(outer);
            throw (Cancelled) thrown;
          });
      assertThat(finished).isFalse();
    });
  }

  @Test
  void ofATaskIsCancelledWhereAGroupsBodyEnds() {
    run(() -> {
      var thrown = new Throwable[1];
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel("enough");
            thrown[0] = catchThrowable(() -> TaskGroup.run(_ -> Thread.sleep(100_000)));
            throw (Cancelled) thrown[0];
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(thrown[0]).isInstanceOf(Cancelled.class).hasMessage("enough");
    });
  }

  @Test
  void whatWasSuppressedIsKept() throws Exception {
    var failure = new IOException("not closed");
    run(() -> {
      var scope = CancelScope.create();
      scope.cancel("enough");
      scope.run(() ->
          CancelScope.create()
              .run(() -> {
                AutoCloseable resource =
                    () -> {
                      throw failure;
                    };
                try (resource) {
                  Thread.sleep(100_000);
                }
              }));
    });
    assertThat(unobserved).containsExactly(failure);
  }

  // --- an interrupt from outside

  @Test
  void fromOutsideCancelsTheTask() {
    run(() -> {
      var task = Async.createTask(() -> interruptedWait());
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThatThrownBy(task::await)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageEndingWith(FROM_OUTSIDE)
          .cause()
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(task.isCancelRequested()).isTrue();
    });
  }

  @Test
  void fromOutsideEndsARunAsAnInterruptOfItsCallerDoes() {
    assertThatThrownBy(() -> run(() -> interruptedWait()))
        .isInstanceOf(Cancelled.class)
        .hasMessage(FROM_OUTSIDE)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void fromOutsidePassesEveryScopeOfTheTask() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.timeout(FOREVER, () -> CancelScope.create().run(() -> interruptedWait()));
            return "not cancelled";
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void fromOutsidePassesAShield() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.shield(() -> interruptedWait());
            return "not cancelled";
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void fromOutsidePassesUninterleaved() {
    run(() -> {
      var task = Async.createTask(() -> Async.uninterleaved(() -> interruptedWait()));
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void fromOutsideEndsAGroupAndTheTasksInIt() {
    run(() -> {
      var task =
          Async.createTask(() ->
              TaskGroup.run(group -> {
                group.spawn(() -> Async.sleep(FOREVER));
                interruptedWait();
              }));
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void fromOutsideEndsAGatherAsACancelOfThatTaskDoes() {
    run(() ->
        assertThatThrownBy(() -> Async.gather(() -> Async.sleep(FOREVER), () -> interruptedWait()))
            .isExactlyInstanceOf(CancellationException.class)
            .hasMessageEndingWith(FROM_OUTSIDE));
  }

  @Test
  void fromOutsideEverySegueWaitThatFollowsThrows() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            var thrown = catchThrowable(() -> Async.shield(() -> interruptedWait()));
            assertCancelledAt(Async::checkpoint);
            assertCancelledAt(() -> Async.sleep(FOREVER));
            throw (Cancelled) thrown;
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void fromOutsideIsToldOnceSoThatACleanUpMayUseTheJdk() {
    run(() -> {
      var flag = new boolean[] {true};
      var task =
          Async.createTask(() ->
              Async.timeout(
                  FOREVER,
                  () -> {
                    try {
                      Async.uninterleaved(() -> interruptedWait());
                    } finally {
                      flag[0] = Thread.currentThread().isInterrupted();
                    }
                  }));
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(flag).containsExactly(false);
    });
  }

  @Test
  void fromOutsideThatTheBodyHandlesIsItsOwnBusiness() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              interruptedWait();
            } catch (InterruptedException _) {
              Async.checkpoint();
            }
            return "went on";
          });
      assertThat(task.await()).isEqualTo("went on");
    });
  }

  @Test
  void onAThreadOfToThreadIsTheFailureOfTheWork() {
    run(() ->
        assertThatThrownBy(() -> Async.toThread(() -> interruptedWait()))
            .hasCauseInstanceOf(InterruptedException.class));
  }
}
