package dev.segue;

import static dev.segue.fixtures.Times.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loops that the calling thread serves. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunHereTest {
  private final EventLoop loop = EventLoop.builder().name("here").build();

  @Test
  void theCallingThreadIsTheLoops() {
    var caller = Thread.currentThread();
    assertThat(loop.<Thread, RuntimeException>runHere(() -> Async.currentLoop().thread()))
        .isSameAs(caller);
  }

  @Test
  void theBodyRunsInATask() {
    var caller = Thread.currentThread();
    loop.runHere(() -> {
      assertThat(Thread.currentThread()).isNotSameAs(caller);
      assertThat(Async.currentTask().name()).isEqualTo("main");
    });
  }

  @Test
  void whatTheBodyThrowsIsThrown() {
    assertThatThrownBy(() ->
            loop.runHere(() -> {
              throw new IOException("the body's");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("the body's");
  }

  @Test
  void oneThreadServesManyLoopsInTurn() {
    var results = new ArrayList<Integer>();
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      results.add(
          EventLoop.builder()
              .build()
              .<Integer, RuntimeException>runHere(() ->
                  Async.createTask(
                          () -> {
                            Async.checkpoint();
                            return number;
                          })
                      .await()));
    }
    assertThat(results).hasSize(1_000).isSorted().endsWith(999);
  }

  @Test
  void oneLoopRunsHereAndOnAThreadOfItsOwn() {
    var caller = Thread.currentThread();
    loop.runHere(Async::checkpoint);
    loop.run(() -> assertThat(loop.thread()).isNotSameAs(caller));
    loop.runHere(() -> assertThat(loop.thread()).isSameAs(caller));
    loop.close();
    assertThatThrownBy(() -> loop.runHere(() -> {})).hasMessageContaining("is closed");
  }

  @Test
  void whatOtherThreadsDoWakesIt() throws Exception {
    loop.runHere(() -> {
      Thread.sleep(1);
      assertThat(Async.toThread(() -> "from a thread")).isEqualTo("from a thread");
      var future = new CompletableFuture<String>();
      var other = Thread.ofPlatform().start(() -> future.complete("from outside"));
      assertThat(Async.await(future)).isEqualTo("from outside");
      other.join();
    });
  }

  @Test
  void anotherThreadMayCloseIt() {
    var thrown =
        catchThrowable(() ->
            loop.runHere(() -> {
              Thread.ofPlatform().start(loop::close);
              Async.sleep(FOREVER);
            }));
    assertThat(thrown).isInstanceOf(Cancelled.class).hasMessageContaining("was closed");
  }

  @Test
  void anInterruptThatCameBeforeCancelsTheMainTaskAndIsKept() {
    Thread.currentThread().interrupt();
    var thrown = catchThrowable(() -> loop.runHere(() -> Async.sleep(FOREVER)));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(Cancelled.class).hasMessageContaining("was interrupted");
  }

  // --- where it is refused

  @Test
  void aTaskIsRefused() {
    Async.run(() ->
        assertThatThrownBy(() -> loop.runHere(() -> {}))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("inside task 'main'"));
  }

  @Test
  void aVirtualThreadIsRefused() throws Exception {
    var refused = new FutureTask<>(() -> catchThrowable(() -> loop.runHere(() -> {})));
    Thread.ofVirtual().start(refused);
    assertThat(refused.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is a virtual thread");
  }

  /** Calls an action on the thread of a loop that runs, outside any task. */
  private static @Nullable Throwable onTheThreadOfALoop(
      Consumer<EventLoop> run, Consumer<EventLoop> action) {
    var thrown = new ArrayList<@Nullable Throwable>();
    var outer =
        EventLoop.builder()
            .name("outer")
            .exceptionHandler(
                (task, _) -> thrown.add(catchThrowable(() -> action.accept(task.loop()))))
            .build();
    run.accept(outer);
    assertThat(thrown).hasSize(1);
    return thrown.getFirst();
  }

  private static void failUnseen() {
    var kept = new ArrayList<Task<?>>(); // so that the end of the loop is when that is told
    Async.currentTask().whenDone(() -> kept.clear());
    kept.add(
        Async.createTask(() -> {
          throw new IllegalStateException("nobody looks at this");
        }));
    Async.checkpoint();
  }

  @Test
  void theThreadOfALoopIsRefused() {
    assertThat(
            onTheThreadOfALoop(
                outer -> outer.run(RunHereTest::failUnseen), _ -> loop.runHere(() -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("serves event loop 'outer' already");
  }

  @Test
  void theThreadThatServesALoopItCalledIsRefusedToo() {
    assertThat(
            onTheThreadOfALoop(
                outer -> outer.runHere(RunHereTest::failUnseen), _ -> loop.runHere(() -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("serves event loop 'outer' already");
  }

  @Test
  void aLoopThatRunsHereIsNotRunOnAnotherThread() {
    assertThat(
            onTheThreadOfALoop(
                outer -> outer.runHere(RunHereTest::failUnseen), outer -> outer.run(() -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is already running");
  }

  @Test
  void theThreadIsFreeAgainAfterALoopThatBroke() {
    var broken =
        EventLoop.builder()
            .clock(
                new ManualClock() {
                  @Override
                  public boolean skipTo(long deadline) {
                    throw new IllegalArgumentException("broken tool");
                  }
                })
            .build();
    try (var _ = new CapturedLog()) {
      assertThatThrownBy(() -> broken.runHere(() -> Async.sleep(Duration.ofSeconds(1))))
          .hasRootCauseMessage("broken tool");
    }
    assertThat(loop.<String, RuntimeException>runHere(() -> "value")).isEqualTo("value");
  }
}
