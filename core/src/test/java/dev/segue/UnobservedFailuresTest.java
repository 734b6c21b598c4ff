package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnobservedFailuresTest {
  private final List<String> handled = new CopyOnWriteArrayList<>();

  private EventLoop loop() {
    return EventLoop.builder()
        .exceptionHandler((task, cause) -> handled.add(task.name() + ": " + cause.getMessage()))
        .build();
  }

  private static Task<Object> failing(String name) {
    return Async.createTask(
        name,
        () -> {
          throw new IllegalStateException(name + " failed");
        });
  }

  @Test
  void aFailureThatNobodyLooksAtIsReportedWhenTheLoopEnds() {
    loop()
        .run(() -> {
          failing("a");
          failing("b");
          Async.checkpoint();
        });
    assertThat(handled).containsExactly("a: a failed", "b: b failed");
  }

  @Test
  void theLogTellsATasksFailureFromWhatElseItLeft() {
    try (var log = new CapturedLog()) {
      Async.run(() -> {
        failing("broken");
        var lock = new AsyncLock();
        Async.createTask("careless", () -> lock.acquire()).await();
      });
      assertThat(log.messages())
          .satisfiesExactlyInAnyOrder(
              message -> assertThat(message).contains("'broken'", "failed, and nothing waited"),
              message -> assertThat(message).contains("'careless'", "left this exception behind"));
    }
  }

  @Test
  void aFailureIsReportedOnceItsTaskCannotBeReached() {
    loop()
        .run(() -> {
          failing("lost");
          while (handled.isEmpty()) { // how long the collector takes is its own affair
            System.gc();
            Async.sleep(Duration.ofMillis(5));
          }
        });
    assertThat(handled).containsExactly("lost: lost failed");
  }

  @Test
  void theReportedTaskHasTheFailedOnesNameIdAndOutcome() {
    var seen = new CopyOnWriteArrayList<Task<?>>();
    var id =
        EventLoop.builder()
            .exceptionHandler((task, _) -> seen.add(task))
            .build()
            .run(() -> failing("named").id());
    // never awaited, and begun only by the end of the run: it was cancelled, and so has not failed
    assertThat(seen).isEmpty();
    var failed =
        EventLoop.builder()
            .exceptionHandler((task, _) -> seen.add(task))
            .build()
            .run(() -> {
              var task = failing("named");
              Async.checkpoint();
              return task.id();
            });
    assertThat(failed).isEqualTo(id);
    assertThat(seen)
        .singleElement()
        .satisfies(task -> {
          assertThat(task.name()).isEqualTo("named");
          assertThat(task.id()).isEqualTo(failed);
          assertThat(task.isDone()).isTrue();
          assertThat(task.exceptionNow()).hasMessage("named failed");
        });
  }

  @Test
  void anAwaitedFailureIsNotReported() {
    loop()
        .run(() -> {
          var task = failing("awaited");
          assertThatThrownBy(task::await).isInstanceOf(CompletionException.class);
        });
    assertThat(handled).isEmpty();
  }

  @Test
  void aFailureWhoseOutcomeWasReadIsNotReported() {
    loop()
        .run(() -> {
          var task = failing("read");
          assertThat(task.outcome()).isInstanceOf(Outcome.Failure.class);
          var other = failing("asked");
          Async.checkpoint();
          assertThat(other.exceptionNow()).hasMessage("asked failed");
        });
    assertThat(handled).isEmpty();
  }

  @Test
  void aFailureOfAGroupsTaskIsTheGroupsAndNotReported() {
    loop()
        .run(() ->
            assertThatThrownBy(() ->
                    TaskGroup.run(group ->
                        group.spawn(() -> {
                          throw new IllegalStateException("child");
                        })))
                .isInstanceOf(CompletionException.class));
    assertThat(handled).isEmpty();
  }

  @Test
  void theMainTasksFailureIsTheCallersAndNotReported() {
    assertThatThrownBy(() ->
            loop()
                .run(() -> {
                  throw new IllegalStateException("main");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(handled).isEmpty();
  }

  @Test
  void aCallbacksFailureIsReported() {
    loop()
        .run(() -> {
          Async.currentLoop()
              .execute(() -> {
                throw new IllegalStateException("callback");
              });
          Async.createTask(() -> 1)
              .whenDone(_ -> {
                throw new IllegalStateException("whenDone");
              });
        });
    assertThat(handled).hasSize(2);
    assertThat(String.join(", ", handled)).contains("callback", "whenDone");
  }

  @Test
  void aLeftoverThatFailsWhileItIsCancelledIsReported() {
    loop()
        .run(() -> {
          Async.createTask(
              "leftover",
              () -> {
                try {
                  Async.sleep(Duration.ofMinutes(5));
                } finally {
                  closeBadly();
                }
              });
          Async.checkpoint();
        });
    assertThat(handled).containsExactly("leftover: cannot close");
  }

  private static void closeBadly() {
    throw new IllegalStateException("cannot close");
  }
}
