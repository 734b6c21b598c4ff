package dev.segue.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void toRecordARunChangesNothing(long seed) {
    var runner = new Runner(RecordingTest::body, new Limits(1_000, 1, 1, false));
    var plain = runner.run(new RandomWalk(new SplittableRandom(seed)), null).simulation();
    var recorded =
        runner.run(new RandomWalk(new SplittableRandom(seed)), new Recording()).simulation();
    var replayed = runner.run(new Replay(plain.made()), new Recording()).simulation();
    assertThat(List.of(recorded.course(), replayed.course())).containsOnly(plain.course());
    assertThat(recorded.made()).isEqualTo(plain.made());
  }

  private static void body() {
    Async.gather(
        () -> Choices.mayCancel(() -> Async.sleep(Duration.ofSeconds(1))),
        () -> Async.sleep(Duration.ofSeconds(2)),
        () -> {
          for (int i = 0; i < 10; i++) {
            Async.checkpoint();
          }
        });
  }
}
