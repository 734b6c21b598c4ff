package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Awaiting a type that is both a future and a stage, as the reply of a Redis client is. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FutureStageTest extends OnManualClock {
  interface Reply<T> extends CompletionStage<T>, Future<T> {}

  static final class Command<T> extends CompletableFuture<T> implements Reply<T> {
    @Override
    public T get() {
      throw new AssertionError("no thread may block in get");
    }
  }

  @Test
  void itsValueIsTheResult() {
    run(() -> {
      var command = new Command<String>();
      Reply<String> reply = command;
      var answering = Async.createTask(() -> command.complete("PONG"));
      String answer = Async.await(reply);
      assertThat(answer).isEqualTo("PONG");
      assertThat(answering.await()).isTrue();
    });
  }

  @Test
  void aTypeThatExtendsCompletableFutureIsAwaitedToo() {
    run(() -> {
      var command = new Command<String>();
      command.complete("PONG");
      String answer = Async.await(command);
      assertThat(answer).isEqualTo("PONG");
    });
  }

  @Test
  void itsFailureIsTheCause() {
    run(() -> {
      var command = new Command<String>();
      Reply<String> reply = command;
      var failure = new IOException("connection reset");
      command.completeExceptionally(failure);
      assertThatThrownBy(() -> Async.await(reply))
          .isInstanceOf(CompletionException.class)
          .hasCause(failure);
    });
  }

  @Test
  void itsCancelIsAPlainCancellationException() {
    run(() -> {
      Reply<String> reply = new Command<>();
      reply.cancel(true);
      assertThatThrownBy(() -> Async.await(reply)).isExactlyInstanceOf(CancellationException.class);
    });
  }

  @Test
  void aCancelledTaskLeavesItAsItIs() {
    run(() -> {
      Reply<String> reply = new Command<>();
      var waiting = Async.createTask(() -> Async.await(reply));
      Async.checkpoint();
      waiting.cancel();
      assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(reply.isDone()).isFalse();
    });
  }

  @Test
  void nullIsRefusedByName() {
    run(() ->
        assertThatThrownBy(() -> Async.await((Reply<String>) null))
            .isInstanceOf(NullPointerException.class)
            .hasMessage("future must not be null"));
  }
}
