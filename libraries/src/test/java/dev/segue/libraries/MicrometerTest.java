package dev.segue.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.stream.Stream;

/** Micrometer, which times a call. */
class MicrometerTest extends Contract {
  private final Timer timer = new SimpleMeterRegistry().timer("calls");

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        new Trial(
            "Micrometer, Timer.recordCallable",
            Waits.IN_THE_JDK,
            () ->
                timer.recordCallable(() -> {
                  Thread.sleep(Duration.ofSeconds(Trial.SECONDS));
                  return null;
                }),
            () -> assertThat(timer.recordCallable(() -> 42)).isEqualTo(42)));
  }
}
