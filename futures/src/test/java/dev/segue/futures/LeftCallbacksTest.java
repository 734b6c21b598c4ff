package dev.segue.futures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.internal.LeftCallbacks;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeftCallbacksTest {
  private final LeftCallbacks<String> left = new LeftCallbacks<>();

  /** A future that is equal to all others of its kind. */
  private static final class AlwaysEqual extends CompletableFuture<String> {
    @Override
    public boolean equals(Object other) {
      return other instanceof AlwaysEqual;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  @Test
  void aCallbackIsTakenOverOnce() {
    var future = new CompletableFuture<String>();
    left.leave(future, "callback");
    assertThat(left.take(future)).isEqualTo("callback");
    assertThat(left.take(future)).isNull();
  }

  @Test
  void eachCallbackOfAFutureIsTakenOver() {
    var future = new CompletableFuture<String>();
    left.leave(future, "one");
    left.leave(future, "other");
    assertThat(new String[] {left.take(future), left.take(future)})
        .containsExactlyInAnyOrder("one", "other");
    assertThat(left.take(future)).isNull();
  }

  @Test
  void futuresAreToldApartByIdentity() {
    var future = new AlwaysEqual();
    left.leave(future, "callback");
    assertThat(left.take(new AlwaysEqual())).isNull();
    assertThat(left.take(future)).isEqualTo("callback");
  }

  @Test
  void aFutureIsNotKeptAlive() throws Exception {
    var future = new WeakReference<>(leaveOne());
    while (future.get() != null) {
      System.gc();
      Thread.sleep(1);
    }
    assertThat(left.take(new CompletableFuture<String>())).isNull();
  }

  private CompletableFuture<String> leaveOne() {
    var future = new CompletableFuture<String>();
    left.leave(future, "callback");
    return future;
  }
}
