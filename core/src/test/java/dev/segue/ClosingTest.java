package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a loop takes that is ending: no new tasks, so that it does end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingTest {
  /** Submits until that is refused, as a thread does that knows nothing of the end. */
  private static RejectedExecutionException submitUntilRefused(EventLoop loop) {
    while (true) {
      try {
        loop.submit(() -> "value");
      } catch (RejectedExecutionException e) {
        return e;
      }
      Thread.yield();
    }
  }

  /** A body that has begun, and that no cancel ends. */
  private static Action<Exception> holdOut(CountDownLatch begun, CompletableFuture<?> until) {
    return () -> {
      begun.countDown();
      Async.shield(() -> Async.await(until));
    };
  }

  @Test
  void aLoopThatIsBeingClosedTakesNoNewTasksThoughItsOwnHaveNotEnded() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CompletableFuture<Void>();
    var loop = EventLoop.builder().name("closing").start();
    var task = loop.submit(holdOut(begun, release));
    begun.await();
    var closer = Thread.ofPlatform().start(loop::close);

    assertThat(submitUntilRefused(loop)).hasMessage("event loop 'closing' is closed");
    assertThat(task.isDone()).isFalse();
    release.complete(null);
    closer.join();
    assertThat(task.isDone()).isTrue();
  }

  @Test
  void theLastRunTakesNoNewTasksOnceItsMainHasEnded() {
    var release = new CompletableFuture<Void>();
    var refused = new CompletableFuture<RejectedExecutionException>();
    Async.run(() -> {
      var loop = Async.currentLoop();
      var begun = new CountDownLatch(1);
      Async.createTask(holdOut(begun, release));
      Async.checkpoint();
      Thread.ofPlatform()
          .start(() -> {
            refused.complete(submitUntilRefused(loop));
            release.complete(null);
          });
    });
    assertThat(refused.join()).hasMessageEndingWith("is closed");
  }

  @Test
  void aRunThatIsEndingTakesNoNewTasksAndTheNextOneDoes() {
    var release = new CompletableFuture<Void>();
    var refused = new CompletableFuture<RejectedExecutionException>();
    try (var loop = EventLoop.builder().name("twice").build()) {
      loop.run(() -> {
        var begun = new CountDownLatch(1);
        Async.createTask(holdOut(begun, release));
        Async.checkpoint();
        Thread.ofPlatform()
            .start(() -> {
              refused.complete(submitUntilRefused(loop));
              release.complete(null);
            });
      });
      assertThat(refused.join()).hasMessage("the run of event loop 'twice' is ending");

      var next = loop.submit(() -> "value");
      loop.run(() -> assertThat(next.await()).isEqualTo("value"));
    }
  }

  @Test
  void aTaskOfARunThatIsEndingMaySubmitNothing() {
    var refused = new CompletableFuture<Throwable>();
    Async.run(() -> {
      var loop = Async.currentLoop();
      Async.createTask(() -> {
        try {
          Async.sleep(Duration.ofMinutes(5));
        } finally {
          try {
            loop.submit(() -> "value");
          } catch (RejectedExecutionException e) {
            refused.complete(e);
          }
        }
      });
      Async.checkpoint();
    });
    assertThat(refused).isCompleted();
  }

  @Test
  void whatWasSubmittedBeforeTheCloseIsCancelled() {
    var loop = EventLoop.builder().build();
    var task = loop.submit(() -> "value");
    loop.close();
    assertThat(task.isCancelled()).isTrue();
    assertThatThrownBy(() -> loop.submit(() -> "value"))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
