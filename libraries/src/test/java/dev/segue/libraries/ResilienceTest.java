package dev.segue.libraries;

import static dev.segue.Async.run;
import static dev.segue.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.Cancelled;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Resilience4j: what waits itself, and what looks at the exceptions that pass it. */
class ResilienceTest extends Contract {
  private static final Duration LONG = Duration.ofSeconds(Trial.SECONDS);

  private final Retry pausing =
      Retry.of("pausing", RetryConfig.custom().waitDuration(LONG).build());
  private final Bulkhead bulkhead =
      Bulkhead.of(
          "of one", BulkheadConfig.custom().maxConcurrentCalls(1).maxWaitDuration(LONG).build());
  private final RateLimiter rateLimiter =
      RateLimiter.of(
          "of one",
          RateLimiterConfig.custom()
              .limitForPeriod(1)
              .limitRefreshPeriod(LONG)
              .timeoutDuration(LONG)
              .build());
  private final TimeLimiter timeLimiter =
      TimeLimiter.of(TimeLimiterConfig.custom().timeoutDuration(LONG).build());

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        new Trial(
            "Retry, the pause between two attempts",
            Waits.IN_THE_JDK,
            () ->
                pausing.executeCallable(() -> {
                  throw new IOException("again");
                }),
            () -> pausing.executeCallable(() -> 42)),
        new Trial(
            "Bulkhead, full",
            Waits.IN_THE_JDK,
            () -> bulkhead.executeCallable(() -> bulkhead.executeCallable(() -> 42)),
            () -> bulkhead.executeCallable(() -> 42)),
        new Trial(
            "RateLimiter, no permission is left",
            Waits.IN_THE_JDK,
            () -> {
              rateLimiter.drainPermissions();
              rateLimiter.acquirePermission();
              rateLimiter.executeCallable(() -> 42);
            },
            () -> rateLimiter.getMetrics().getAvailablePermissions()),
        new Trial(
            "TimeLimiter, a future",
            Waits.IN_THE_JDK,
            () -> timeLimiter.executeFutureSupplier(CompletableFuture::new),
            () -> timeLimiter.executeFutureSupplier(() -> CompletableFuture.completedFuture(42))));
  }

  private static int attempts(RetryConfig.Builder<?> config, Callable<?> body) throws Exception {
    var retry = Retry.of("counting", config.waitDuration(Duration.ofMillis(1)).build());
    var attempts = new int[1];
    run(() ->
        assertThatThrownBy(() ->
                timeout(
                    Duration.ofMillis(50),
                    () ->
                        retry.executeCallable(() -> {
                          attempts[0]++;
                          return body.call();
                        })))
            .isInstanceOf(TimeoutException.class));
    return attempts[0];
  }

  private static Object sleepInSegue() {
    Async.sleep(LONG);
    return "not reached";
  }

  private static Object sleepInTheJdk() throws InterruptedException {
    Thread.sleep(2_000);
    return "the cancel is lost";
  }

  @Test
  void aRetryTriesAgainWhatHasBeenCancelled() throws Exception {
    assertThat(attempts(RetryConfig.custom(), ResilienceTest::sleepInSegue)).isEqualTo(3);
  }

  @Test
  void aRetryThatIgnoresCancelsDoesNot() throws Exception {
    var ignoring = RetryConfig.custom().ignoreExceptions(Cancelled.class);

    assertThat(attempts(ignoring, ResilienceTest::sleepInSegue)).isEqualTo(1);
  }

  @Test
  void aRetryOfAJdkWaitMustIgnoreTheInterruptToo() throws Exception {
    var ignoring =
        RetryConfig.custom().ignoreExceptions(Cancelled.class, InterruptedException.class);

    assertThat(attempts(ignoring, ResilienceTest::sleepInTheJdk)).isEqualTo(1);
  }

  @Test
  void aRetryOfAJdkWaitLosesTheCancelOtherwise() throws Exception {
    var retry = Retry.of("losing", RetryConfig.custom().waitDuration(Duration.ofMillis(1)).build());

    var result =
        run(() ->
            timeout(
                Duration.ofMillis(50), () -> retry.executeCallable(ResilienceTest::sleepInTheJdk)));

    assertThat(result).isEqualTo("the cancel is lost");
  }

  @Test
  void aCircuitBreakerCountsACancelAsAFailureUnlessItIgnoresIt() throws Exception {
    var config = CircuitBreakerConfig.custom().minimumNumberOfCalls(1).slidingWindowSize(1);
    var counting = CircuitBreaker.of("counting", config.build());
    var ignoring = CircuitBreaker.of("ignoring", config.ignoreExceptions(Cancelled.class).build());
    run(() -> {
      for (var breaker : new CircuitBreaker[] {counting, ignoring}) {
        assertThatThrownBy(() ->
                timeout(
                    Duration.ofMillis(20),
                    () -> breaker.executeCallable(ResilienceTest::sleepInSegue)))
            .isInstanceOf(TimeoutException.class);
      }
    });
    assertThat(counting.getState()).isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(ignoring.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
  }
}
