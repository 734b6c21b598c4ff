package dev.segue.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.ManualClock;
import dev.segue.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that answer through callbacks, and the two ways between tasks and futures. */
@Timeout(60)
class CallbacksTest {
  private final EventLoop loop = EventLoop.builder().clock(new ManualClock()).build();
  private final List<String> events = new ArrayList<>();

  private void cancelled() {
    events.add("cancelled");
  }

  @Test
  void theAnswerOfACallbackOnAnotherThreadIsReturned() {
    var answer =
        loop.<String, RuntimeException>run(() ->
            Callbacks.await(future -> {
              Thread.startVirtualThread(() -> future.complete("tea"));
              return this::cancelled;
            }));
    assertThat(answer).isEqualTo("tea");
    assertThat(events).isEmpty();
  }

  @Test
  void anAnswerThatIsThereAtOnceIsReturned() {
    var answer =
        loop.<String, RuntimeException>run(() ->
            Callbacks.await(future -> {
              future.complete("tea");
              return this::cancelled;
            }));
    assertThat(answer).isEqualTo("tea");
  }

  @Test
  void aFailureThatACallbackIsToldIsThrown() {
    assertThatThrownBy(() ->
            loop.run(() ->
                Callbacks.await(future -> {
                  future.completeExceptionally(new IOException("no line"));
                  return this::cancelled;
                })))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(events).isEmpty();
  }

  @Test
  void aTimeoutCancelsTheCall() {
    assertThatThrownBy(() ->
            loop.run(() ->
                Async.timeout(Duration.ofMillis(1), () -> Callbacks.await(_ -> this::cancelled))))
        .isInstanceOf(TimeoutException.class);
    assertThat(events).containsExactly("cancelled");
  }

  @Test
  void cancellingTheTaskCancelsTheCall() {
    loop.run(() -> {
      var task = Async.createTask(() -> Callbacks.await(_ -> this::cancelled));
      Async.sleep(Duration.ofMillis(1));
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
    assertThat(events).containsExactly("cancelled");
  }

  // --- futures, as the document has them

  @Test
  void aTaskThatIsCancelledCanCancelTheFutureThatItAwaits() {
    var future = new CompletableFuture<String>();
    loop.run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              return Async.await(future);
            } finally {
              future.cancel(true);
            }
          });
      Async.sleep(Duration.ofMillis(1));
      task.cancel();
      task.outcome();
    });
    assertThat(future).isCancelled();
  }

  @Test
  void aCancelOfATasksFutureCanBePassedOn() {
    loop.run(() -> {
      var task = Async.createTask(() -> Async.sleep(Duration.ofHours(1)));
      var future = task.toCompletableFuture();
      future.whenComplete((_, _) -> task.cancel());
      Async.checkpoint();
      future.cancel(true);
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aTasksFutureEndsAsTheTaskDoes() {
    loop.run(() -> {
      var task = Async.createTask(() -> "tea");
      var length = task.toCompletableFuture().thenApply(String::length);
      assertThat(Async.await(length)).isEqualTo(3);
    });
  }
}
