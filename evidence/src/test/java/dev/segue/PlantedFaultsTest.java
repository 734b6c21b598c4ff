package dev.segue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Lincheck finds a fault that was put there, on this JDK; an agent that rewrites classes can fail
 * to, and then says nothing.
 *
 * <p>What it cannot find is a wake-up that is lost between a check and {@code LockSupport.park}: to
 * its model checker a park may end at any time. Those are left to jcstress.
 */
class PlantedFaultsTest {
  /** Loses an update where two threads count at once. */
  public static class Racy {
    private int count;

    @Operation
    public int increment() {
      return ++count;
    }
  }

  /** Loses none. */
  public static class Atomic {
    private final AtomicInteger count = new AtomicInteger();

    @Operation
    public int increment() {
      return count.incrementAndGet();
    }
  }

  @Test
  void modelCheckingFindsALostUpdate() {
    assertThatThrownBy(() -> modelChecking().check(Racy.class))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void stressFindsALostUpdate() {
    assertThatThrownBy(() -> stress().check(Racy.class))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void modelCheckingFindsNothingWhereNothingIs() {
    modelChecking().check(Atomic.class);
  }

  private static ModelCheckingOptions modelChecking() {
    return new ModelCheckingOptions().iterations(5).invocationsPerIteration(500);
  }

  private static StressOptions stress() {
    return new StressOptions().iterations(10).invocationsPerIteration(5_000);
  }
}
