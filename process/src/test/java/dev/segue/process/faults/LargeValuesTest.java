package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of many megabytes. */
@Timeout(180)
class LargeValuesTest extends WithPools {
  private static final int MEGABYTE = 1 << 20;

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 40})
  void comeBackAsTheyWereSent(int megabytes) throws Exception {
    var pool = pool(1);
    var sent = new byte[megabytes * MEGABYTE];
    new Random(megabytes).nextBytes(sent);

    assertThat(Await.result(pool.submit(() -> sent))).isEqualTo(sent);
    assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
  }

  @Test
  void leaveAWorkerThatIsNotMuchLarger() throws Exception {
    var pool = pool(quiet(1).jvmArgs("-Xms384m", "-Xmx4g"));
    var sent = new byte[64 * MEGABYTE];
    for (int i = 0; i < 20; i++) {
      assertThat(Await.result(pool.submit(() -> sent))).hasSameSizeAs(sent);
    }

    assertThat(pool.workers().getFirst().usedBytes()).isLessThan(600L * MEGABYTE);
  }
}
