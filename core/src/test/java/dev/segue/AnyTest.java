package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Async#any}: the first value, and nothing left behind. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnyTest extends OnManualClock {
  private static Callable<String> after(int seconds, String value) {
    return () -> {
      Async.sleep(Duration.ofSeconds(seconds));
      return value;
    };
  }

  private static Callable<String> failingAfter(int seconds, String message) {
    return () -> {
      Async.sleep(Duration.ofSeconds(seconds));
      throw new IOException(message);
    };
  }

  @Test
  void theFirstValueIsTheResult() {
    run(() -> {
      assertThat(Async.any(after(2, "late"), after(1, "early"))).isEqualTo("early");
      assertThat(Async.any(List.of(after(1, "early"), after(2, "late")))).isEqualTo("early");
    });
  }

  @Test
  void theFirstValueMayBeNull() {
    run(() -> assertThat(Async.any(after(2, "late"), after(1, null))).isNull());
  }

  @Test
  void theOthersAreCancelledAndWaitedFor() {
    run(() -> {
      var log = new ArrayList<String>();
      Callable<String> slow =
          () -> {
            try {
              Async.sleep(FOREVER);
              return "never";
            } catch (Cancelled e) {
              log.add(e.reason());
              Async.shield(() -> Async.sleep(Duration.ofSeconds(5)));
              log.add("cleaned up");
              throw e;
            }
          };
      assertThat(Async.any(slow, after(1, "early"))).isEqualTo("early");
      assertThat(log).containsExactly("another body has returned the first value", "cleaned up");
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
  }

  @Test
  void aFailureLeavesTheOthersRunningAndIsForgottenWhereOneSucceeds() {
    run(() ->
        assertThat(Async.any(failingAfter(1, "no route"), after(2, "connected")))
            .isEqualTo("connected"));
    assertThat(unobserved).isEmpty();
  }

  @Test
  void aBodyThatIsCancelledByItselfLeavesTheOthersRunning() {
    run(() -> {
      Callable<String> cancelled =
          () -> {
            Async.currentTask().cancel();
            Async.checkpoint();
            return "never";
          };
      assertThat(Async.any(cancelled, after(1, "value"))).isEqualTo("value");
    });
  }

  @Test
  void whereAllFailTheFirstBodysFailureIsTheCauseAndTheOthersAreSuppressed() {
    run(() -> {
      assertThatThrownBy(() -> Async.any(failingAfter(2, "first"), failingAfter(1, "second")))
          .isInstanceOf(CompletionException.class)
          .satisfies(thrown -> {
            assertThat(thrown.getCause()).isInstanceOf(IOException.class).hasMessage("first");
            assertThat(thrown.getSuppressed())
                .singleElement()
                .isInstanceOf(IOException.class)
                .asString()
                .endsWith("second");
          });
    });
    assertThat(unobserved).isEmpty();
  }

  @Test
  void whereTheFirstBodyIsCancelledByItselfAndTheOthersFailItIsACancellationWithTheirFailures() {
    run(() -> {
      Callable<String> cancelled =
          () -> {
            Async.currentTask().cancel("enough");
            Async.checkpoint();
            return "never";
          };
      assertThatThrownBy(() -> Async.any(cancelled, failingAfter(1, "second")))
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageEndingWith("enough")
          .hasSuppressedException(new IOException("second"));
    });
  }

  @Test
  void aFailureAfterTheFirstValueGoesToTheHandler() {
    var failure = new IllegalStateException("not closed");
    run(() -> {
      Callable<String> cannotCleanUp =
          () -> {
            try {
              Async.sleep(FOREVER);
              return "never";
            } catch (Cancelled _) {
              throw failure;
            }
          };
      assertThat(Async.any(cannotCleanUp, after(1, "value"))).isEqualTo("value");
    });
    assertThat(unobserved).containsExactly(failure);
  }

  @Test
  void aValueAfterTheFirstIsDropped() {
    run(() -> {
      Callable<String> declines =
          () -> {
            try {
              Async.sleep(FOREVER);
            } catch (Cancelled _) {
              return "second";
            }
            return "never";
          };
      assertThat(Async.any(declines, after(1, "first"))).isEqualTo("first");
    });
  }

  @Test
  void cancellingTheCallerCancelsThemAll() {
    run(() -> {
      var ended = new ArrayList<String>();
      Callable<String> slow =
          () -> {
            try {
              Async.sleep(FOREVER);
              return "never";
            } finally {
              ended.add("slow");
            }
          };
      var task = Async.createTask(() -> Async.any(slow, slow));
      settle();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(ended).containsExactly("slow", "slow");
    });
  }

  @Test
  void aValueIsNotLostToACancelThatComesLater() {
    run(() -> {
      var value = new String[1];
      Callable<String> cleansUp =
          () -> {
            try {
              Async.sleep(FOREVER);
              return "never";
            } finally {
              Async.shield(() -> Async.sleep(Duration.ofSeconds(5)));
            }
          };
      var task =
          Async.createTask(() -> {
            value[0] = Async.any(after(1, "connected"), cleansUp);
            Async.checkpoint();
          });
      Async.sleep(Duration.ofSeconds(2));
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(value).containsExactly("connected");
    });
  }

  @Test
  void aCancelledCallerStartsNothing() {
    run(() -> {
      var begun = new boolean[1];
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel();
            return Async.any(() -> begun[0] = true);
          });
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(begun).containsExactly(false);
    });
  }

  @Test
  void thereHasToBeABody() {
    run(() ->
        assertThatThrownBy(() -> Async.any(List.of()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("bodies must not be empty: none would have a value"));
  }

  @Test
  void nullIsRefusedByName() {
    run(() -> {
      assertThatThrownBy(() -> Async.any((List<Callable<String>>) null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("bodies must not be null");
      assertThatThrownBy(() -> Async.any((Callable<String>[]) null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("bodies must not be null");
      assertThatThrownBy(() -> Async.any(() -> "value", null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("bodies must not contain null");
    });
  }
}
