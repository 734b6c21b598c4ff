package dev.segue.cluster;

import dev.segue.fixtures.ApiSignatures;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ApiSignaturesTest {
  @Test
  void theApiIsTheListedOne() throws IOException {
    ApiSignatures.assertListed(SparkExecutor.class);
  }
}
