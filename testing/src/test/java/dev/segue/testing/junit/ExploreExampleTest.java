package dev.segue.testing.junit;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.segue.AsyncSemaphore;
import dev.segue.testing.Choices;

/** The example in the Javadoc of {@link ExploreTest}. */
class ExploreExampleTest {
  // @start region="example"
  private final Pool pool = new Pool(2);

  @ExploreTest(cancels = 1)
  void aCancelledUserLosesNoConnection() {
    gather(() -> Choices.mayCancel(pool::use), pool::use, pool::use);
    assertEquals(2, pool.free());
  }

  // @end

  private static final class Pool {
    private final AsyncSemaphore permits;
    private int free;

    Pool(int connections) {
      permits = AsyncSemaphore.bounded(connections);
      free = connections;
    }

    void use() {
      try (var _ = permits.acquire()) {
        free--;
        try {
          checkpoint();
        } finally {
          free++;
        }
      }
    }

    int free() {
      return free;
    }
  }
}
