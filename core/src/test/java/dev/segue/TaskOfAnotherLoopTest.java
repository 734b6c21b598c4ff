package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task of one loop awaits a task of another. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskOfAnotherLoopTest {
  private final EventLoop other =
      EventLoop.builder().name("other").exceptionHandler((_, _) -> {}).start();
  private final CompletableFuture<String> gate = new CompletableFuture<>();
  private final Task<String> task = other.submit(() -> Async.await(gate));

  @AfterEach
  void close() {
    other.close();
  }

  /** Opens the gate from a second task, so that a wait which holds the loop would never end. */
  private void openLater(String value) {
    Async.createTask(() -> {
      Async.checkpoint();
      gate.complete(value);
    });
  }

  @Test
  void awaitIsCooperative() {
    assertThat(
            Async.<String, RuntimeException>run(() -> {
              openLater("value");
              return task.await();
            }))
        .isEqualTo("value");
  }

  @Test
  void getIsCooperative() throws Exception {
    assertThat(
            Async.<String, Exception>run(() -> {
              openLater("value");
              return task.get();
            }))
        .isEqualTo("value");
  }

  @Test
  void timedGetIsCooperative() throws Exception {
    assertThat(
            Async.<String, Exception>run(() -> {
              assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS))
                  .isInstanceOf(TimeoutException.class);
              openLater("value");
              return task.get(1, TimeUnit.DAYS);
            }))
        .isEqualTo("value");
  }

  @Test
  void outcomeIsCooperative() {
    assertThat(
            Async.<Outcome<String>, RuntimeException>run(() -> {
              openLater("value");
              return task.outcome();
            }))
        .isEqualTo(new Outcome.Success<>("value"));
  }

  @Test
  void asyncAwaitOfItAsAFutureIsTheSame() {
    java.util.concurrent.Future<String> future = task;
    assertThat(
            Async.<String, RuntimeException>run(() -> {
              openLater("value");
              return Async.await(future);
            }))
        .isEqualTo("value");
  }

  @Test
  void itsFailureIsWrapped() {
    gate.completeExceptionally(new IOException("far away"));
    Async.run(() ->
        assertThatThrownBy(task::await)
            .isInstanceOf(CompletionException.class)
            .cause()
            .isInstanceOf(IOException.class));
  }

  @Test
  void itsCancelIsAPlainCancellationException() {
    Async.run(() -> {
      task.cancel("far away");
      assertThatThrownBy(task::await)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("far away");
    });
  }

  @Test
  void aCancelOfTheOneThatAwaitsLeavesItAsItIs() throws Exception {
    Async.run(() -> {
      var waiting = Async.createTask(() -> task.await());
      Async.checkpoint();
      waiting.cancel();
      assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
    gate.complete("value");
    assertThat(task.get()).isEqualTo("value");
  }

  @Test
  void aCancelOfTheOneThatIsInGetLeavesItAsItIs() throws Exception {
    Async.run(() -> {
      var waiting = Async.createTask(() -> task.get());
      Async.checkpoint();
      waiting.cancel();
      assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
    gate.complete("value");
    assertThat(task.get()).isEqualTo("value");
  }

  @Test
  void itMayBeCancelledFromHere() {
    Async.run(() -> {
      assertThat(task.cancel(true)).isTrue();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void twoLoopsMayAwaitEachOthersTasks() {
    var answer = new AtomicReference<String>();
    Async.run(() -> {
      var here = Async.createTask(() -> task.await() + " and back");
      var there = other.submit(() -> answer.set(here.await()));
      gate.complete("there");
      there.await();
    });
    assertThat(answer).hasValue("there and back");
  }
}
