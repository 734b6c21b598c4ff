package dev.segue.compare.workload;

import java.io.IOException;
import java.util.Map;

/** What a workload needs around it while it is compared, outside the JVMs that run its jobs. */
interface Surroundings extends AutoCloseable {
  Surroundings NONE = () -> {};

  /** Where the jobs find it: parameters that the user neither gives nor is shown. */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /** Ends it, and leaves nothing behind. */
  @Override
  void close() throws IOException;
}
