package dev.segue.explored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In how many ordinary runs, with waits that take some time, a planted fault shows. */
@Tag("long")
class OrdinaryRunsTest {
  private static final int RUNS = 1_000;
  private static final long MOST_NANOS = 100_000; // of a wait

  @AfterEach
  void putBack() {
    PlantedFault.wait = Async::checkpoint;
  }

  @Test
  void mostFaultsNeverShow() throws InterruptedException {
    var random = new SplittableRandom(1);
    PlantedFault.wait = () -> Async.sleep(Duration.ofNanos(random.nextLong(MOST_NANOS)));
    int neverShown = 0;
    for (var fault : PlantedFault.values()) {
      int shown = 0;
      for (int i = 0; i < RUNS && shown < 3; i++) { // a run that hangs takes a second
        shown += shows(fault) ? 1 : 0;
      }
      neverShown += shown == 0 ? 1 : 0;
      System.out.printf("%s: %s%n", fault, shown == 0 ? "never in " + RUNS : "shown");
    }
    assertThat(neverShown).isPositive();
  }

  private static boolean shows(PlantedFault fault) throws InterruptedException {
    var fine = new AtomicBoolean();
    var unobserved = new AtomicBoolean();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              var loop =
                  EventLoop.builder().exceptionHandler((_, _) -> unobserved.set(true)).build();
              try (loop) {
                loop.run(() -> {
                  fault.program(true).run();
                  fine.set(!fault.leftBehind() || Async.allTasks().size() == 1);
                });
              } catch (Throwable _) {
                fine.set(false);
              }
            });
    thread.join(Duration.ofSeconds(1));
    return !fine.get() || unobserved.get();
  }
}
