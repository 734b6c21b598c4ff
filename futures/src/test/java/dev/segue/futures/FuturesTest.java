package dev.segue.futures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** concurrent.futures' functions, from a thread that knows nothing of a loop. */
@Timeout(60)
class FuturesTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static FutureTask<String> future(String value) {
    return new FutureTask<>(() -> value);
  }

  @Test
  void futuresComeInTheOrderInWhichTheyEnd() {
    var a = future("a");
    var b = future("b");
    var c = future("c");
    var order = new ArrayList<String>();
    var ends = Futures.asCompleted(List.of(a, b, c)).iterator();
    c.run();
    order.add(ends.next().resultNow());
    a.run();
    order.add(ends.next().resultNow());
    b.run();
    order.add(ends.next().resultNow());
    assertThat(order).containsExactly("c", "a", "b");
    assertThat(ends.hasNext()).isFalse();
    assertThatThrownBy(ends::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aFutureThatIsGivenTwiceComesOnce() {
    var a = future("a");
    a.run();
    assertThat(Futures.asCompleted(List.of(a, a))).containsExactly(a);
  }

  @Test
  void noFuturesEndAtOnce() throws Exception {
    assertThat(Futures.asCompleted(List.<Future<?>>of())).isEmpty();
    var done = Futures.waitFor(List.<Future<?>>of(), ReturnWhen.ALL_COMPLETED, LONG);
    assertThat(done.done()).isEmpty();
    assertThat(done.pending()).isEmpty();
  }

  @Test
  void theFirstToEndEndsTheWait() throws Exception {
    var a = future("a");
    var b = future("b");
    b.run();
    var done = Futures.waitFor(List.of(a, b), ReturnWhen.FIRST_COMPLETED, LONG);
    assertThat(done.done()).containsExactly(b);
    assertThat(done.pending()).containsExactly(a);
  }

  @Test
  void theFirstToFailEndsTheWait() throws Exception {
    var good = future("good");
    var bad =
        new FutureTask<String>(() -> {
          throw new IllegalStateException("bad");
        });
    var never = future("never");
    good.run();
    bad.run();
    var done = Futures.waitFor(List.of(good, bad, never), ReturnWhen.FIRST_FAILED, LONG);
    assertThat(done.done()).containsExactly(good, bad);
    assertThat(done.pending()).containsExactly(never);
  }

  @Test
  void aCancelledFutureEndsTheWaitForAFailure() throws Exception {
    var cancelled = future("cancelled");
    var never = future("never");
    cancelled.cancel(false);
    var done = Futures.waitFor(List.of(never, cancelled), ReturnWhen.FIRST_FAILED, LONG);
    assertThat(done.done()).containsExactly(cancelled);
  }

  @Test
  void aTimeOutIsNoErrorAndCancelsNothing() throws Exception {
    var never = future("never");
    var done = Futures.waitFor(List.of(never), ReturnWhen.ALL_COMPLETED, Duration.ofMillis(20));
    assertThat(done.pending()).containsExactly(never);
    assertThat(never.isCancelled()).isFalse();
    var look = Futures.waitFor(List.of(never), ReturnWhen.ALL_COMPLETED, Duration.ofSeconds(-1));
    assertThat(look.pending()).containsExactly(never);
  }

  @Test
  void anInterruptEndsAWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Futures.waitFor(List.of(future("a")), ReturnWhen.ALL_COMPLETED, LONG))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void anInterruptEndsAStepOfTheIterationAndIsKept() {
    var a = future("a");
    var ends = Futures.asCompleted(List.of(a)).iterator();
    Thread.currentThread().interrupt();
    assertThatThrownBy(ends::next)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    a.run();
    assertThat(ends.next()).isSameAs(a);
  }

  @Test
  void nullsAreRefusedByName() {
    assertThatThrownBy(() -> Futures.asCompleted(null)).hasMessage("futures must not be null");
    var withNull = new ArrayList<Future<?>>();
    withNull.add(null);
    assertThatThrownBy(() -> Futures.asCompleted(withNull))
        .hasMessage("futures must not contain null");
    assertThatThrownBy(() -> Futures.waitFor(List.<Future<?>>of(), null, Duration.ZERO))
        .hasMessage("when must not be null");
  }
}
