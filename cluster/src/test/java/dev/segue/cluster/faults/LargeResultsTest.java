package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.process.faults.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Results that are too large for the driver, alone or together. */
class LargeResultsTest extends OnCluster {
  LargeResultsTest() {
    super(1);
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void oneThatIsTooLargeFailsAloneAndSaysWhy() throws Exception {
    var large = endings.watch(pool.submit(() -> random(9 << 20)));
    var others = numbers(20);

    assertThat(Await.failure(large))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the result has 9")
        .hasMessageContaining("spark.driver.maxResultSize");
    assertRight(others);
    endings.assertOnceEach();
  }

  @Test
  void thoseThatAreTooLargeTogetherAllCome() throws Exception {
    List<Future<byte[]>> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      int length = (1 << 20) + i;
      all.add(endings.watch(pool.submit(() -> random(length))));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(Await.result(all.get(i))).isEqualTo(random((1 << 20) + i));
    }
    endings.assertOnceEach();
  }

  @Test
  void aBatchWhoseResultsAreTooLargeTogetherHasThemAll() throws Exception {
    List<Future<byte[]>> all = new ArrayList<>();
    try (var batches = another().batch(20, Duration.ofMillis(100)).build()) {
      for (int i = 0; i < 40; i++) {
        int length = (1 << 19) + i;
        all.add(endings.watch(batches.submit(() -> random(length))));
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(Await.result(all.get(i))).isEqualTo(random((1 << 19) + i));
      }
    }
    endings.assertOnceEach();
  }
}
