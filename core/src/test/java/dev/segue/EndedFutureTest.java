package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The future that threads and other loops wait for, made where there is hardly any stack left. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndedFutureTest {
  /**
   * Asks for the future at the end of the stack, and a frame earlier each time until it is there.
   */
  @SuppressWarnings("InfiniteRecursion") // on purpose
  private static void askAtTheEnd(Task<?> task) {
    try {
      askAtTheEnd(task);
    } catch (StackOverflowError _) {
      task.endedFuture();
    }
  }

  @Test
  void itEndsThoughAStackOverflowsWhereItIsMade() throws Exception {
    try (var loop = EventLoop.builder().start()) {
      for (int i = 0; i < 200; i++) {
        var release = new CompletableFuture<String>();
        var task = loop.submit(() -> Async.await(release));
        var thread = new Thread(null, () -> askAtTheEnd(task), "deep", 256 * 1024);
        thread.start();
        thread.join();
        release.complete("value");
        task.endedFuture().get(30, TimeUnit.SECONDS);
        assertThat(task.resultNow()).isEqualTo("value");
      }
    }
  }
}
