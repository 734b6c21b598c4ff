package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deadline is moved while another thread, as the watchdog does, sees that it has passed. */
@Timeout(60)
class RescheduleRaceTest extends OnManualClock {
  private static final int ROUNDS = 20_000;

  @Test
  void aDeadlineThatWasMovedCancelsNothing() throws Exception {
    var current = new AtomicReference<CancelScope>();
    var looker =
        Thread.ofPlatform()
            .start(() -> {
              while (!Thread.interrupted()) {
                var scope = current.get();
                if (scope != null) {
                  scope.expireIfDue(1); // by that clock the first deadline has passed
                }
              }
            });
    int moved = 0;
    var cancelledAfterwards = new int[1];
    try {
      moved = run(current, cancelledAfterwards);
    } finally {
      looker.interrupt();
      looker.join();
    }
    assertThat(cancelledAfterwards[0]).as("of %d that were moved", moved).isZero();
  }

  private int run(AtomicReference<CancelScope> current, int[] cancelledAfterwards) {
    var moved = new int[1];
    run(() -> {
      for (int i = 0; i < ROUNDS; i++) {
        var scope = CancelScope.within(Duration.ofNanos(1));
        scope.run(() -> {
          current.set(scope);
          try {
            scope.reschedule(Duration.ofDays(1));
            moved[0]++;
            for (int spin = 0; spin < 50; spin++) {
              Thread.onSpinWait();
            }
            if (scope.isCancelRequested()) {
              cancelledAfterwards[0]++;
            }
          } catch (IllegalStateException _) {
            // It had expired before.
          }
        });
      }
    });
    return moved[0];
  }
}
