package dev.segue.micrometer;

import dev.segue.fixtures.ApiSignatures;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ApiSignaturesTest {
  @Test
  void theApiIsTheListedOne() throws IOException {
    ApiSignatures.assertListed(LoopMetrics.class);
  }
}
