package dev.segue.testing.junit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.segue.Async;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The example in the Javadoc of {@link LoopTest}. */
class LoopExampleTest {
  // @start region="example"
  @LoopTest
  void givesUpAfterAnHour() { // in no time
    assertThrows(
        TimeoutException.class,
        () -> Async.timeout(Duration.ofHours(1), () -> Async.sleep(Duration.ofHours(2))));
  }
  // @end
}
