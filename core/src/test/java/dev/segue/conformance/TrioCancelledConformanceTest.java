package dev.segue.conformance;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.OnManualClock;
import dev.segue.TaskGroup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What trio's own tests fix for {@code Cancelled}, and for waits that a cancel does not end at
 * once.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrioCancelledConformanceTest extends OnManualClock {
  private final List<String> record = new ArrayList<>();

  // --- waits that a cancel does not end at once

  @Test
  @Origin(
      value = "trio test_run.test_failed_abort",
      differs =
          "trio's wait is a low-level one; Segue's is the work of a thread that goes on when it is"
              + " interrupted")
  void aWaitThatCannotBeGivenUpReturnsAndTheNextOneThrows() throws Exception {
    var begun = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var scope = CancelScope.create();
    run(() ->
        TaskGroup.run(group -> {
          var stubborn =
              group.spawn(() ->
                  scope.run(() -> {
                    record.add("sleep");
                    record.add(
                        "woke with "
                            + Async.toThread(() -> {
                              begun.countDown();
                              return endOnlyWhenReleased(told, release);
                            }));
                    try {
                      Async.checkpoint();
                    } finally {
                      record.add("left");
                    }
                  }));
          Async.toThread(() -> begun.await());
          scope.cancel("now");
          Async.toThread(() -> told.await());
          assertThat(record).containsExactly("sleep");
          release.countDown();
          assertThat(stubborn.await()).isFalse();
          assertThat(record).containsExactly("sleep", "woke with 1", "left");
        }));
  }

  private static int endOnlyWhenReleased(CountDownLatch told, CountDownLatch release)
      throws InterruptedException {
    try {
      release.await();
    } catch (InterruptedException _) {
      told.countDown();
    }
    release.await();
    return 1;
  }

  @Test
  @Origin("trio test_run.test_slow_abort_basic")
  void aWaitThatTakesTimeToGiveUpThrowsWhenItHas() throws Exception {
    var begun = new CountDownLatch(1);
    var scope = CancelScope.create();
    run(() ->
        TaskGroup.run(group -> {
          var slow =
              group.spawn(() ->
                  scope.run(() -> {
                    try {
                      Async.toThread(() -> {
                        begun.countDown();
                        try {
                          new CountDownLatch(1).await();
                        } finally {
                          record.add("the work has ended");
                        }
                      });
                    } catch (Cancelled e) {
                      record.add("cancelled: " + e.reason());
                      throw e;
                    }
                  }));
          Async.toThread(() -> begun.await());
          scope.cancel("now");
          assertThat(slow.await()).isFalse();
          assertThat(record).containsExactly("the work has ended", "cancelled: now");
        }));
  }

  // --- Cancelled

  @Test
  @Origin("trio test_cancelled.test_cancel_reason")
  void cancelledSaysWhoWhyAndWhere() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("hello");
        var cancelled = catchThrowableOfType(Cancelled.class, Async::checkpoint);
        assertThat(cancelled.reason()).isEqualTo("hello");
        assertThat(cancelled.scope()).isSameAs(scope);
        assertThat(cancelled.cancelledAt())
            .anyMatch(frame -> frame.getClassName().equals(getClass().getName()));
      });
    });
  }

  @Test
  @Origin("trio test_cancelled.test_cancel_reason")
  void cancelledByADeadlineNamesTheTime() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ofSeconds(2));
      scope.run(() -> {
        var cancelled = catchThrowableOfType(Cancelled.class, () -> Async.sleep(FOREVER));
        assertThat(cancelled.reason()).contains("time-out").contains("PT2S");
        assertThat(cancelled.scope()).isSameAs(scope);
        assertThat(cancelled.cancelledAt()).isEmpty();
      });
    });
  }

  @Test
  @Origin("trio test_cancelled.test_cancel_reason_not_overwritten")
  void theReasonOfACallIsKeptWhenAnotherComes() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("first");
        assertThatThrownBy(Async::checkpoint).hasMessage("first");
        scope.cancel("second");
        assertThatThrownBy(Async::checkpoint).hasMessage("first");
      });
    });
  }

  @Test
  @Origin(
      value = "trio test_cancelled.test_cancel_reason_not_overwritten",
      differs = "trio lets the deadline of a cancelled scope be set, in vain; Segue refuses")
  void theDeadlineOfACancelledScopeCannotBeMoved() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("first");
        assertThatThrownBy(() -> scope.reschedule(Duration.ZERO))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("first");
      });
    });
  }

  @Test
  @Origin("trio test_cancelled.test_cancel_reason_not_overwritten_2")
  void theReasonOfADeadlineIsKeptWhenACallComes() throws Exception {
    run(() -> {
      var scope = CancelScope.within(Duration.ZERO);
      scope.run(() -> {
        assertThatThrownBy(Async::checkpoint).hasMessageContaining("time-out");
        scope.cancel("second");
        assertThatThrownBy(Async::checkpoint).hasMessageContaining("time-out");
      });
    });
  }

  @Test
  @Origin("trio test_cancelled.test_Cancelled_init, test_Cancelled_subclass")
  void nobodyMakesOrExtendsCancelled() {
    assertThat(Cancelled.class.getConstructors()).isEmpty();
    assertThat(Modifier.isFinal(Cancelled.class.getModifiers())).isTrue();
  }

  @Test
  @Origin(
      value = "trio test_cancelled.test_Cancelled_pickle",
      differs =
          "trio's carries texts, which all survive; Segue's scope and place stay in their JVM")
  void cancelledKeepsItsReasonWhenItIsSerialized() throws Exception {
    var scope = CancelScope.create();
    var caught = new Cancelled[1];
    run(() ->
        scope.run(() -> {
          scope.cancel("hello");
          caught[0] = catchThrowableOfType(Cancelled.class, Async::checkpoint);
        }));
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(caught[0]);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var copy = (Cancelled) in.readObject();
      assertThat(copy.reason()).isEqualTo("hello");
      assertThat(copy.scope()).isNull();
      assertThat(copy.cancelledAt()).isEmpty();
    }
  }

  @Test
  @Origin(
      value = "trio test_cancelled.test_reason_delayed_ki",
      differs =
          "trio's Ctrl-C is KeyboardInterrupt in the main task; Segue's counterpart is an interrupt"
              + " of the thread that called run, which cancels the main task")
  void anInterruptOfTheCallerIsTheReasonThatAllTasksOfTheMainTaskSee() throws Exception {
    var caller = Thread.currentThread();
    assertThatThrownBy(() ->
            run(() ->
                TaskGroup.run(group -> {
                  group.spawn(() -> recordReason());
                  group.spawn(() -> recordReason());
                  settle();
                  caller.interrupt();
                })))
        .isInstanceOf(Cancelled.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).as("the caller's flag").isTrue();
    assertThat(record).hasSize(2).allMatch(reason -> reason.contains("interrupted"));
  }

  private void recordReason() {
    try {
      Async.sleep(FOREVER);
    } catch (Cancelled e) {
      record.add(e.reason());
      throw e;
    }
  }

  @Test
  @Origin("trio test_run.test_cancel_unbound")
  void aScopesValueIsEmptyWhereItsCancelEndedTheBody() throws Exception {
    run(() -> {
      var scope = CancelScope.create();
      scope.cancel("in advance");
      Optional<String> value =
          scope.call(() -> {
            Async.checkpoint();
            return "value";
          });
      assertThat(value).isEmpty();
    });
  }
}
