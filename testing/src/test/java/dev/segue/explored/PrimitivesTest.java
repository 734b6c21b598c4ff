package dev.segue.explored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.testing.Coverage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Segue promises holds in every order, and with up to two cancels at any waits. */
class PrimitivesTest {
  static List<Promise> promises() {
    return Promise.all();
  }

  @ParameterizedTest
  @MethodSource("promises")
  void isKept(Promise promise) throws Throwable {
    var exploration = promise.explore();
    exploration.throwIfFailed();
    assertThat(exploration.uncontrolled()).isEmpty();
    if (promise.schedules() == Promise.ALL) {
      assertThat(exploration.coverage()).isEqualTo(new Coverage.Exhausted());
    }
  }

  /** Which find the faults that {@code evidence/run mutants} plants, so these have to fit. */
  @Test
  void theirMutantsStillFitTheSources() throws IOException {
    for (var mutant : Mutant.all()) {
      assertThat(mutant.source()).isNotEqualTo(Files.readString(mutant.original()));
    }
  }
}
