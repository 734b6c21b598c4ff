package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link EventLoop#closeWithin(Duration)}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseWithinTest {
  private final CompletableFuture<String> release = new CompletableFuture<>();

  /** A loop with a task that ends only once it is released. */
  private EventLoop stubborn() throws Exception {
    var loop = EventLoop.builder().name("stubborn").start();
    var begun = new CompletableFuture<String>();
    loop.submit(() -> {
      begun.complete("begun");
      Async.shield(() -> Async.await(release));
    });
    begun.get();
    return loop;
  }

  @Test
  void inTimeIsTrueOnceTheTasksHaveBeenCancelledAndHaveEnded() {
    var loop = EventLoop.builder().start();
    var task = loop.submit(() -> Async.sleep(FOREVER));
    assertThat(loop.closeWithin(FOREVER)).isTrue();
    assertThat(task.isCancelled()).isTrue();
    assertThat(loop.closeWithin(FOREVER)).isTrue();
  }

  @Test
  void outOfTimeIsFalseAndTheLoopEndsLater() throws Exception {
    var loop = stubborn();
    assertThat(loop.closeWithin(Duration.ZERO)).isFalse();
    assertThat(loop.closeWithin(Duration.ofMillis(1))).isFalse();
    assertThatThrownBy(() -> loop.run(() -> {})).hasMessage("event loop 'stubborn' is closed");
    release.complete("released");
    assertThat(loop.closeWithin(FOREVER)).isTrue();
  }

  @Test
  void anInterruptIsKeptUntilTheLoopHasEnded() throws Exception {
    var loop = stubborn();
    Thread.currentThread().interrupt();
    assertThat(loop.closeWithin(Duration.ofMillis(1))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    release.complete("released");
    Thread.currentThread().interrupt();
    assertThat(loop.closeWithin(FOREVER)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aLoopThatWasNeverRunIsClosedToo() {
    assertThat(EventLoop.builder().build().closeWithin(FOREVER)).isTrue();
  }

  @Test
  void insideATaskOfTheLoopIsAnError() {
    Async.run(() ->
        assertThatThrownBy(() -> Async.currentLoop().closeWithin(Duration.ZERO))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("cannot be closed from one of its own tasks"));
  }

  @Test
  void whatBrokeTheLoopIsThrown() throws Exception {
    var loop =
        EventLoop.builder()
            .name("broken")
            .schedule(
                new Schedule() {
                  @Override
                  public void add(Task<?> task) {
                    throw new IllegalStateException("broken on purpose");
                  }

                  @Override
                  public Task<?> next() {
                    throw new IllegalStateException("broken on purpose");
                  }

                  @Override
                  public int size() {
                    return 0;
                  }
                })
            .start();
    loop.execute(() -> {});
    assertThatThrownBy(() -> loop.closeWithin(FOREVER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("event loop 'broken' failed")
        .hasRootCauseMessage("broken on purpose");
  }

  @Test
  void nullIsRefusedByName() {
    try (var loop = EventLoop.builder().build()) {
      assertThatThrownBy(() -> loop.closeWithin(null)).hasMessage("timeout must not be null");
    }
  }
}
