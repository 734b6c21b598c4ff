package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the threads of a loop have of the thread that happens to create them, and what not. */
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // inherited or not is what this tests
class LoopThreadTest {
  private static final InheritableThreadLocal<String> LOCAL = new InheritableThreadLocal<>();

  private final ClassLoader loader = new ClassLoader("mine", null) {};

  /** Calls a body on a daemon thread with the least priority, and everything else set. */
  private <T> T onAnOddThread(Callable<T> body) throws Exception {
    var result =
        new FutureTask<>(() -> {
          LOCAL.set("mine");
          return body.call();
        });
    var thread = Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).unstarted(result);
    thread.setContextClassLoader(loader);
    thread.start();
    return result.get();
  }

  @Test
  void aStartedLoopsThreadDoesNotDependOnWhoStartsIt() throws Exception {
    try (var loop = onAnOddThread(() -> EventLoop.builder().start())) {
      var thread = loop.thread();
      assertThat(thread.isDaemon()).isFalse();
      assertThat(thread.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
      assertThat(thread.getContextClassLoader()).isSameAs(loader);
    }
  }

  @Test
  void aLoopThatATaskStartsHoldsTheJvmAsAnyOther() {
    try (var loop = Async.run(() -> EventLoop.builder().start())) {
      assertThat(loop.thread().isDaemon()).isFalse();
    }
  }

  @Test
  void aStartedLoopsThreadKeepsNoInheritableThreadLocals() throws Exception {
    var seen = new FutureTask<>(LOCAL::get);
    var loop =
        onAnOddThread(() -> EventLoop.builder().exceptionHandler((_, _) -> seen.run()).start());
    var _ =
        loop.submit(() -> {
          throw new IllegalStateException("nobody looks at this");
        });
    loop.submit(() -> "the other has failed").get();
    loop.close(); // has its thread tell the handler
    assertThat(seen.get()).isNull();
  }

  @Test
  void theThreadOfARunIsLikeItsCallers() throws Exception {
    onAnOddThread(() -> {
      Async.run(() -> {
        var thread = Async.currentLoop().thread();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getPriority()).isEqualTo(Thread.MIN_PRIORITY);
        assertThat(thread.getContextClassLoader()).isSameAs(loader);
      });
      return null;
    });
  }

  @Test
  void workInAThreadHasTheContextClassLoaderOfItsTask() throws Exception {
    Async.run(() -> {
      Callable<ClassLoader> get = () -> Thread.currentThread().getContextClassLoader();
      var before = Async.toThread(get);
      assertThat(before).isSameAs(get.call());
      Thread.currentThread().setContextClassLoader(loader);
      assertThat(Async.toThread(get)).isSameAs(loader);
      assertThat(Async.createTask(() -> Async.toThread(get)).await()).isSameAs(loader);
    });
  }
}
