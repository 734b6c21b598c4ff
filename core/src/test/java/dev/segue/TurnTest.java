package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a clock is told, and may do, at the beginning of a turn. */
@Timeout(60)
class TurnTest {
  /** Jumps to the earliest deadline at the beginning of one turn, whatever is ready. */
  private static final class JumpingClock implements LoopClock {
    private final List<Long> told = new ArrayList<>();
    private int turnsBeforeJump;
    private long now;

    JumpingClock(int turnsBeforeJump) {
      this.turnsBeforeJump = turnsBeforeJump;
    }

    @Override
    public void beginTurn(long earliest) {
      told.add(earliest);
      if (turnsBeforeJump-- == 0) {
        now = earliest;
      }
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public long realNanosUntil(long deadline) {
      return 0;
    }

    @Override
    public boolean skipTo(long deadline) {
      now = deadline;
      return true;
    }
  }

  private static <X extends Throwable> List<Long> told(JumpingClock clock, Action<X> body)
      throws X {
    EventLoop.builder().clock(clock).build().run(body);
    return clock.told;
  }

  @Test
  void aClockIsToldThatThereIsNoTimer() {
    assertThat(told(new JumpingClock(-1), Async::checkpoint))
        .hasSize(2)
        .containsOnly(Long.MAX_VALUE);
  }

  @Test
  void aClockIsToldTheEarliestDeadline() {
    assertThat(
            told(
                new JumpingClock(-1),
                () ->
                    Async.gather(
                        () -> Async.sleep(Duration.ofNanos(7)),
                        () -> Async.sleep(Duration.ofNanos(5)),
                        Async::checkpoint)))
        .containsSubsequence(Long.MAX_VALUE, 5L, 7L, Long.MAX_VALUE);
  }

  @Test
  void timeMayPassWhileTasksAreReady() {
    var clock = new JumpingClock(3);
    assertThatThrownBy(() ->
            told(
                clock,
                () ->
                    Async.timeout(
                        Duration.ofSeconds(1),
                        () -> {
                          while (true) {
                            Async.checkpoint(); // always ready
                          }
                        })))
        .isInstanceOf(TimeoutException.class);
    assertThat(clock.now).isEqualTo(1_000_000_000);
  }
}
